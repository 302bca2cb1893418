import { appendChange } from '../../src/changes/change-log.ts';
import type { FigureRefresh } from '../../src/commands/context.ts';
import { BUILT_IN_ADMINISTRATOR } from '../../src/domain/actor.ts';
import { LEAST_SPAN } from '../../src/domain/run-partitions.ts';
import { refreshPending } from '../../src/rollups/refresh.ts';
import type { Database } from '../../src/storage/database.ts';
import { type BlockSpans, storeBlockExtent } from '../../src/storage/run-blocks.ts';
import { makeRunPartitions } from '../../src/storage/run-partitions.ts';
import { NOON } from './clock.ts';

/** For servers whose figures cover every change, bulk results aside, when the call is answered. */
export function refreshedAtOnce(db: Database): FigureRefresh {
  return {
    afterCommit: async (projectId) => {
      await refreshPending(db, projectId);
    },
  };
}

/** What a test says of a run; the rest is plausible. */
export interface RunValues {
  testCaseId: number;
  executionStatusId: number;
  releaseId?: number;
  testSetId?: number;
  testSetRowId?: number;
  endDate?: Date;
  actualDuration?: number;
}

/** Stores finished automated runs and brings the figures up to date; returns the ids in the order of the values. */
export async function someRuns(db: Database, projectId: number, values: readonly RunValues[]): Promise<number[]> {
  const runIds = await storeRuns(db, projectId, { values, kind: 'runs' });
  await refreshPending(db, projectId, { includeBulk: true });
  return runIds;
}

/** Stores finished automated runs as a bulk call does: their figures wait for a refresh (BK-5). */
export function pendingRuns(db: Database, projectId: number, values: readonly RunValues[]): Promise<number[]> {
  return storeRuns(db, projectId, { values, kind: 'bulk' });
}

function storeRuns(
  db: Database,
  projectId: number,
  { values, kind }: { values: readonly RunValues[]; kind: 'runs' | 'bulk' },
): Promise<number[]> {
  return db.transaction(async (transaction) => {
    const rows = await transaction.kysely
      .insertInto('testRun')
      .values(
        values.map((value) => ({
          projectId,
          name: 'Run',
          testerId: BUILT_IN_ADMINISTRATOR,
          testRunTypeId: 2,
          startDate: NOON,
          endDate: NOON,
          actualDuration: 0,
          ...value,
        })),
      )
      .returning('testRunId')
      .execute();
    const ids = rows.map((row) => row.testRunId).sort((a, b) => a - b);
    await appendChange(transaction, projectId, { kind, runIds: ids });
    return ids;
  });
}

/** A step of a stored run; returns its id. */
export async function aRunStep(
  db: Database,
  projectId: number,
  values: { testRunId: number; testCaseId: number; testStepId?: number },
): Promise<number> {
  const row = await db.kysely
    .insertInto('testRunStep')
    .values({ projectId, position: 1, executionStatusId: 1, ...values })
    .returning('testRunStepId')
    .executeTakeFirstOrThrow();
  return row.testRunStepId;
}

/** Sees to it that the runs so far lie in partitions of which every id was given: retention may rewrite these. */
export async function completePartitions(db: Database): Promise<void> {
  await db.query(
    `select setval('test_run_test_run_id_seq', (select (last_value / $1 + 1) * $1 from test_run_test_run_id_seq))`,
    [LEAST_SPAN],
  );
  await makeRunPartitions(db);
}

/** Makes the blocks of a product, of which none is counted yet, so short that a few runs are several. */
export async function shortBlocks(db: Database, projectId: number, spans: BlockSpans): Promise<void> {
  await db.transaction((transaction) => storeBlockExtent(transaction, projectId, { ...spans, countedBelow: 0 }));
}
