import type { LoadReport } from './load.ts';
import type { Proof } from './proof.ts';

/** What a fault is given to work with. */
export interface FaultOptions {
  /** Once or twice instead of many times: only to show that the fault still runs. */
  isShort: boolean;
  /** Told of each step. */
  tell: (text: string) => void;
}

/** What came of a fault. */
export interface FaultReport extends LoadReport, Proof {
  /** How many times it was made. */
  times: number;
  seconds: number;
  /** The longest time from the end of a fault (or the start of a new process) to the next acknowledged call. */
  recoveryMs: number;
  /** What must not have been. */
  problems: readonly string[];
}

/** One thing that goes wrong under load, made by a script, with the proof of what was kept. */
export interface Fault {
  /** A short word: `kill-server`. */
  name: string;
  /** What it does, for people. */
  title: string;
  /** Makes it, and returns what came of it, or why this machine does not allow to make it. */
  run(options: FaultOptions): Promise<FaultReport | { skipped: string }>;
}

/** Returns the line that is printed for a report. */
export function faultLine(report: FaultReport): string {
  const { lost, half, doubled, differences, acknowledgedRuns, acknowledgedCalls, answers } = report;
  const counts = Object.entries(answers).map(([answer, count]) => `${answer}: ${count}`);
  return (
    `lost ${lost}, half ${half}, differences ${differences}, twice ${doubled}; ` +
    `${report.times} times in ${report.seconds.toFixed(0)} s, ${acknowledgedRuns} runs in ${acknowledgedCalls} acknowledged calls; ` +
    `answers ${counts.join(', ')}; longest wait ${Math.round(report.longestWaitMs)} ms, ` +
    `recovery ${Math.round(report.recoveryMs)} ms`
  );
}

/** Returns whether nothing was lost and nothing happened that must not. */
export function isHarmless({ lost, half, doubled, differences, problems }: FaultReport): boolean {
  return lost + half + doubled + differences === 0 && problems.length === 0;
}
