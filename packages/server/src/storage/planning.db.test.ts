import { expect, test } from 'vitest';
import { isPooled, testDatabase } from '../../test/support/database.ts';
import { queryPlannedOnce } from './planning.ts';

test('a statement that is planned once is not planned for its values, and the statements after it are', async () => {
  const db = await testDatabase();
  const statement = {
    name: 'users-by-id',
    text: 'select user_id as id from app_user where user_id = any ($1::int[])',
  };
  await db.transaction(async (transaction) => {
    for (const id of [1, 1, 1]) {
      expect(await queryPlannedOnce(transaction, { ...statement, values: [[id]] })).toEqual([{ id }]);
    }
    expect(await transaction.query(`select current_setting('plan_cache_mode') as mode`)).toEqual([{ mode: 'auto' }]);
    // A session that a pooler shares may not be known yet: then nothing has a name.
    if (isPooled) return;
    expect(
      await transaction.query(
        `select generic_plans as generic, custom_plans as custom from pg_prepared_statements where name = $1`,
        [statement.name],
      ),
    ).toEqual([{ generic: 3, custom: 0 }]);
  });
});

test('outside a transaction it is planned as others are', async () => {
  const db = await testDatabase();
  const users = { name: 'users', text: 'select user_id as id from app_user where user_id = $1', values: [1] };
  expect(await queryPlannedOnce(db, users)).toEqual([{ id: 1 }]);
});
