import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";
import { defineConfig, type Plugin } from "vite";
import { buildServiceWorker } from "./scripts/service-worker.mjs";

const compress = promisify(brotliCompress);

/** The modules that come with each of these without being asked for later. */
const doors = { base: "src/main.tsx", login: "src/features/accounts/entry.ts", home: "src/features/shell/entry.ts" };
const comesWith: Record<keyof typeof doors, Set<string>> = { base: new Set(), login: new Set(), home: new Set() };

/** Looks, once all modules are known, which of them belong to the first screens, so that each of these is one file and not twenty. */
function firstScreens(): Plugin {
  return {
    name: "first-screens",
    buildEnd() {
      for (const [door, start] of Object.entries(doors) as [keyof typeof doors, string][]) {
        const found = comesWith[door];
        found.clear();
        const walk = (id: string): void => {
          if (found.has(id)) return;
          found.add(id);
          this.getModuleInfo(id)?.importedIds.forEach(walk);
        };
        walk(fileURLToPath(new URL(start, import.meta.url)));
      }
    },
    /** What the page will ask for is told to boot.js, which begins with it before any module runs. */
    transformIndexHtml: {
      order: "post",
      handler(page, { bundle }) {
        if (!bundle) return page;
        const chunks = Object.values(bundle).filter((part) => part.type === "chunk");
        const home = chunks.find((chunk) => chunk.facadeModuleId?.endsWith(doors.home))!;
        const files = new Set<string>();
        const walk = (chunk: (typeof chunks)[number]): void => {
          files.add(chunk.fileName);
          chunk.viteMetadata?.importedCss.forEach((sheet) => files.add(sheet));
          for (const name of chunk.imports) walk(chunks.find((other) => other.fileName === name)!);
        };
        walk(home);
        const parts = [...files].filter((file) => !page.includes(`/${file}"`)).map((file) => file.replace("assets/", ""));
        const words = chunks.flatMap((chunk) => /\/src\/catalogues\/\w+\.json$/.test(chunk.facadeModuleId ?? "") ? [chunk.fileName.replace("assets/", "")] : []);
        return page.replace('src="/boot.js"', `src="/boot.js" data-home="${parts.join(" ")}" data-words="${words.join(" ")}"`);
      },
    },
  };
}

/** Adds the service worker, which has to know every file, and `<file>.br` beside every text file, so that the server never compresses at run time. */
function finish(): Plugin {
  return {
    name: "finish",
    apply: "build",
    enforce: "post",
    async writeBundle(options) {
      const { readdir, readFile, writeFile } = await import("node:fs/promises");
      const root = options.dir!;
      await buildServiceWorker(root);
      const names = await readdir(root, { recursive: true });
      for (const name of names.filter((n) => /\.(js|css|html|svg|json|webmanifest)$/.test(n))) {
        const bytes = await readFile(`${root}/${name}`);
        // The last step costs twice the time; of what is large and rarely fetched it would save one part in sixty.
        const quality = bytes.length > 400_000 ? 10 : 11;
        const packed = await compress(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } });
        if (packed.length < bytes.length) await writeFile(`${root}/${name}.br`, packed);
      }
    },
  };
}

const api = process.env.API_URL ?? "http://localhost:8000";

export default defineConfig({
  plugins: [firstScreens(), finish()],
  build: {
    outDir: process.env.WEB_OUT ?? "../Hypersend.Server/wwwroot",
    emptyOutDir: true,
    target: "es2022",
    // An inlined asset would be a data: URL, which the content security policy allows for images only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // The licences of fonts have no ending, and a name that ends with a dot is none on Windows.
        assetFileNames: ({ names }: { names: string[] }) => `assets/[name]-[hash]${names[0]?.includes(".") ? "[extname]" : ".txt"}`,
        codeSplitting: {
          groups: [
            { name: "base", priority: 3, test: (id: string) => comesWith.base.has(id) && !id.endsWith(doors.base) && !id.endsWith("index.html") },
            { name: "fields", priority: 2, test: (id: string) => comesWith.login.has(id) && comesWith.home.has(id) },
            { name: "home", priority: 1, test: (id: string) => comesWith.home.has(id) && !id.endsWith(doors.home) },
          ],
        },
      },
    },
  },
  // The page's own host goes along: the server lets no socket in from elsewhere.
  server: { proxy: Object.fromEntries(["/api", "/ws", "/health"].map((path) => [path, { target: api, ws: path === "/ws", changeOrigin: false }])) },
  test: {
    include: ["tests/**/*.test.ts"],
    environment: "node",
    // A machine that does other things meanwhile is slow, not wrong.
    testTimeout: 60_000,
    ...(process.env.TEST_REPORT ? { reporters: ["default", ["json", { outputFile: process.env.TEST_REPORT }]] } : {}),
  },
} as Parameters<typeof defineConfig>[0]);
