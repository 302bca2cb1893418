import { faults } from '../packages/server/test/faults/all-faults.ts';
import { type FaultReport, faultLine } from '../packages/server/test/faults/fault.ts';
import type { Report } from './report/report.ts';
import { atMost, exactly } from './report/target.ts';
import type { Bench, Suite } from './suite.ts';

/**
 * Makes each fault of packages/server/test/faults under load, as often as it takes to meet the work at all its moments; the
 * tests make the same faults once or twice.
 */
export const faultSuite: Suite = {
  name: 'faults',
  shows: 'what is lost, half there or wrong after kills, restarts, black holes, full disks and failovers under load',
  async run({ options: { isShort }, report }: Bench): Promise<void> {
    for (const fault of faults) {
      report.progress(`${fault.name}: ${fault.title}`);
      const outcome = await fault.run({ isShort, tell: (text) => report.progress(text) });
      if ('skipped' in outcome) report.note(`${fault.name}: skipped, ${outcome.skipped}`);
      else addTo(report, fault.name, outcome);
    }
  },
};

function addTo(report: Report, name: string, outcome: FaultReport): void {
  report.note(`${name}: ${faultLine(outcome)}`);
  for (const problem of outcome.problems) report.note(`${name}: ${problem}`);
  const add = report.under(`${name}, ${outcome.times} times`);
  add('lost', outcome.lost, { target: exactly(0) });
  add('half', outcome.half, { target: exactly(0) });
  add('differences', outcome.differences, { target: exactly(0) });
  add('stored twice', outcome.doubled, { target: exactly(0) });
  add('what must not be seen', outcome.problems.length, { target: exactly(0) });
  add('acknowledged runs', outcome.acknowledgedRuns);
  add('longest wait of a client', outcome.longestWaitMs, { unit: 'ms', target: atMost(15_000) });
  add('longest recovery', outcome.recoveryMs, { unit: 'ms' });
}
