import { expect, test } from 'vitest';
import { unscopedTables } from './statement-scope.ts';

const tables = new Set(['test_run', 'test_case', 'cell', 'change']);

test.each([
  'select from test_run where project_id = $1 and not is_deleted',
  'select from test_run t where t.project_id = $1 and (t.name = $2 or t.name is null)',
  'select from test_run t join test_case c on c.project_id = t.project_id and c.id = t.id where t.project_id = $1',
  'select from test_run join test_case using (project_id, test_case_id) where project_id = $1',
  'select from test_run t where project_id = $1 and exists (select from cell c where c.project_id = t.project_id)',
  'select from test_run t where (t.project_id, t.id) in (select $1, 2)',
  'select from test_run t where t.project_id in (select p from access)',
  'select from test_run t where t.project_id = any ($1)',
  'with x as (select * from cell where project_id = $1) select from x join test_run t on t.project_id = x.project_id',
  'with cell as (select 1) select from cell',
  'select from a left join lateral (select from cell where project_id = $1) c on true',
  'update cell set a = 1 from unnest($2) n where cell.project_id = $1 and n = cell.id',
  'delete from change where project_id = $1 returning ids',
  'insert into cell (project_id, a) select $1, a from unnest($2) a on conflict (project_id) do update set a = 1',
  'select 1 union all select 2 from cell where project_id = $1::int',
  'select pg_advisory_xact_lock($1, $2)',
])('every table is scoped in: %s', async (sql) => {
  expect(await unscopedTables(sql, tables)).toEqual([]);
});

test.each([
  ['select from test_run', ['test_run']],
  ['select from test_run t where t.project_id = $1 or $1 is null', ['test_run t']],
  ['select from test_run t where not t.project_id = $1', ['test_run t']],
  ['select from test_run t where t.project_id > $1', ['test_run t']],
  ['select from test_run t, cell c where t.project_id = $1 and c.id = t.id', ['cell c']],
  ['select from test_run t join cell c on c.project_id = t.project_id', ['test_run t', 'cell c']],
  ['select from test_run t where t.project_id = $1 and exists (select from cell c where c.id = t.id)', ['cell c']],
  ['select (select count(*) from cell) from test_run where project_id = $1', ['cell']],
  ['with x as (select from cell) select from test_run where project_id = $1', ['cell']],
  ['update cell set project_id = $1', ['cell']],
  ['delete from change using cell c where change.id = c.id and c.project_id = $1', ['change']],
  ['insert into cell (a) values (1)', ['cell']],
  ['select from cell where project_id = $1 union all select from cell', ['cell']],
])('tables without a project are found in: %s', async (sql, expected) => {
  expect(await unscopedTables(sql, tables)).toEqual(expected);
});
