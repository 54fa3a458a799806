// Puts what the tests found beside what is promised: reads the promises (docs/proof.md, docs/security.md), each with the tests that
// hold it, and the reports of a run, and prints for each promise how many tests passed and what they measured.
//
//   node tests/proof.mjs artifacts/test-results
//
// It ends with 1 when a promise names a test that does not exist, or has none that passed, or one that failed.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

const [folder] = process.argv.slice(2);
const widest = 170;

const sources = new Set(
  readdirSync('tests', { recursive: true })
    .filter((path) => path.endsWith('.cs') && !/(^|\/)(bin|obj|node_modules)\//.test(path))
    .map((path) => basename(path, '.cs')),
);
const tests = readdirSync(folder)
  .filter((name) => name.startsWith('Hypersend.') && name.endsWith('.json'))
  .flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')).results.tests);
const byClass = new Map();
for (const test of tests) {
  const name = test.extra.type.split('.').at(-1);
  byClass.set(name, [...(byClass.get(name) ?? []), test]);
}

let broken = 0;
for (const promise of ['docs/proof.md', 'docs/security.md'].flatMap(promisesOf)) {
  const ran = promise.holders.flatMap((holder) => resultsOf(holder));
  const passed = ran.filter((test) => test.status === 'passed').length;
  const failed = ran.filter((test) => test.status === 'failed').length;
  const missing = promise.holders.filter((holder) => !sources.has(holder));
  if (passed === 0 || failed > 0 || missing.length > 0) broken++;
  console.log(`  ${promise.id.padEnd(4)}${String(passed).padStart(5)} passed${failed > 0 ? `, ${failed} FAILED` : ''}   ${promise.title}`);
  for (const holder of missing) console.log(`        there is no ${holder}`);
  for (const holder of promise.holders) {
    const figures = resultsOf(holder).flatMap((test) => figureOf(test));
    if (figures.length > 0) console.log(`        ${holder}: ${short(figures[0])}${figures.length > 1 ? ` (and ${figures.length - 1} more)` : ''}`);
  }
}
process.exitCode = broken > 0 ? 1 : 0;

// | **L1** | The promise. More of it | what holds it, tests among it |
function promisesOf(document) {
  if (!existsSync(document)) return [];
  return [...readFileSync(document, 'utf8').matchAll(/^\| \*\*([LS]\d+)\*\* \| (.+?) \| (.+) \|$/gm)].map(([, id, text, holders]) => ({
    id,
    title: short(text.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').split(/(?<=\w)[.;:] /)[0].replaceAll('`', '')),
    holders: [...new Set([...holders.matchAll(/`(\w+(?:Tests|Spec))`/g)].map(([, name]) => name))],
  }));
}

// A specification runs under the names of its engines.
function resultsOf(holder) {
  const own = byClass.get(holder) ?? [];
  if (!holder.endsWith('Spec')) return own;
  const engine = new RegExp(`^${holder.slice(0, -4)}(On|Past)\\w+$`);
  return [...own, ...[...byClass].filter(([name]) => engine.test(name)).flatMap(([, results]) => results)];
}

// What a test wrote beside its verdict: the first line with a figure in it; seeds alone say nothing.
function figureOf(test) {
  const line = test.extra.output?.split('\n').find((one) => /\d/.test(one) && !/^seed \d+$/i.test(one.trim()));
  return line ? [line.trim()] : [];
}

function short(text) {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > widest ? `${line.slice(0, widest - 3)}...` : line;
}
