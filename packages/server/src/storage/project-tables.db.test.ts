import { expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { projectTables } from './project-tables.ts';

const db = await testDatabase();

test('every table with rows of a project is cleared with it, except the event log', async () => {
  const tables = await db.query<{ name: string }>(
    `select c.table_name as name from information_schema.columns c
       join information_schema.tables t using (table_schema, table_name)
      where c.table_schema = current_schema() and c.column_name = 'project_id' and t.table_type = 'BASE TABLE'
        and not exists (select from pg_inherits where inhrelid = c.table_name::regclass)`,
  );
  const names = tables.map((table) => table.name).filter((name) => name !== 'event');
  expect(names.toSorted()).toEqual([...projectTables].toSorted());
});
