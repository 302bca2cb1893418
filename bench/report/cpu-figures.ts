import type { CpuOfCall } from '../measure/cpu-of-calls.ts';
import { median } from '../measure/percentile.ts';
import type { AddFigure } from './report.ts';

/** Adds where the time of a call goes: with both cores busy, the rate is what their time allows. */
export function addCpu(add: AddFigure, side: string, rounds: readonly { cpu: CpuOfCall | undefined }[]): void {
  const seen = rounds.flatMap(({ cpu }) => cpu ?? []);
  if (seen.length === 0) return;
  for (const who of ['recorder', 'server', 'postgres'] as const) {
    add(`CPU time of ${who} for a call, ${side}`, median(seen.map((cpu) => cpu[who])), { unit: 'ms' });
  }
}
