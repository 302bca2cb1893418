// node .ci/add-up.mjs REPORT FAILURES COMMAND: prints how many tests of a report of Vitest passed and how many failed, and
// appends to a file what failed, with the messages. A file that could not even be loaded has no tests, and is one failure.
import { appendFileSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** As much of one failure as is worth a place on the last screen of a long run. */
const MOST_CHARACTERS = 4_000;

const [reportFile, failuresFile, command] = process.argv.slice(2);
const { numPassedTests, testResults } = JSON.parse(readFileSync(reportFile, 'utf8'));
const failed = testResults.filter(({ status }) => status === 'failed').flatMap(failuresOf);
for (const lines of failed)
  appendFileSync(failuresFile, `${`${command}: ${lines.join('\n')}`.slice(0, MOST_CHARACTERS)}\n`);
console.log(numPassedTests, failed.length);

function failuresOf({ name, message, assertionResults }) {
  const file = relative(process.cwd(), name);
  const tests = assertionResults.filter(({ status }) => status === 'failed');
  if (tests.length === 0) return [[file, message]];
  return tests.map(({ fullName, failureMessages }) => [`${file}: ${fullName}`, ...failureMessages]);
}
