import type { Transaction } from './database.ts';

/** How the rows of one table are copied. */
interface CopiedTable {
  table: string;
  /** The column with the row's own id; copies get new ids. Absent where other ids make up the key. */
  key?: string;
  /** Rows that are left out: deleted and removed ones. */
  unless?: 'is_deleted' | 'is_removed';
  /** Columns that refer to a copied table; a row whose target was left out is left out, too. */
  required?: Readonly<Record<string, string>>;
  /** Columns that may refer to a copied table; empty where the target was left out. */
  optional?: Readonly<Record<string, string>>;
  /** Columns that the copy does not take over. */
  without?: readonly string[];
}

/** What a product is planned with, each table after those that it refers to. */
const copiedTables: readonly CopiedTable[] = [
  { table: 'project_member' },
  { table: 'component', key: 'component_id', unless: 'is_deleted' },
  {
    table: 'release',
    key: 'release_id',
    unless: 'is_deleted',
    optional: { parent_release_id: 'release' },
  },
  {
    table: 'test_case_folder',
    key: 'test_case_folder_id',
    optional: { parent_test_case_folder_id: 'test_case_folder' },
  },
  {
    table: 'test_case',
    key: 'test_case_id',
    unless: 'is_deleted',
    optional: { test_case_folder_id: 'test_case_folder' },
    // A script lies in a document, and documents are not copied.
    without: ['automation_attachment_id'],
  },
  {
    table: 'test_step',
    key: 'test_step_id',
    unless: 'is_deleted',
    required: { test_case_id: 'test_case' },
    optional: { linked_test_case_id: 'test_case' },
  },
  { table: 'test_case_parameter', key: 'test_case_parameter_id', required: { test_case_id: 'test_case' } },
  { table: 'test_step_parameter', required: { test_step_id: 'test_step' } },
  { table: 'release_test_case', required: { release_id: 'release', test_case_id: 'test_case' } },
  { table: 'test_set_folder', key: 'test_set_folder_id', optional: { parent_test_set_folder_id: 'test_set_folder' } },
  { table: 'automation_host', key: 'automation_host_id', unless: 'is_deleted', without: ['last_contact_at'] },
  { table: 'test_configuration_set', key: 'test_configuration_set_id' },
  {
    table: 'test_configuration',
    key: 'test_configuration_id',
    required: { test_configuration_set_id: 'test_configuration_set' },
  },
  {
    table: 'test_configuration_value',
    required: { test_configuration_id: 'test_configuration', test_case_parameter_id: 'test_case_parameter' },
  },
  {
    table: 'test_set',
    key: 'test_set_id',
    unless: 'is_deleted',
    optional: {
      test_set_folder_id: 'test_set_folder',
      release_id: 'release',
      automation_host_id: 'automation_host',
      test_configuration_set_id: 'test_configuration_set',
    },
  },
  {
    table: 'test_set_row',
    key: 'test_set_row_id',
    unless: 'is_removed',
    required: { test_set_id: 'test_set', test_case_id: 'test_case' },
  },
  {
    table: 'test_set_parameter',
    required: {
      test_set_id: 'test_set',
      test_set_row_id: 'test_set_row',
      test_case_parameter_id: 'test_case_parameter',
    },
  },
  {
    table: 'requirement',
    key: 'requirement_id',
    unless: 'is_deleted',
    optional: { parent_requirement_id: 'requirement', release_id: 'release', component_id: 'component' },
  },
  { table: 'requirement_test_case', required: { requirement_id: 'requirement', test_case_id: 'test_case' } },
];

/** Identity and stamps are the copy's own. */
const ownColumns = ['guid', 'created_at', 'updated_at', 'concurrency_date', 'concurrency_guid'];

/**
 * Copies what a product is planned with into another one: table by table, each with two statements, whatever its size.
 * Ids are new, links lead to the copies. Runs, builds, incidents, documents and comments are not copied.
 */
