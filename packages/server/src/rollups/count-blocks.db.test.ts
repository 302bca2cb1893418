import { expect, test } from 'vitest';
import { aProject, aTestCase } from '../../test/support/builders.ts';
import { testDatabase } from '../../test/support/database.ts';
import { pendingRuns, shortBlocks } from '../../test/support/runs.ts';
import { listBlocks } from '../storage/run-blocks.ts';
import { ClosedRunIds, countBlocks } from './count-blocks.ts';

test('counting looks at each case once, also while nothing is known of a new partition', async () => {
  const db = await testDatabase({ poolSize: 1 });
  const projectId = await aProject(db);
  const [span, cases] = [300, 60];
  await shortBlocks(db, projectId, { span, partSpan: span });
  const testCaseIds: number[] = [];
  for (let at = 0; at < cases; at += 1) testCaseIds.push(await aTestCase(db, projectId));
  const values = Array.from({ length: span + 1 }, (_, at) => ({
    testCaseId: testCaseIds[at % cases]!,
    executionStatusId: 2,
  }));
  await pendingRuns(db, projectId, values);

  const casesRead = async () => {
    await db.query('select pg_stat_force_next_flush()');
    const [row] = await db.query<{ rows: number }>(
      `select (seq_tup_read + idx_tup_fetch)::float8 as rows from pg_stat_user_tables where relname = 'test_case'`,
    );
    return row?.rows ?? 0;
  };
  const before = await casesRead();
  const closedBelow = await new ClosedRunIds().below(db);
  while (await countBlocks(db, projectId, closedBelow));
  expect(await listBlocks(db, projectId)).not.toEqual([]);
  expect((await casesRead()) - before).toBeLessThanOrEqual(cases);
});
