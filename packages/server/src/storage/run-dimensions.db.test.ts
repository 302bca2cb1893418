import { expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { MOST_PLACES } from './run-dimensions.ts';

test('values that name their runs are those that PostgreSQL is told to expect', async () => {
  const db = await testDatabase();
  const [check] = await db.query<{ text: string }>(
    `select pg_get_constraintdef(oid) as text from pg_constraint where conname = 'run_block_value_named'`,
  );
  expect(check?.text).toContain(`(run_count <= ${MOST_PLACES})`);
});
