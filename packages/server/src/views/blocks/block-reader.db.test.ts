import { expect, test } from 'vitest';
import { aProject, aTestCase } from '../../../test/support/builders.ts';
import { NOON } from '../../../test/support/clock.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { pendingRuns, shortBlocks } from '../../../test/support/runs.ts';
import { ClosedRunIds, countBlocks } from '../../rollups/count-blocks.ts';
import type { Database, Queryable, Readable } from '../../storage/database.ts';
import { testRuns } from '../test-runs.ts';

const [span, blocks] = [4, 6];
const passed = 2;

/** As the database, and writes down what is asked. */
function watched(db: Database): { readable: Readable; asked: { text: string; values: unknown[] }[] } {
  const asked: { text: string; values: unknown[] }[] = [];
  const watching = (queryable: Queryable): Queryable => ({
    kysely: queryable.kysely,
    query: (statement, values) => {
      const { text, values: own = [] } = typeof statement === 'string' ? { text: statement } : statement;
      asked.push({ text, values: values ?? own });
      return queryable.query(statement, values);
    },
  });
  const readable: Readable = {
    ...watching(db),
    snapshot: (work) => db.snapshot((snapshot) => work(watching(snapshot))),
  };
  return { readable, asked };
}

test('a first page whose blocks are known exactly reads the runs of the blocks that it shows, and of no others', async () => {
  const db = await testDatabase();
  const projectId = await aProject(db);
  await shortBlocks(db, projectId, { span, partSpan: span });
  const testCaseId = await aTestCase(db, projectId);
  // One run of each block failed.
  const values = Array.from({ length: span * blocks + 1 }, (_, at) => ({
    testCaseId,
    executionStatusId: at % span === 0 ? 1 : passed,
    endDate: new Date(NOON.getTime() + at * 60_000),
  }));
  await pendingRuns(db, projectId, values);
  const closedBelow = await new ClosedRunIds().below(db);
  while (await countBlocks(db, projectId, closedBelow));

  const { readable, asked } = watched(db);
  const page = await testRuns.list(readable, [projectId], {
    where: [{ field: 'executionStatusId', test: 'anyOf', values: [1], orNull: false }],
    sort: { field: 'endDate', descending: false },
    page: { offset: 0, limit: 1 },
  });
  expect(page).toHaveLength(1);
  const named = asked.filter(({ text }) => text.includes('unnest(v.places)'));
  expect(named.map((statement) => statement.values.at(-1))).toEqual([[expect.any(Number)]]);
});
