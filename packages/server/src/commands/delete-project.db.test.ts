import { expect, test } from 'vitest';
import { aProject, aTestCase } from '../../test/support/builders.ts';
import { testDatabase } from '../../test/support/database.ts';
import { appendChange } from '../changes/change-log.ts';
import { BUILT_IN_ADMINISTRATOR } from '../domain/actor.ts';
import { holdReferences, lockBlocks } from '../storage/locks.ts';
import { projectTables } from '../storage/project-tables.ts';
import { countBlock } from '../storage/run-blocks.ts';
import type { ServerCommand } from './context.ts';
import { createProject } from './create-project.ts';
import { deleteProject } from './delete-project.ts';

const db = await testDatabase();
const context: ServerCommand = {
  db,
  figures: { afterCommit: async () => {} },
  now: () => new Date(),
  actor: { userId: BUILT_IN_ADMINISTRATOR, login: 'administrator', isSystemAdmin: true },
};

async function rowsLeft(projectId: number): Promise<string[]> {
  const left: string[] = [];
  for (const table of projectTables) {
    const rows = await db.query(`select from ${table} where project_id = $1`, [projectId]);
    if (rows.length > 0) left.push(table);
  }
  return left;
}

/** Waits until some session waits for a lock of this kind. */
async function somebodyWaits(locktype: string): Promise<void> {
  for (;;) {
    const waiting = await db.query(
      `select from pg_locks where locktype = $1 and not granted
          and database = (select oid from pg_database where datname = current_database())`,
      [locktype],
    );
    if (waiting.length > 0) return;
  }
}

test('deleting a product waits for a recording under way and takes its runs with it', async () => {
  const projectId = await aProject(db);
  const testCaseId = await aTestCase(db, projectId);
  const gate = Promise.withResolvers<void>();
  const holding = Promise.withResolvers<void>();
  const recording = db.transaction(async (transaction) => {
    await holdReferences(transaction, projectId);
    holding.resolve();
    await gate.promise;
    const { testRunId } = await transaction.kysely
      .insertInto('testRun')
      .values({
        projectId,
        testCaseId,
        name: 'Run',
        testerId: BUILT_IN_ADMINISTRATOR,
        testRunTypeId: 2,
        executionStatusId: 2,
        startDate: new Date(),
      })
      .returning('testRunId')
      .executeTakeFirstOrThrow();
    await appendChange(transaction, projectId, { kind: 'runs', runIds: [testRunId] });
  });
  await holding.promise;
  const deletion = deleteProject(context, projectId);
  await somebodyWaits('advisory');
  gate.resolve();
  await recording;
  await deletion;
  expect(await rowsLeft(projectId)).toEqual([]);
});

test('deleting a product waits for a block of its runs that is being counted and takes it along', async () => {
  const projectId = await aProject(db);
  const gate = Promise.withResolvers<void>();
  const holding = Promise.withResolvers<void>();
  const counting = db.transaction(async (transaction) => {
    await lockBlocks(transaction, projectId);
    holding.resolve();
    await gate.promise;
    await countBlock(transaction, projectId, { block: 0, span: 10, partSpan: 5 });
  });
  await holding.promise;
  const deletion = deleteProject(context, projectId);
  await somebodyWaits('advisory');
  gate.resolve();
  await Promise.all([counting, deletion]);
  expect(await rowsLeft(projectId)).toEqual([]);
});

test('of two deletions of a product the second finds none', async () => {
  const projectId = await aProject(db);
  const deletions = await Promise.allSettled([deleteProject(context, projectId), deleteProject(context, projectId)]);
  const failures = deletions.filter((one) => one.status === 'rejected').map((one) => one.reason.code);
  expect(failures).toEqual(['notFound']);
});

test('the event log keeps who deleted a product', async () => {
  const projectId = await createProject(context, { project: { name: 'Short-lived' } });
  await deleteProject(context, projectId);
  const events = await db.query('select user_id, kind, details from event where project_id = $1', [projectId]);
  expect(events).toEqual([{ user_id: BUILT_IN_ADMINISTRATOR, kind: 'deletion', details: { name: 'Short-lived' } }]);
});
