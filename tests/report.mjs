// Reads one test report (CTRF from xunit, JUnit from node) and prints it as lines a shell can read:
// "passed failed skipped", then F <name> <message> and S <name> <reason>, separated by tabs.
import { readFileSync } from 'node:fs';

const text = readFileSync(process.argv[2], 'utf8');
const tests = process.argv[2].endsWith('.json') ? fromCtrf(JSON.parse(text)) : fromJUnit(text);

const count = (status) => tests.filter((test) => test.status === status).length;
console.log(count('passed'), count('failed'), count('skipped'));
for (const { name, status, message } of tests) {
  if (status !== 'passed') {
    console.log([status === 'failed' ? 'F' : 'S', name, oneLine(message)].join('\t'));
  }
}

function fromCtrf(report) {
  return report.results.tests.map((test) => ({
    name: test.name,
    // "pending" and "other" did not run to an end: not run is skipped, anything unknown is a failure
    status: { passed: 'passed', skipped: 'skipped', pending: 'skipped' }[test.status] ?? 'failed',
    message: test.extra?.reason ?? test.message ?? '',
  }));
}

function fromJUnit(xml) {
  const cases = [...xml.matchAll(/<testcase\b((?:"[^"]*"|[^">])*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g)];
  return cases.map(([, attributes, body = '']) => {
    const verdict = /<(failure|error|skipped)\b((?:"[^"]*"|[^">])*)>/.exec(body);
    return {
      name: [attribute(attributes, 'classname'), attribute(attributes, 'name')].filter((part) => part && part !== 'test').join(' '),
      status: verdict === null ? 'passed' : verdict[1] === 'skipped' ? 'skipped' : 'failed',
      message: verdict === null ? '' : attribute(verdict[2], 'message'),
    };
  });
}

function attribute(attributes, name) {
  const value = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)?.[1] ?? '';
  const entities = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return value
    .replace(/&#x([0-9a-f]+);/gi, (_, hex) => String.fromCodePoint(parseInt(hex, 16)))
    .replace(/&(lt|gt|quot|apos|amp);/g, (_, entity) => entities[entity]);
}

function oneLine(message) {
  const line = message.replaceAll('\\"', '"').replace(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 300)}...` : line;
}
