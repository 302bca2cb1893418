import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { appendChange } from '../../packages/server/src/changes/change-log.ts';
import { actualMinutes } from '../../packages/server/src/domain/duration.ts';
import type { Database, Transaction } from '../../packages/server/src/storage/database.ts';
import { holdReferences } from '../../packages/server/src/storage/locks.ts';
import { findTextHashes, keepLongTexts } from '../../packages/server/src/storage/long-texts.ts';
import { insertTestRuns, type TestRunRow } from '../../packages/server/src/storage/test-runs.ts';
import type { RunBody } from '../product/run-bodies.ts';
import { BATCH, inRotation } from './recorder.ts';

/**
 * Does some work that inserts runs, holding the references meanwhile as every recorder does: by that the server knows
 * which blocks of runs it must not count yet.
 */
export async function asRecorder<Result>(
  db: Database,
  projectId: number,
  work: () => Promise<Result>,
): Promise<Result> {
  const isHeld = Promise.withResolvers<void>();
  const isDone = Promise.withResolvers<void>();
  const holding = db.transaction(async (transaction) => {
    await holdReferences(transaction, projectId);
    // This session only waits, for as long as the work takes.
    await transaction.query('set local idle_in_transaction_session_timeout = 0');
    isHeld.resolve();
    await isDone.promise;
  });
  // The work is not part of that transaction.
  await Promise.race([isHeld.promise, holding]);
  try {
    return await work();
  } finally {
    isDone.resolve();
    await holding;
  }
}

/**
 * Ceiling (a): the rows that the server would make of the batches, and their change, by the statements that it uses and
 * in one transaction a batch, but without HTTP, decoding and checks. Returns the call that stores one batch.
 */
export function sameRowsWithoutHttp(
  db: Database,
  projectId: number,
  batches: readonly RunBody[][],
): () => Promise<number> {
  const nextRows = inRotation(batches.map((batch) => batch.map(storedRow)));
  return async () => {
    const rows = nextRows();
    await keepLongTexts(db, projectId, textsOf(rows));
    await db.transaction(async (transaction) => {
      const runIds = await insertTestRuns(transaction, projectId, await withHashes(transaction, projectId, rows));
      await appendChange(transaction, projectId, { kind: 'bulk', runIds });
    });
    return BATCH;
  };
}

/** Long texts are stored apart, as the server does. */
async function withHashes(
  transaction: Transaction,
  projectId: number,
  rows: readonly TestRunRow[],
): Promise<TestRunRow[]> {
  const hashes = await findTextHashes(transaction, projectId, textsOf(rows));
  return rows.map((row) => ({ ...row, runnerStackTraceHash: hashes.of(row.runnerStackTrace) }));
}

const textsOf = (rows: readonly TestRunRow[]) => rows.map((row) => row.runnerStackTrace);

/**
 * Ceiling (b): the same rows by COPY, one transaction a batch, from bytes that were made before: what the table and its
 * indexes cost and nothing else. Returns the call that stores one batch.
 */
export async function copyOfSameRows(
  db: Database,
  projectId: number,
  batches: readonly RunBody[][],
): Promise<() => Promise<number>> {
  const columns = await columnsWithoutId(db);
  const copies: Buffer[] = [];
  for (const batch of batches) copies.push(await copyOfRows(db, { projectId, columns, rows: batch.map(storedRow) }));
  const nextCopy = inRotation(copies);
  return async () => {
    const client = await db.pool.connect();
    try {
      await pipeline(Readable.from([nextCopy()]), client.query(copyFrom(`copy test_run (${columns}) from stdin`)));
    } finally {
      client.release();
    }
    return BATCH;
  };
}

/** The columns of a run as a list for SQL; ids are given by the table. */
async function columnsWithoutId(db: Database): Promise<string> {
  const [row] = await db.query<{ columns: string }>(
    `select string_agg(quote_ident(attname), ', ' order by attnum) as columns from pg_attribute
      where attrelid = 'test_run'::regclass and attnum > 0 and not attisdropped and attname <> 'test_run_id'`,
  );
  return row?.columns ?? '';
}

/** Stores the rows once and returns them as the database itself writes them for COPY. */
async function copyOfRows(
  db: Database,
  { projectId, columns, rows }: { projectId: number; columns: string; rows: readonly TestRunRow[] },
): Promise<Buffer> {
  await keepLongTexts(db, projectId, textsOf(rows));
  const runIds = await db.transaction(async (transaction) => {
    await holdReferences(transaction, projectId);
    return insertTestRuns(transaction, projectId, await withHashes(transaction, projectId, rows));
  });
  const client = await db.pool.connect();
  try {
    const wanted = `project_id = ${projectId} and test_run_id in (${runIds.join(',')})`;
    const parts: Buffer[] = [];
    const copy = client.query(copyTo(`copy (select ${columns} from test_run where ${wanted}) to stdout`));
    for await (const part of copy) parts.push(part as Buffer);
    return Buffer.concat(parts);
  } finally {
    client.release();
  }
}

/** The row that the server makes of a body. */
function storedRow(run: RunBody): TestRunRow {
  const startDate = new Date(run.StartDate);
  const endDate = new Date(run.EndDate);
  return {
    testCaseId: run.TestCaseId,
    releaseId: run.ReleaseId,
    testSetId: run.TestSetId,
    testSetTestCaseId: run.TestSetTestCaseId,
    buildId: null,
    testConfigurationId: null,
    testerId: 1,
    testRunTypeId: 2,
    executionStatusId: run.ExecutionStatusId,
    name: `Case ${run.TestCaseId}`,
    startDate,
    endDate,
    estimatedDuration: null,
    actualDuration: actualMinutes(startDate, endDate),
    tags: null,
    customProperties: null,
    automationHostId: null,
    automationEngineId: null,
    automationAttachmentId: null,
    testRunFormatId: 1,
    runnerName: run.RunnerName,
    runnerTestName: run.RunnerTestName,
    runnerAssertCount: 0,
    runnerMessage: run.RunnerMessage,
    runnerStackTrace: run.RunnerStackTrace ?? '',
    parameters: null,
    concurrencyDate: new Date(),
  };
}
