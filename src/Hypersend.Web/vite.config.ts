import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const compress = promisify(brotliCompress);

/** Writes `<file>.br` beside every text file, so that the server never compresses at run time. */
function precompress(): Plugin {
  return {
    name: "precompress",
    apply: "build",
    enforce: "post",
    async writeBundle(options) {
      const { readdir, readFile, writeFile } = await import("node:fs/promises");
      const root = options.dir!;
      const names = await readdir(root, { recursive: true });
      for (const name of names.filter((n) => /\.(js|css|html|svg|json|webmanifest)$/.test(n))) {
        const bytes = await readFile(`${root}/${name}`);
        const packed = await compress(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
        if (packed.length < bytes.length) await writeFile(`${root}/${name}.br`, packed);
      }
    },
  };
}

export default defineConfig({
  plugins: [precompress()],
  build: {
    outDir: process.env.WEB_OUT ?? "../Hypersend.Server/wwwroot",
    emptyOutDir: true,
    target: "es2022",
    // An inlined asset would be a data: URL, which the content security policy allows for images only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { proxy: { "/api": process.env.API_URL ?? "http://localhost:8000" } },
  test: {
    include: ["tests/**/*.test.ts"],
    environment: "node",
    ...(process.env.TEST_REPORT ? { reporters: ["default", ["json", { outputFile: process.env.TEST_REPORT }]] } : {}),
  },
} as Parameters<typeof defineConfig>[0]);
