import type { Condition } from '../../src/domain/filter.ts';
import type { Database } from '../../src/storage/database.ts';
import { automatedTestRuns, testRuns } from '../../src/views/test-runs.ts';

const long = new Date('2000-01-01T00:00:00Z');

/** One condition of each kind that reads by blocks tell apart. */
const conditions: readonly Condition[] = [
  { field: 'executionStatusId', test: 'anyOf', values: [2, 1], orNull: true },
  { field: 'releaseId', test: 'isNull' },
  { field: 'actualDuration', test: 'between', from: 0, to: 1_000 },
  { field: 'endDate', test: 'within', from: long },
  { field: 'runnerName', test: 'contains', text: 'Sco' },
  { field: 'tags', test: 'isNull' },
  { fields: ['name'], test: 'words', words: ['a'] },
];

/** Asks for lists and counts of runs in every way in which they are read by blocks. */
export async function readByBlocks(db: Database, projectId: number): Promise<void> {
  for (const view of [testRuns, automatedTestRuns]) {
    const page = { offset: 3, limit: 4 };
    for (const field of Object.keys(view.definition.columns))
      await view.list(db, [projectId], { sort: { field, descending: true }, page });
    const sort = { field: 'concurrencyDate', descending: false };
    for (const where of [[], ...conditions.map((condition) => [condition]), conditions]) {
      await view.count(db, [projectId], where);
      for (const offset of [0, 3]) await view.list(db, [projectId], { where, sort, page: { ...page, offset } });
    }
  }
}
