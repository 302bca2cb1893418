import { appendChange } from '../changes/change-log.ts';
import { type Issue, refuse } from '../domain/errors.ts';
import type { AutomatedTestRunInput } from '../domain/test-run.ts';
import type { Queryable, Transaction } from '../storage/database.ts';
import { holdReferences } from '../storage/locks.ts';
import type { ProjectCommand } from './context.ts';
import { type EnteredRun, enterWithoutChange } from './enter-runs.ts';
import { checkAutomatedRuns } from './record-test-runs.ts';

/** Some of the runs of one list. */
export interface RunPortion {
  /** Position of the first of them in the list. */
  from: number;
  /** By position; undefined where `issues` already say why an item cannot be read. */
  items: readonly (AutomatedTestRunInput | undefined)[];
  issues: readonly Issue[];
}

/** What is given the entered runs, in the order of the list. */
export interface RunReceiver {
  /** `db`: for what has to be read now, while the transaction is open. */
  add(runs: readonly EnteredRun[], db: Queryable): Promise<void>;
}

/** Wrong runs beyond this many are not looked for. */
const MOST_PROBLEMS = 1_000;

/**
 * Records the automated runs of one bulk call, all or none (BK-2), portion by portion, so that only one of them is in
 * memory at a time, and returns the receiver that got them as entered, ids ascending (BK-1). `begin` makes a receiver;
 * it is called again when the work has to be done again. Figures follow as for any bulk call (BK-5).
 */
export async function recordInPortions<Receiver extends RunReceiver>(
  { db, figures, actor, projectId, now: clock }: ProjectCommand,
  portions: Iterable<RunPortion>,
  begin: () => Receiver,
): Promise<Receiver> {
  const caller = { projectId, callerId: actor.userId, now: clock() };
  const received = await db.transaction(async (transaction) => {
    await holdReferences(transaction, projectId);
    const receiver = begin();
    const runIds: number[] = [];
    await enterAll(transaction, { portions, caller }, async (runs) => {
      for (const run of runs) runIds.push(run.testRunId);
      await receiver.add(runs, transaction);
    });
    if (runIds.length > 0) await appendChange(transaction, projectId, { kind: 'bulk', runIds });
    return receiver;
  });
  await figures.afterCommit(projectId, 'bulk');
  return received;
}

interface Portions {
  portions: Iterable<RunPortion>;
  caller: { projectId: number; callerId: number; now: Date };
}

/** Once something is wrong, the rest is looked through for what else is, but not entered. */
async function enterAll(
  transaction: Transaction,
  { portions, caller }: Portions,
  onEntered: (runs: EnteredRun[]) => Promise<void>,
): Promise<void> {
  const allProblems: Issue[] = [];
  for (const { items: runs, issues, from } of portions) {
    const sent = { runs, issues, isList: true, from };
    const { checked, problems, projectGuid } = await checkAutomatedRuns(transaction, sent, caller);
    allProblems.push(...problems);
    if (allProblems.length >= MOST_PROBLEMS) break;
    if (allProblems.length > 0) continue;
    await onEntered(await enterWithoutChange(transaction, checked, { ...caller, projectGuid }));
  }
  refuse(allProblems);
}
