import { expect, test } from 'vitest';
import { appendChange } from '../../src/changes/change-log.ts';
import { aProject, aTestCase } from '../support/builders.ts';
import { testDatabase } from '../support/database.ts';
import { someRuns } from '../support/runs.ts';
import type { Call } from './calls.ts';
import { proveStored } from './proof.ts';

// A proof that always says yes proves nothing: each kind of damage has to be seen.

const db = await testDatabase();

/** A project with the run of a single call and the two of a manual one, as they should be. */
async function stored() {
  const projectId = await aProject(db);
  const testCaseId = await aTestCase(db, projectId);
  await db.transaction((transaction) =>
    appendChange(transaction, projectId, { kind: 'cases', testCaseIds: [testCaseId] }),
  );
  const [single = 0, ...manual] = await someRuns(
    db,
    projectId,
    Array.from({ length: 3 }, () => ({ testCaseId, executionStatusId: 2 })),
  );
  await db.query(`update test_run set name = 'single' where project_id = $1 and test_run_id = $2`, [projectId, single]);
  await db.query(`update test_run set name = 'manual' where project_id = $1 and test_run_id = any ($2)`, [
    projectId,
    manual,
  ]);
  for (const [runId, steps] of [single, ...manual].map((id) => [id, id === single ? 1 : 2] as const)) {
    for (let position = 1; position <= steps; position += 1) {
      await db.query(
        `insert into test_run_step (project_id, test_run_id, position, test_case_id, execution_status_id) values ($1, $2, $3, $4, 2)`,
        [projectId, runId, position, testCaseId],
      );
    }
  }
  const product = { projectId, releaseId: 0, testCaseIds: [testCaseId] };
  const call = (kind: Call['kind'], runIds: number[]): Call => ({
    product,
    kind,
    name: kind,
    isRepeated: false,
    isAcknowledged: true,
    runIds,
    deletion: 'none',
  });
  return { projectId, single, manual, calls: [call('single', [single]), call('manual', manual)] };
}

const fine = { lost: 0, half: 0, doubled: 0, differences: 0 };

test('what is stored as it was acknowledged is fine', async () => {
  const { calls } = await stored();
  expect(await proveStored(db, calls)).toEqual(fine);
});

test('a run that was acknowledged and is not there is lost, and its call is half there', async () => {
  const { projectId, manual, calls } = await stored();
  await db.query('delete from test_run_step where project_id = $1 and test_run_id = $2', [projectId, manual[0]]);
  await db.query('delete from test_run where project_id = $1 and test_run_id = $2', [projectId, manual[0]]);
  expect(await proveStored(db, calls)).toMatchObject({ lost: 1, half: 1 });
});

test('a run without a step that was sent is half there', async () => {
  const { projectId, single, calls } = await stored();
  await db.query('delete from test_run_step where project_id = $1 and test_run_id = $2', [projectId, single]);
  expect(await proveStored(db, calls)).toMatchObject({ lost: 0, half: 1 });
});

test('a call that is there once more is stored twice', async () => {
  const { projectId, single, calls } = await stored();
  const [testCaseId = 0] = calls[0]?.product.testCaseIds ?? [];
  const [again] = await someRuns(db, projectId, [{ testCaseId, executionStatusId: 2 }]);
  await db.query(`update test_run set name = 'single' where project_id = $1 and test_run_id = $2`, [projectId, again]);
  await db.query(
    `insert into test_run_step (project_id, test_run_id, position, test_case_id, execution_status_id) values ($1, $2, 1, $3, 2)`,
    [projectId, again, testCaseId],
  );
  expect(again).not.toBe(single);
  expect(await proveStored(db, calls)).toMatchObject({ doubled: 1, half: 0, lost: 0 });
});

test('a deletion that was acknowledged and not done is lost; one that nobody asked for, too', async () => {
  const { projectId, single, manual, calls } = await stored();
  calls[0]!.deletion = 'acknowledged';
  expect(await proveStored(db, calls)).toMatchObject({ lost: 1 });
  await db.query('update test_run set is_deleted = true where project_id = $1 and test_run_id = any ($2)', [
    projectId,
    [single, manual[0]],
  ]);
  expect(await proveStored(db, calls)).toMatchObject({ lost: 1 });
});

test('figures that differ are told', async () => {
  const { projectId, calls } = await stored();
  await db.query('update case_figure set execution_status_id = 1 where project_id = $1', [projectId]);
  expect((await proveStored(db, calls)).differences).toBeGreaterThan(0);
});
