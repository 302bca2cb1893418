import { describe, expect, test } from 'vitest';

import { faults } from './all-faults.ts';
import { faultLine, isHarmless } from './fault.ts';

// The faults of `npm run bench -- faults`, each made once or twice. They bring their own PostgreSQL, so a run on another
// database would only repeat them.

/** Without a fault no call of this load takes so long. */
const LONG_WAIT_MS = 2_000;

describe.skipIf(process.env['RUNLEDGER_TEST_DATABASE_URL'])('under load', () => {
  test.each(faults.map((fault) => [fault.title, fault] as const))(
    '%s: nothing acknowledged is lost, nothing is half there, nobody waits for ever',
    async (_title, fault) => {
      const report = await fault.run({ isShort: true, tell: () => {} });
      if ('skipped' in report) {
        console.log(`${fault.name} was skipped: ${report.skipped}`);
        return;
      }
      const line = faultLine(report);
      console.log(`${fault.name}: ${line}`);
      expect(report.problems).toEqual([]);
      expect(isHarmless(report), line).toBe(true);
      expect(report.acknowledgedCalls).toBeGreaterThan(16);
      // The fault was felt, by a refusal or by waiting: else nothing would be shown.
      const { 200: _good, ...refusals } = report.answers;
      const wasFelt = Object.keys(refusals).length > 0 || report.longestWaitMs > LONG_WAIT_MS;
      expect(wasFelt, line).toBe(true);
    },
    180_000,
  );
});

describe('the proof', () => {
  test('a fault with something lost, half there, twice there or different is not harmless', () => {
    const harmless = {
      answers: {},
      acknowledgedCalls: 0,
      acknowledgedRuns: 0,
      longestWaitMs: 0,
      times: 1,
      seconds: 1,
      recoveryMs: 1,
      lost: 0,
      half: 0,
      doubled: 0,
      differences: 0,
      problems: [],
    };
    expect(isHarmless(harmless)).toBe(true);
    for (const figure of ['lost', 'half', 'doubled', 'differences'])
      expect(isHarmless({ ...harmless, [figure]: 1 }), figure).toBe(false);
    expect(isHarmless({ ...harmless, problems: ['it hangs'] })).toBe(false);
  });
});
