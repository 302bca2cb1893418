import type { Queryable } from '../../src/storage/database.ts';

// A recount of every figure straight from the tables, written for the tests alone and on purpose without a look at the
// server's own rules or statements: quadratic loops over all runs, one definition of semantics 3.2 after the other.

interface Run {
  id: number;
  case_id: number;
  release_id: number | null;
  row_id: number | null;
  status: number;
  end: Date;
  minutes: number | null;
}

const tables = {
  releases:
    'select release_id as id, parent_release_id as parent, release_type_id as type, is_deleted as gone from release',
  cases: 'select test_case_id as id, test_case_folder_id as folder from test_case where not is_deleted and true',
  rows: 'select test_set_row_id as id, test_set_id as set, test_case_id as case_id from test_set_row where not is_removed and true',
  mappings: 'select release_id as release, test_case_id as case_id from release_test_case',
  coverage: 'select requirement_id as requirement, test_case_id as case_id from requirement_test_case',
};

async function all<Row extends object>(db: Queryable, sql: string, projectId: number): Promise<Row[]> {
  return db.query<Row>(`${sql} ${sql.includes('where') ? 'and' : 'where'} project_id = $1`, [projectId]);
}

/** Returns every figure of the project as it has to be: a readable key and a readable value. */
export async function naiveRecount(db: Queryable, projectId: number): Promise<Map<string, string>> {
  const releases = await all<{ id: number; parent: number | null; type: number; gone: boolean }>(
    db,
    tables.releases,
    projectId,
  );
  const cases = await all<{ id: number; folder: number | null }>(db, tables.cases, projectId);
  const rows = await all<{ id: number; set: number; case_id: number }>(db, tables.rows, projectId);
  const mappings = await all<{ release: number; case_id: number }>(db, tables.mappings, projectId);
  const coverage = await all<{ requirement: number; case_id: number }>(db, tables.coverage, projectId);
  const caseIds = new Set(cases.map((c) => c.id));
  const runs = (
    await db.query<Run>(
      `select test_run_id as id, test_case_id as case_id, release_id, test_set_row_id as row_id, execution_status_id as status,
              end_date as end, actual_duration as minutes
         from test_run where project_id = $1 and is_deleted = false and end_date is not null`,
      [projectId],
    )
  ).filter((run) => caseIds.has(run.case_id));

  const newest = (wanted: (run: Run) => boolean): Run | undefined => {
    let best: Run | undefined;
    for (const run of runs) {
      if (!wanted(run)) continue;
      if (!best || run.end > best.end || (run.end.getTime() === best.end.getTime() && run.id > best.id)) best = run;
    }
    return best;
  };
  const release = (id: number) => releases.find((r) => r.id === id);
  /** Does a run against `from` count for `into`? Climb from one to the other, stopped by majors and by deleted releases. */
  const counts = (from: number | null, into: number): boolean => {
    let at = from === null ? undefined : release(from);
    while (at && !at.gone) {
      if (at.id === into) return true;
      if (at.type === 1 || at.parent === null) return false;
      at = release(at.parent);
    }
    return false;
  };

  const figures = new Map<string, string>();
  const shown = (run: Run | undefined) =>
    run ? `${run.status} ${run.end.getTime()} ${run.id} ${run.minutes}` : 'not run';
  const tally = new Map<string, (Run | undefined)[]>();
  const add = (parent: string, run: Run | undefined) => tally.set(parent, [...(tally.get(parent) ?? []), run]);

  for (const c of cases) {
    const run = newest((r) => r.case_id === c.id);
    figures.set(`case ${c.id}`, shown(run));
    if (c.folder !== null) add(`folder ${c.folder}`, run);
    for (const covered of coverage) if (covered.case_id === c.id) add(`requirement ${covered.requirement}`, run);
  }
  for (const m of mappings) {
    if (!caseIds.has(m.case_id) || release(m.release)?.gone !== false) continue;
    const run = newest((r) => r.case_id === m.case_id && counts(r.release_id, m.release));
    figures.set(`mapping ${m.release}/${m.case_id}`, shown(run));
    add(`release ${m.release}`, run);
  }
  for (const row of rows) {
    if (!caseIds.has(row.case_id)) continue;
    const run = newest((r) => r.row_id === row.id);
    figures.set(`row ${row.id}`, shown(run));
    add(`set ${row.set}`, run);
  }
  for (const [parent, members] of tally) figures.set(parent, parentText(parent, members));
  for (const [step, text] of await stepTexts(db, projectId, runs)) figures.set(step, text);
  return figures;
}

