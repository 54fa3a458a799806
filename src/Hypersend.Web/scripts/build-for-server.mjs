// Called by the server's build (Web.targets). Several builds may run at once (test projects, an editor), so the
// work is done under a lock and skipped when another build has just done it.
import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const web = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const target = resolve(process.argv[2] ?? join(web, "../Hypersend.Server/wwwroot"));
const lock = join(web, ".build-lock");
const nodeModulesStamp = join(web, "node_modules", ".installed");
const builtStamp = join(target, ".built");

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Node.js 20.19 or newer is needed to build the web app; this is ${process.versions.node}.`);
}

await withLock(async () => {
  const lockHash = hashOf([join(web, "package-lock.json")]);
  if (read(nodeModulesStamp) !== lockHash) {
    run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
    writeFileSync(nodeModulesStamp, lockHash);
  }
  const inputs = ["src", "public", "scripts", "index.html", "vite.config.ts", "package-lock.json", "tsconfig.json"];
  const hash = hashOf(inputs.flatMap((name) => filesBelow(join(web, name))));
  if (read(builtStamp) !== hash) {
    // Into a folder of its own and then renamed: nobody sees half a web app.
    const fresh = `${target}.new`;
    rmSync(fresh, { recursive: true, force: true });
    run(process.execPath, [join(web, "node_modules/vite/bin/vite.js"), "build", "--logLevel", "warn"], { WEB_OUT: fresh });
    writeFileSync(join(fresh, ".built"), hash);
    rmSync(target, { recursive: true, force: true });
    renameSync(fresh, target);
  }
  // MSBuild compares times: say that this output is newer than every input.
  utimesSync(builtStamp, new Date(), new Date());
});

async function withLock(work) {
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      if (ownerIsGone()) rmSync(lock, { recursive: true, force: true });
      else await sleep(100);
    }
  }
  try {
    writeFileSync(join(lock, "pid"), String(process.pid));
    await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function ownerIsGone() {
  const pid = Number(read(join(lock, "pid")));
  // No pid yet: its owner is between two lines, unless the folder is old.
  if (!pid) return existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 5_000;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

function run(command, args, env = {}) {
  const result = spawnSync(command, args, {
    cwd: web,
    stdio: "inherit",
    env: { ...process.env, ...env },
    shell: process.platform === "win32" && command === "npm",
  });
  if (result.status !== 0) {
    rmSync(lock, { recursive: true, force: true });
    fail(`Building the web app stopped at '${command} ${args[0]}'.`);
  }
}

function filesBelow(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => filesBelow(join(path, entry.name)));
}

function hashOf(files) {
  const hash = createHash("sha256");
  for (const file of files.sort()) hash.update(`${relative(web, file)}\0`).update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}

function read(file) {
  return existsSync(file) ? readFileSync(file, "utf8").trim() : "";
}

function fail(sentence) {
  console.error(`error: ${sentence}`);
  process.exit(1);
}
