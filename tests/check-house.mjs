// What the compiler cannot see: the arrows between the server's folders, the length of files, and documents that must say
// what the code does (settings, error codes, links). Part of "make check".
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

const problems = [];
const read = (path) => readFileSync(path, 'utf8');
const files = (folder, ending) =>
  readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(ending) && !/(^|\/)(bin|obj|node_modules)\//.test(name))
    .map((name) => join(folder, name));
const all = (text, pattern) => new Set([...text.matchAll(pattern)].map((match) => match[1]));

function compare(what, inCode, inDocument, document) {
  for (const name of inCode) if (!inDocument.has(name)) problems.push(`${document}: the ${what} ${name} is missing`);
  for (const name of inDocument) if (!inCode.has(name)) problems.push(`${document}: the code has no ${what} ${name}`);
}

// ---- arrows: folder, and what it must not use

const engines = /^using (?:static )?(?:Hypersend\.Server\.Engines|Npgsql|Amazon|Microsoft\.Data\.Sqlite|SQLitePCL|Dapper|System\.Net\.Mail)\b/m;
const features = /^using (?:static )?Hypersend\.Server\.Features\b/m;
const arrows = [
  ['src/Hypersend.Server/Platform', [engines, features]],
  ['src/Hypersend.Server/Features', [engines]],
  ['src/Hypersend.Server/Realtime', [engines]],
  ['src/Hypersend.Contracts', [/^using (?:static )?(?:Hypersend\.Server|Hypersend\.Sdk|Microsoft\.AspNetCore)\b/m]],
  ['src/Hypersend.Sdk', [/^using (?:static )?(?:Hypersend\.Server|Hypersend\.Cli|Microsoft\.AspNetCore)\b/m]],
  ['src/Hypersend.Cli', [/^using (?:static )?(?:Hypersend\.Server|Microsoft\.AspNetCore)\b/m]],
];
for (const [folder, forbidden] of arrows) {
  for (const file of files(folder, '.cs')) {
    for (const pattern of forbidden) {
      const [line] = pattern.exec(read(file)) ?? [];
      if (line) problems.push(`${file}: "${line}" goes against the arrows (ARCHITECTURE.md)`);
    }
  }
}

// ---- length

for (const file of [...files('src', '.cs'), ...files('src', '.ts'), ...files('src', '.tsx'), ...files('tests', '.cs')]) {
  const text = read(file);
  const lines = text.split('\n').length - 1;
  if (lines > 400 && !text.startsWith('// Generated')) problems.push(`${file}: ${lines} lines; split it by purpose (400 at most)`);
}
for (const program of ['src/Hypersend.Server/Program.cs', 'src/Hypersend.Cli/Program.cs']) {
  const contents = read(program).split('\n').length - 1;
  if (contents >= 60) problems.push(`${program}: ${contents} lines; it is a table of contents (under 60)`);
}

// ---- steps of the schema: two that came at once must not have the same number

const steps = readdirSync('src/Hypersend.Server/Engines/Sql/Migrations').filter((name) => name.endsWith('.sql')).sort();
steps.forEach((name, at) => {
  if (Number(name.slice(0, 4)) !== at + 1) problems.push(`${name}: it is step ${at + 1} by its place (rename what was not pushed yet)`);
});

// ---- documents

const server = files('src/Hypersend.Server', '.cs').map(read).join('\n');
const settings = all(server, /settings\s*\.(?:Text|Whole|Long|Switch|Choice|List|Parsed)\(\s*"([A-Z][A-Z_]+)"/g);
compare('setting', settings, all(read('docs/operations.md'), /^\| `([A-Z][A-Z_]+)` \|/gm), 'docs/operations.md');
const example = all(read('.env.example'), /^#?([A-Z][A-Z_]+)=/gm);
example.delete('ASPNETCORE_URLS'); // the framework's own
compare('setting', settings, example, '.env.example');

const codes = all(read('src/Hypersend.Contracts/Errors/ErrorCodes.cs'), /const string \w+ = "(\w+)"/g);
const words = all(read('docs/protocol.md'), /`([a-z0-9_]+)`/g);
for (const code of codes) if (!words.has(code)) problems.push(`docs/protocol.md: the error code ${code} is missing`);

for (const document of [...readdirSync('.').filter((name) => name.endsWith('.md')), ...files('docs', '.md'), ...files('requests', '.md')]) {
  for (const link of all(read(document), /\]\(([^)#\s]+)[^)]*\)/g)) {
    if (!/^[a-z]+:/.test(link) && !existsSync(join(dirname(document), link))) problems.push(`${document}: ${link} is not there`);
  }
}

const decisions = read('docs/adr/README.md');
for (const file of readdirSync('docs/adr').filter((name) => /^\d/.test(name))) {
  if (!decisions.includes(`(${file})`)) problems.push(`docs/adr/README.md: ${file} is missing`);
}

for (const problem of problems) console.error(problem);
process.exit(problems.length > 0 ? 1 : 0);
