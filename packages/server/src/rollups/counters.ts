import type { Transaction } from '../storage/database.ts';
import type { Affected } from './affected.ts';

// Counters are recounted from the figures that contribute to them: retry, rebuild and repair are one piece of code, and a
// parent that is touched is right afterwards. The cost follows the members of the parents touched, not the number of
// runs. One exception: where new runs change nothing but the status of a release's members, its counters follow by the
// difference, because a release may count every case of the product (measured with 5,000: 0.5 instead of 65 ms).

export interface CounterKind {
  table: 'release_figure' | 'set_figure' | 'folder_figure' | 'requirement_figure';
  key: string;
  /** FROM clause of the contributions, as `m` with m.execution_status_id; filtered by `keySql`. */
  from: string;
  keySql: string;
  /** Further columns, by how they are aggregated. */
  extra: Readonly<Record<string, string>>;
}

export const releaseCounters: CounterKind = {
  table: 'release_figure',
  key: 'release_id',
  from: 'mapping_figure m',
  keySql: 'm.release_id',
  extra: {},
};

/**
 * Runs may claim to have taken centuries; their sum stays within what the column and the wire can hold. Null without any
 * (not by `least`, which passes over null).
 */
const totalMinutes =
  'case when sum(m.actual_duration) > 2147483647 then 2147483647 else sum(m.actual_duration)::int end';

export const setCounters: CounterKind = {
  table: 'set_figure',
  key: 'test_set_id',
  from: 'row_figure m',
  keySql: 'm.test_set_id',
  // The set's date is the earliest of its rows' (TX-3), its duration the sum (TX-7).
  extra: { execution_date: 'min(m.end_date)', actual_duration: totalMinutes },
};

export const folderCounters: CounterKind = {
  table: 'folder_figure',
  key: 'test_case_folder_id',
  from: 'case_figure m',
  keySql: 'm.test_case_folder_id',
  extra: { execution_date: 'max(m.end_date)', actual_duration: totalMinutes },
};

export const requirementCounters: CounterKind = {
  table: 'requirement_figure',
  key: 'requirement_id',
  from: 'requirement_test_case q join case_figure m on m.project_id = q.project_id and m.test_case_id = q.test_case_id',
  keySql: 'q.requirement_id',
  extra: {},
};

export const counterKinds = [releaseCounters, setCounters, folderCounters, requirementCounters] as const;

const counters: Readonly<Record<string, number>> = {
  count_failed: 1,
  count_passed: 2,
  count_not_run: 3,
  count_not_applicable: 4,
  count_blocked: 5,
  count_caution: 6,
};

/** The columns of a counter row after its key. */
export const counterColumns = (kind: CounterKind) => [...Object.keys(counters), ...Object.keys(kind.extra)];

/** SELECT of key and counters as they ought to be, for the parents in `parents` (SQL condition on the key). */
export function wantedCounters(kind: CounterKind, parents: string): string {
  const counted = Object.entries(counters).map(
    ([column, status]) => `count(*) filter (where m.execution_status_id = ${status})::int as ${column}`,
  );
  const extra = Object.entries(kind.extra).map(([column, aggregate]) => `${aggregate} as ${column}`);
  const scope = `${kind.keySql.split('.')[0]}.project_id = $1 and ${kind.keySql} ${parents}`;
  return `select ${kind.keySql} as ${kind.key}, ${[...counted, ...extra].join(', ')} from ${kind.from} where ${scope} group by ${kind.keySql}`;
}

/**
 * UPDATE of the counters of a kind by the members of `moved` (SELECT of key, old_status, new_status) that went from one
 * status to another: what they were is taken off, what they are now is added. Other parts of a counter row stay.
 */
export function moveCounters(kind: CounterKind, moved: string): string {
  const columns = Object.keys(counters);
  const differences = Object.entries(counters).map(
    ([column, status]) =>
      `(count(*) filter (where new_status = ${status}) - count(*) filter (where old_status = ${status}))::int as ${column}`,
  );
  return `
  update ${kind.table} f set ${columns.map((column) => `${column} = f.${column} + d.${column}`).join(', ')}
    from (select ${kind.key}, ${differences.join(', ')} from (${moved}) moved group by ${kind.key}) d
   where f.project_id = $1 and f.${kind.key} = d.${kind.key}
     and (${columns.map((column) => `d.${column}`).join(', ')}) <> (${columns.map(() => '0').join(', ')})
  returning 1`;
}

function recountSql(kind: CounterKind): string {
  const columns = counterColumns(kind);
  const list = (alias: string) => columns.map((column) => `${alias}.${column}`).join(', ');
  return `
with wanted as materialized (${wantedCounters(kind, '= any ($2)')}),
gone as (
  delete from ${kind.table} f
   where f.project_id = $1 and f.${kind.key} = any ($2) and not exists (select from wanted w where w.${kind.key} = f.${kind.key})
  returning 1),
put as (
  insert into ${kind.table} (project_id, ${kind.key}, ${columns.join(', ')})
  select $1, w.${kind.key}, ${list('w')} from wanted w
  on conflict (project_id, ${kind.key}) do update set ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}
   where (${list(kind.table)}) is distinct from (${list('excluded')})
  returning 1)
select (select count(*) from gone) + (select count(*) from put) as changed`;
}

const recountStatements = new Map(
  counterKinds.map((kind) => [kind, { name: `recount-${kind.table}`, text: recountSql(kind) }]),
);

/** Recounts the counters of these parents; returns how many rows changed. Call under the lock of figures. */
export async function recount(
  transaction: Transaction,
  projectId: number,
  { kind, parentIds }: { kind: CounterKind; parentIds: readonly number[] },
): Promise<number> {
  const statement = recountStatements.get(kind);
  if (!statement || parentIds.length === 0) return 0;
  const [row] = await transaction.query<{ changed: number }>({ ...statement, values: [projectId, parentIds] });
  return row?.changed ?? 0;
}

/** Recounts everything that the affected figures contribute to; returns how many rows changed. */
export async function recountAffected(
  transaction: Transaction,
  projectId: number,
  affected: Affected,
): Promise<number> {
  const covering = await requirementsCovering(transaction, projectId, affected.testCaseIds);
  const changed = await Promise.all([
    recount(transaction, projectId, { kind: releaseCounters, parentIds: affected.releaseIds }),
    recount(transaction, projectId, { kind: setCounters, parentIds: affected.testSetIds }),
    recount(transaction, projectId, { kind: folderCounters, parentIds: affected.folderIds }),
    recount(transaction, projectId, {
      kind: requirementCounters,
      parentIds: [...new Set([...affected.requirementIds, ...covering])],
    }),
  ]);
  return changed.reduce((sum, rows) => sum + rows, 0);
}

async function requirementsCovering(
  transaction: Transaction,
  projectId: number,
  testCaseIds: readonly number[],
): Promise<number[]> {
  if (testCaseIds.length === 0) return [];
  const rows = await transaction.query<{ id: number }>({
    name: 'requirements-covering',
    text: 'select distinct requirement_id as id from requirement_test_case where project_id = $1 and test_case_id = any ($2)',
    values: [projectId, testCaseIds],
  });
  return rows.map((row) => row.id);
}
