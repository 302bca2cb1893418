import { ExecutionStatus, type ExecutionStatusId } from '../domain/tables.ts';
import { chance } from './chance.ts';
import type { Trouble } from './content/troubles.ts';

export const statusIds: Record<Trouble['status'] | 'passed', ExecutionStatusId> = {
  failed: ExecutionStatus.Failed,
  passed: ExecutionStatus.Passed,
  skipped: ExecutionStatus.NotRun,
  notApplicable: ExecutionStatus.NotApplicable,
  blocked: ExecutionStatus.Blocked,
  caution: ExecutionStatus.Caution,
};

/** Returns the trouble that a run of a case met on a day, undefined when it passed. `run` tells runs of a day apart. */
export function troubleOf<Kind extends Omit<Trouble, 'failure'>>(
  troubles: readonly Kind[],
  { key, day, run }: { key: string; day: number; run: string },
): Kind | undefined {
  return troubles.find(
    (trouble, index) =>
      (trouble.cases === 'all' || trouble.cases.includes(key)) &&
      day >= trouble.from &&
      day <= trouble.to &&
      chance('trouble', run, index, key, day) < trouble.share,
  );
}
