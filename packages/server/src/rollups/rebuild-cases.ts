import type { RollPair } from '../domain/release-tree.ts';
import type { Transaction } from '../storage/database.ts';
import { joinWholeSets } from '../storage/planning.ts';
import { type Affected, affectedFrom, allAffected } from './affected.ts';
import { chunks } from './chunks.ts';
import {
  type CellSource,
  caseFigure,
  contents,
  factCells,
  keysMatch,
  type LatestFigure,
  mappingFigure,
  resultColumns,
  rollFrom,
  rowFigure,
} from './latest-figures.ts';
import { clearMarks } from './merge-runs.ts';
import { rebuildSteps, stepsOfCases } from './step-figures.ts';

export interface RebuildOptions {
  /** First derive the cells of the cases from their runs: after deletions, restores, edits, and in a recalculation. */
  fromRuns: boolean;
}

/**
 * Derives the cells (if asked), the case, mapping and row figures of whole cases anew and returns whose counters may
 * have changed. Call under the lock of figures; afterwards these figures equal a full recount of the cases.
 */
export async function rebuildCases(
  transaction: Transaction,
  projectId: number,
  { testCaseIds, roll, fromRuns }: { testCaseIds: readonly number[]; roll: readonly RollPair[] } & RebuildOptions,
): Promise<Affected> {
  if (testCaseIds.length === 0) return affectedFrom({});
  await joinWholeSets(transaction);
  const parts: Affected[] = [];
  for (const chunk of chunks(testCaseIds, CASES_AT_ONCE)) {
    parts.push(await rebuildChunk(transaction, projectId, { testCaseIds: chunk, roll, fromRuns }));
  }
  return allAffected(parts);
}

/** Cases rebuilt by one round of statements. */
const CASES_AT_ONCE = 500;

async function rebuildChunk(
  transaction: Transaction,
  projectId: number,
  { testCaseIds, roll, fromRuns }: { testCaseIds: readonly number[]; roll: readonly RollPair[] } & RebuildOptions,
): Promise<Affected> {
  if (fromRuns) {
    await rebuildCells(transaction, projectId, testCaseIds);
    await clearMarks(transaction, projectId, testCaseIds);
  }
  const target = { projectId, testCaseIds, roll, cells: 'cell' } as const;
  const cases = await rebuildFigure(transaction, caseFigure, target);
  const mappings = await rebuildFigure(transaction, mappingFigure, target);
  const setRows = await rebuildFigure(transaction, rowFigure, target);
  const steps = await rebuildSteps(
    transaction,
    projectId,
    await stepsOfCases(transaction, projectId, cases.cameOrWent),
  );
  return allAffected([
    affectedFrom({ testCaseIds: cases.testCaseIds, folderIds: cases.parents, rowsChanged: cases.rowsChanged }),
    affectedFrom({ releaseIds: mappings.parents, rowsChanged: mappings.rowsChanged }),
    affectedFrom({ testSetIds: setRows.parents, rowsChanged: setRows.rowsChanged }),
    affectedFrom({ rowsChanged: steps }),
  ]);
}

export interface FigureTarget {
  projectId: number;
  testCaseIds: readonly number[];
  roll: readonly RollPair[];
  cells: CellSource;
  /** Only figures whose parent is one of these. */
  onlyParents?: readonly number[];
}

interface RebuiltFigure {
  parents: number[];
  testCaseIds: number[];
  /** Cases that have a figure now and had none before, or the other way round. */
  cameOrWent: number[];
  rowsChanged: number;
}

/** Makes the figures of one kind equal to what they ought to be for these cases. */
export async function rebuildFigure(
  transaction: Transaction,
  figure: LatestFigure,
  target: FigureTarget,
): Promise<RebuiltFigure> {
  const [row] = await transaction.query<RebuiltFigure>({
    name: `rebuild-${figure.name}-${target.cells}`,
    text: rebuildSql(figure, target.cells),
    values: [
      target.projectId,
      target.testCaseIds,
      target.roll.map((pair) => pair.releaseId),
      target.roll.map((pair) => pair.ancestorId),
      target.onlyParents ?? null,
    ],
  });
  if (!row) throw new Error('A rebuild always answers one row');
  return row;
}

