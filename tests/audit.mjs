// What the server, the command line and the web app are made of, and whether a hole is known in any of it. Part of "make audit".
//
// Writes artifacts/bill-of-materials.json (CycloneDX 1.5) from what the restores decided, then asks the two package sources.
// Ends with 1 when a hole is known, and with 2 when a source could not be asked: to hear nothing is not to be told that all is well.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const programs = ['Hypersend.Server', 'Hypersend.Cli', 'Hypersend.Sdk'];
const web = 'src/Hypersend.Web';
const json = (path) => JSON.parse(readFileSync(path, 'utf8'));
const hash = (base64) => [{ alg: 'SHA-512', content: Buffer.from(base64, 'base64').toString('hex') }];

// ---- what is in it

const components = new Map();

function add(kind, name, version, scope, base64) {
  const purl = `pkg:${kind}/${name.replace('@', '%40')}@${version}`;
  // What is needed anywhere while it runs is needed, though another part only builds with it.
  if (components.get(purl)?.scope === 'required') return;
  components.set(purl, { type: 'library', 'bom-ref': purl, name, version, scope, hashes: hash(base64), purl });
}

for (const program of programs) {
  const restored = `src/${program}/obj/project.assets.json`;
  if (!existsSync(restored)) execFileSync('dotnet', ['restore', `src/${program}`, '--nologo', '-v', 'quiet'], { stdio: 'inherit' });
  const { libraries, targets } = json(restored);
  const used = Object.assign({}, ...Object.values(targets));
  for (const [id, { type, sha512 }] of Object.entries(libraries)) {
    if (type !== 'package') continue;
    const [name, version] = id.split('/');
    const runs = ['runtime', 'runtimeTargets', 'native'].some((part) => Object.keys(used[id]?.[part] ?? {}).length > 0);
    add('nuget', name, version, runs ? 'required' : 'excluded', sha512);
  }
}
// What is optional there is for Node, and the web app runs in browsers.
for (const [path, { version, dev, optional, integrity }] of Object.entries(json(`${web}/package-lock.json`).packages)) {
  if (path) add('npm', path.split('node_modules/').at(-1), version, dev || optional ? 'excluded' : 'required', integrity.replace('sha512-', ''));
}

const version = /<Version>(.*)<\/Version>/.exec(readFileSync('Directory.Build.props', 'utf8'))[1];
const list = [...components.values()].sort((one, other) => one.purl.localeCompare(other.purl, 'en'));
mkdirSync('artifacts', { recursive: true });
writeFileSync('artifacts/bill-of-materials.json', JSON.stringify({
  bomFormat: 'CycloneDX', specVersion: '1.5', version: 1,
  metadata: { component: { type: 'application', name: 'hypersend', version } },
  components: list,
}, null, 2) + '\n');
const running = list.filter(({ scope }) => scope === 'required').length;
console.log(`artifacts/bill-of-materials.json: ${running} packages that run, ${list.length - running} that only build`);

// ---- what is known of it

let holes = 0;
let unasked = 0;
const found = (text) => { holes++; console.error(text); };
const refused = (whom, text) => { unasked++; console.error(`${whom} could not be asked: ${text}`); };

function ask(command, args) {
  const { error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 << 20 });
  if (error) return { error: error.message };
  try {
    return { answer: JSON.parse(stdout.slice(stdout.indexOf('{'))) };
  } catch {
    return { error: stderr.trim().split('\n').find((line) => line.includes('error')) ?? 'its answer is no JSON' };
  }
}

/** A source that keeps no list of holes answers as one that knows of none does. */
async function keepsList(source) {
  try {
    const index = await (await fetch(source, { signal: AbortSignal.timeout(10_000) })).json();
    return index.resources.some((one) => String(one['@type']).startsWith('VulnerabilityInfo'));
  } catch {
    return false;
  }
}

const sources = new Set();
for (const program of programs) {
  const { answer, error } = ask('dotnet', ['list', `src/${program}`, 'package', '--vulnerable', '--include-transitive', '--format', 'json']);
  const trouble = error ?? answer.problems?.map(({ text }) => text).join('; ');
  if (trouble) refused(`The source of packages for ${program}`, trouble);
  for (const source of answer?.sources ?? []) sources.add(source);
  for (const { frameworks = [] } of answer?.projects ?? []) {
    for (const { topLevelPackages = [], transitivePackages = [] } of frameworks) {
      for (const one of [...topLevelPackages, ...transitivePackages]) {
        for (const { severity, advisoryurl } of one.vulnerabilities ?? []) found(`${program}: ${one.id} ${one.resolvedVersion}, ${severity}: ${advisoryurl}`);
      }
    }
  }
}

for (const source of sources) if (!(await keepsList(source))) refused('A source of packages', 'it keeps no list of holes');

const { answer, error } = ask('npm', ['--prefix', web, 'audit', '--json']);
if (error || answer.error || !answer.vulnerabilities) refused('The source of packages for the web app', error || answer.error?.summary || answer.message || 'its answer has no list');
for (const { name, severity, via, range } of Object.values(answer?.vulnerabilities ?? {})) {
  for (const cause of via) if (typeof cause === 'object') found(`web app: ${name} ${range}, ${severity}: ${cause.url}`);
}

console.log(holes ? `${holes} known holes` : unasked ? 'No hole was told of, but not everybody could be asked.' : 'No hole is known.');
process.exit(holes ? 1 : unasked ? 2 : 0);