export async function cloneProjectContent(
  transaction: Transaction,
  { from, to }: { from: number; to: number },
): Promise<void> {
  await transaction.query(
    'create temporary table cloned (kind text, old_id integer, new_id integer, primary key (kind, old_id)) on commit drop',
  );
  // The value of a whole test set is said of row 0.
  await transaction.query(`insert into cloned values ('test_set_row', 0, 0)`);
  // Ids first: custom values of any artifact may name any release and host.
  for (const copied of copiedTables) if (copied.key) await giveIds(transaction, { ...copied, key: copied.key }, from);
  for (const copied of copiedTables) await copyRows(transaction, copied, { from, to });
  await transaction.query(
    `update project t set settings = s.settings, refresh_mode = s.refresh_mode, rollups_disabled = s.rollups_disabled
       from project s where t.project_id = $2 and s.project_id = $1`,
    [from, to],
  );
}

async function giveIds(transaction: Transaction, copied: CopiedTable & { key: string }, from: number): Promise<void> {
  const { table, key } = copied;
  await transaction.query(
    `insert into cloned
     select '${table}', s.${key}, nextval(pg_get_serial_sequence('${table}', '${key}'))
       from ${table} s where ${wanted(copied)} order by s.${key}`,
    [from],
  );
}

async function copyRows(
  transaction: Transaction,
  copied: CopiedTable,
  { from, to }: { from: number; to: number },
): Promise<void> {
  const { table, key } = copied;
  const targets = { ...copied.required, ...copied.optional, ...(key ? { [key]: table } : {}) };
  const columns = await copiedColumns(transaction, copied);
  const values = columns.map((column) => {
    if (column === 'component_ids') return clonedComponents;
    if (column === 'custom_properties') return clonedCustomValues;
    return targets[column] ? cloned(targets[column], column) : `s.${column}`;
  });
  await transaction.query(
    `insert into ${table} (project_id, ${columns.join(', ')})
     select $2, ${values.join(', ')} from ${table} s where ${wanted(copied)}`,
    [from, to],
  );
}

async function copiedColumns(transaction: Transaction, { table, without = [] }: CopiedTable): Promise<string[]> {
  const rows = await transaction.query<{ name: string }>(
    `select attname as name from pg_attribute
      where attrelid = $1::regclass and attnum > 0 and not attisdropped and attname <> all($2) order by attnum`,
    [table, ['project_id', ...ownColumns, ...without]],
  );
  return rows.map((row) => row.name);
}

const cloned = (kind: string, column: string) =>
  `(select c.new_id from cloned c where c.kind = '${kind}' and c.old_id = s.${column})`;

const clonedComponents = `(select array_agg(c.new_id order by c.new_id) from cloned c
   where c.kind = 'component' and c.old_id = any(s.component_ids))`;

/** Properties of these types hold the id of a copied thing; a value whose target was left out is left out, too. */
const kindsOfCustomTypes = `case p.custom_property_type_id when 10 then 'release' when 12 then 'automation_host' end`;

const clonedCustomValues = `case jsonb_typeof(s.custom_properties) when 'array' then (
  select jsonb_agg(case when c.new_id is null then e else e || jsonb_build_object('integerValue', c.new_id) end order by place)
    from jsonb_array_elements(s.custom_properties) with ordinality as n (e, place)
    left join custom_property p on p.custom_property_id = (e ->> 'customPropertyId')::integer
    left join cloned c on c.kind = ${kindsOfCustomTypes} and c.old_id = (e ->> 'integerValue')::integer
   where c.new_id is not null or ${kindsOfCustomTypes} is null) end`;

function wanted({ unless, required = {} }: CopiedTable): string {
  const targets = Object.entries(required).map(
    ([column, kind]) => `exists (select from cloned c where c.kind = '${kind}' and c.old_id = s.${column})`,
  );
  return ['s.project_id = $1', ...(unless ? [`not s.${unless}`] : []), ...targets].join(' and ');
}