function rebuildSql(figure: LatestFigure, cells: CellSource): string {
  const columns = [...figure.keys, ...figure.attributes, ...resultColumns];
  const updates = [...figure.attributes, ...resultColumns].map((column) => `${column} = excluded.${column}`);
  const only = (alias: string) => `($5::int[] is null or ${alias}.${figure.parent} = any ($5))`;
  return `
with ${rollFrom('$3', '$4')}${cells === 'fact_cell' ? `,\n${factCells}` : ''},
wanted as materialized (select * from (${figure.wanted(cells)}) all_wanted where ${only('all_wanted')}),
old as materialized (select * from ${figure.table} f where f.project_id = $1 and f.test_case_id = any ($2) and ${only('f')}),
differing as materialized (
  select ${figure.keys.map((key) => `coalesce(w.${key}, o.${key}) as ${key}`).join(', ')},
         coalesce(w.test_case_id, o.test_case_id) as case_id,
         w.${figure.keys[0]} is not null as is_wanted, o.${figure.keys[0]} is not null as was_there,
         w.${figure.parent} as new_parent, o.${figure.parent} as old_parent
    from wanted w full join old o on ${keysMatch(figure, 'w', 'o')}
   where (w.${figure.keys[0]} is null or o.${figure.keys[0]} is null or ${contents(figure, 'w')} is distinct from ${contents(figure, 'o')})),
gone as (
  delete from ${figure.table} f using differing d
   where f.project_id = $1 and ${keysMatch(figure, 'f', 'd')} and not d.is_wanted),
put as (
  insert into ${figure.table} (project_id, ${columns.join(', ')})
  select $1, ${columns.map((column) => `w.${column}`).join(', ')} from wanted w join differing d on ${keysMatch(figure, 'w', 'd')}
  on conflict (project_id, ${figure.keys.join(', ')}) do update set ${updates.join(', ')})
select array(select parent from (select new_parent as parent from differing union select old_parent from differing) p where parent is not null) as "parents",
       array(select distinct case_id from differing) as "testCaseIds",
       array(select distinct case_id from differing where is_wanted <> was_there) as "cameOrWent",
       (select count(*) from differing) as "rowsChanged"`;
}

const rebuildCellsSql = `
with ${factCells},
gone as (
  delete from cell k
   where k.project_id = $1 and k.test_case_id = any ($2)
     and not exists (select from fact_cell w
                      where (w.test_case_id, w.release_id, w.test_set_row_id) = (k.test_case_id, k.release_id, k.test_set_row_id)))
insert into cell (project_id, test_case_id, release_id, test_set_row_id, execution_status_id, end_date, test_run_id, actual_duration)
select project_id, test_case_id, release_id, test_set_row_id, execution_status_id, end_date, test_run_id, actual_duration from fact_cell
on conflict (project_id, test_case_id, release_id, test_set_row_id) do update
   set execution_status_id = excluded.execution_status_id, end_date = excluded.end_date,
       test_run_id = excluded.test_run_id, actual_duration = excluded.actual_duration
 where (cell.execution_status_id, cell.end_date, cell.test_run_id, cell.actual_duration)
       is distinct from (excluded.execution_status_id, excluded.end_date, excluded.test_run_id, excluded.actual_duration)`;

/** Makes the cells of these cases equal to their runs. */
export async function rebuildCells(
  transaction: Transaction,
  projectId: number,
  testCaseIds: readonly number[],
): Promise<void> {
  await transaction.query({ name: 'rebuild-cells', text: rebuildCellsSql, values: [projectId, testCaseIds] });
}