function parentText(parent: string, members: (Run | undefined)[]): string {
  const counts = [1, 2, 3, 4, 5, 6]
    .map((status) => members.filter((run) => (run?.status ?? 3) === status).length)
    .join(',');
  const times = members.flatMap((run) => (run ? [run.end.getTime()] : [])).sort((a, b) => a - b);
  const minutes = members.flatMap((run) => (run && run.minutes !== null ? [run.minutes] : []));
  const sum = minutes.length === 0 ? null : minutes.reduce((a, b) => a + b, 0);
  if (parent.startsWith('set')) return `${counts} since ${times[0] ?? null} minutes ${sum}`;
  if (parent.startsWith('folder')) return `${counts} until ${times.at(-1) ?? null} minutes ${sum}`;
  return counts;
}

async function stepTexts(db: Queryable, projectId: number, runs: Run[]): Promise<Map<string, string>> {
  const results = await db.query<{ step: number; run: number; status: number; position: number; id: number }>(
    `select test_step_id as step, test_run_id as run, execution_status_id as status, position, test_run_step_id as id
       from test_run_step where project_id = $1 and test_step_id is not null order by position, test_run_step_id`,
    [projectId],
  );
  const texts = new Map<string, string>();
  const newestFirst = [...runs].sort((a, b) => b.end.getTime() - a.end.getTime() || b.id - a.id);
  for (const step of new Set(results.map((result) => result.step))) {
    const run = newestFirst.find((candidate) =>
      results.some((result) => result.step === step && result.run === candidate.id),
    );
    const result = results.filter((candidate) => candidate.step === step && candidate.run === run?.id).at(-1);
    if (run && result) texts.set(`step ${step}`, `${result.status} ${run.end.getTime()} ${run.id}`);
  }
  return texts;
}

/** Returns every stored figure in the same words. Parents whose counters are all zero are left out on both sides. */
export async function storedFigures(db: Queryable, projectId: number): Promise<Map<string, string>> {
  const latest = `case when test_run_id is null then 'not run' when execution_status_id is null then 'broken'
    else concat(execution_status_id, ' ', (extract(epoch from end_date) * 1000)::bigint, ' ', test_run_id, ' ', coalesce(actual_duration::text, 'null')) end`;
  const counts = `concat_ws(',', count_failed, count_passed, count_not_run, count_not_applicable, count_blocked, count_caution)`;
  const at = `coalesce(((extract(epoch from execution_date) * 1000)::bigint)::text, 'null')`;
  const minutes = `coalesce(actual_duration::text, 'null')`;
  const rows = await db.query<{ key: string; value: string }>(
    `select 'case ' || test_case_id as key, ${latest} as value from case_figure where project_id = $1
     union all select 'mapping ' || release_id || '/' || test_case_id, ${latest} from mapping_figure where project_id = $1
     union all select 'row ' || test_set_row_id, ${latest} from row_figure where project_id = $1
     union all select 'step ' || test_step_id, concat(execution_status_id, ' ', (extract(epoch from end_date) * 1000)::bigint, ' ', test_run_id)
                 from step_figure where project_id = $1
     union all select 'release ' || release_id, ${counts} from release_figure where project_id = $1
     union all select 'requirement ' || requirement_id, ${counts} from requirement_figure where project_id = $1
     union all select 'set ' || test_set_id, concat(${counts}, ' since ', ${at}, ' minutes ', ${minutes}) from set_figure where project_id = $1
     union all select 'folder ' || test_case_folder_id, concat(${counts}, ' until ', ${at}, ' minutes ', ${minutes}) from folder_figure where project_id = $1`,
    [projectId],
  );
  return new Map(rows.map((row) => [row.key, row.value]));
}
