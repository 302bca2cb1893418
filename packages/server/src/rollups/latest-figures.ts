// The three figures that show the latest run of something: of a case, of a case for a release it is mapped to, of a
// row of a test set. They share their shape, so their statements are derived from one declaration each.

/** Where the latest runs are read from: the stored cells, or the same relation computed from the runs themselves. */
export type CellSource = 'cell' | 'fact_cell';

export interface LatestFigure {
  name: string;
  table: 'case_figure' | 'mapping_figure' | 'row_figure';
  /** Key columns after project_id. */
  keys: readonly string[];
  /** Columns that are neither key nor result. */
  attributes: readonly string[];
  /** The column that says whose counter a row is part of; null means nobody's. */
  parent: string;
  /**
   * SELECT of keys, attributes and the result columns of every figure that ought to exist for the cases $2; $1 is the
   * project, `roll` the relation (release_id, ancestor_id).
   */
  wanted(cells: CellSource): string;
}

/** The columns of a latest run, in the figures and in cells alike. */
export const resultColumns = ['execution_status_id', 'end_date', 'test_run_id', 'actual_duration'] as const;

const NOT_RUN = 3;
const result = (alias: string) =>
  `coalesce(${alias}.execution_status_id, ${NOT_RUN}::smallint) as execution_status_id, ${alias}.end_date, ${alias}.test_run_id, ${alias}.actual_duration`;

export const caseFigure: LatestFigure = {
  name: 'case',
  table: 'case_figure',
  keys: ['test_case_id'],
  attributes: ['test_case_folder_id'],
  parent: 'test_case_folder_id',
  wanted: (cells) => `
    select c.test_case_id, c.test_case_folder_id, ${result('l')}
      from test_case c
      left join (select distinct on (k.test_case_id) k.* from ${cells} k
                  where k.project_id = $1 and k.test_case_id = any ($2)
                  order by k.test_case_id, k.end_date desc, k.test_run_id desc) l on l.test_case_id = c.test_case_id
     where c.project_id = $1 and c.test_case_id = any ($2) and not c.is_deleted`,
};

export const mappingFigure: LatestFigure = {
  name: 'mapping',
  table: 'mapping_figure',
  keys: ['test_case_id', 'release_id'],
  attributes: [],
  parent: 'release_id',
  wanted: (cells) => `
    select m.test_case_id, m.release_id, ${result('l')}
      from release_test_case m
      join test_case c on c.project_id = $1 and c.test_case_id = m.test_case_id and c.test_case_id = any ($2) and not c.is_deleted
      join release r on r.project_id = $1 and r.release_id = m.release_id and not r.is_deleted
      left join (select distinct on (k.test_case_id, roll.ancestor_id) k.*, roll.ancestor_id
                   from ${cells} k join roll on roll.release_id = k.release_id
                  where k.project_id = $1 and k.test_case_id = any ($2)
                  order by k.test_case_id, roll.ancestor_id, k.end_date desc, k.test_run_id desc) l
             on l.test_case_id = m.test_case_id and l.ancestor_id = m.release_id
     where m.project_id = $1 and m.test_case_id = any ($2)`,
};

export const rowFigure: LatestFigure = {
  name: 'row',
  table: 'row_figure',
  keys: ['test_set_row_id'],
  attributes: ['test_set_id', 'test_case_id'],
  parent: 'test_set_id',
  wanted: (cells) => `
    select s.test_set_row_id, s.test_set_id, s.test_case_id, ${result('l')}
      from test_set_row s
      join test_case c on c.project_id = $1 and c.test_case_id = s.test_case_id and c.test_case_id = any ($2) and not c.is_deleted
      left join (select distinct on (k.test_set_row_id) k.* from ${cells} k
                  where k.project_id = $1 and k.test_case_id = any ($2) and k.test_set_row_id <> 0
                  order by k.test_set_row_id, k.end_date desc, k.test_run_id desc) l on l.test_set_row_id = s.test_set_row_id
     where s.project_id = $1 and s.test_case_id = any ($2) and not s.is_removed`,
};

export const latestFigures = [caseFigure, mappingFigure, rowFigure] as const;

/** The relation `roll` from two arrays of equal length: a run for release_id counts in ancestor_id. */
export const rollFrom = (releaseIds: string, ancestorIds: string) =>
  `roll as materialized (select * from unnest(${releaseIds}::int[], ${ancestorIds}::int[]) as roll (release_id, ancestor_id))`;

/** The relation `fact_cell`: what the cells of the cases $2 have to be, from the runs themselves. */
export const factCells = `fact_cell as materialized (
    select $1::int as project_id, l.*
      from unnest($2::int[]) as c (case_id)
     cross join lateral (
       select distinct on (coalesce(t.release_id, 0), coalesce(t.test_set_row_id, 0))
              t.test_case_id, coalesce(t.release_id, 0) as release_id, coalesce(t.test_set_row_id, 0) as test_set_row_id,
              t.execution_status_id, t.end_date, t.test_run_id, t.actual_duration
         from test_run t
        where t.project_id = $1 and t.test_case_id = c.case_id and not t.is_deleted and t.end_date is not null
        order by coalesce(t.release_id, 0), coalesce(t.test_set_row_id, 0), t.end_date desc, t.test_run_id desc) l)`;

/** Returns `a.x = b.x and a.y = b.y` for the key columns. */
export function keysMatch(figure: LatestFigure, left: string, right: string): string {
  return figure.keys.map((key) => `${left}.${key} = ${right}.${key}`).join(' and ');
}

/** Returns `(a.x, a.y)` over everything but the key. */
export function contents(figure: LatestFigure, alias: string): string {
  return `(${[...figure.attributes, ...resultColumns].map((column) => `${alias}.${column}`).join(', ')})`;
}
