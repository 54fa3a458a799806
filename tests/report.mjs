// Reads one test report (CTRF from xunit, vitest's JSON from the web app) and prints it as lines a shell can read:
// "passed failed skipped", then F <name> <message> and S <name> <reason>, separated by tabs.
import { readFileSync } from 'node:fs';

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const tests = report.reportFormat === 'CTRF' ? fromCtrf(report.results.tests) : fromVitest(report.testResults);

const count = (status) => tests.filter((test) => test.status === status).length;
console.log(count('passed'), count('failed'), count('skipped'));
for (const { name, status, message } of tests) {
  if (status !== 'passed') {
    console.log([status === 'failed' ? 'F' : 'S', oneLine(name), message].join('\t'));
  }
}

function fromCtrf(results) {
  return results.map((test) => ({
    name: test.name,
    status: verdict(test.status),
    message: [oneLine(test.extra?.reason ?? test.message ?? ''), place(test.trace)].join(' ').trim(),
  }));
}

// Where it broke, and the line of the test that led there, in few words.
function place(trace) {
  const lines = trace?.match(/[\w.-]+\.cs:line \d+|[\w.-]+\.cs:\d+/g) ?? [];
  return [...new Set([lines.at(0), lines.at(-1)])].join(' < ');
}

function fromVitest(files) {
  return files.flatMap((file) => {
    const cases = file.assertionResults.map((test) => ({
      name: test.fullName,
      status: verdict(test.status),
      message: oneLine(test.failureMessages?.[0] ?? ''),
    }));
    // A file that could not even be loaded has no cases, only a message.
    const broken = file.status === 'failed' && !cases.some((test) => test.status === 'failed');
    return broken ? [...cases, { name: file.name, status: 'failed', message: oneLine(file.message ?? '') }] : cases;
  });
}

function verdict(status) {
  if (status === 'passed') return 'passed';
  // Anything unknown is a failure.
  return ['skipped', 'pending', 'todo', 'disabled'].includes(status) ? 'skipped' : 'failed';
}

function oneLine(message) {
  const line = message.replaceAll('\\"', '"').replace(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 300)}...` : line;
}
