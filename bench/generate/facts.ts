import type { Transaction } from '../../packages/server/src/storage/database.ts';

/** How big a generated product is, whatever the number of its runs. */
export const shape = {
  testers: 8,
  /** Top folders, and folders in each. */
  folders: [5, 4],
  cases: 500,
  sets: 20,
  /** Top requirements, and requirements below each; the cases cover these. */
  requirements: [6, 9],
  buildsOfSprint: 24,
} as const;

/** The tree of releases, each with its indent level: majors, minors, and sprints, in which most runs are recorded. */
const releases = [
  { level: 'AAA', name: 'Library 1', type: 1 },
  { level: 'AAAAAA', name: 'Library 1.1', type: 2 },
  { level: 'AAAAAAAAA', name: 'Sprint 1', type: 3 },
  { level: 'AAAAAAAAB', name: 'Sprint 2', type: 3 },
  { level: 'AAAAAB', name: 'Library 1.2', type: 2 },
  { level: 'AAAAABAAA', name: 'Sprint 3', type: 3 },
  { level: 'AAB', name: 'Library 2', type: 1 },
  { level: 'AABAAA', name: 'Library 2.1', type: 2 },
  { level: 'AABAAAAAA', name: 'Sprint 4', type: 3 },
  { level: 'AABAAAAAB', name: 'Sprint 5', type: 3 },
] as const;

/** Where runs are recorded, from the first day to the last. */
export interface GeneratedPeriod {
  firstDay: Date;
  days: number;
}

/** Makes the product and everything in it but runs; returns its id. No figure is written. */
export async function insertFacts(
  transaction: Transaction,
  { name, period }: { name: string; period: GeneratedPeriod },
): Promise<number> {
  const [project] = await transaction.query<{ projectId: number }>(
    `insert into project (name, description) values ($1, 'Made by the benchmark') returning project_id as "projectId"`,
    [name],
  );
  if (!project) throw new Error('The product was not made');
  const { projectId } = project;
  await insertTesters(transaction, projectId);
  await insertReleases(transaction, projectId, period);
  await insertCases(transaction, projectId);
  await insertSets(transaction, projectId);
  await insertRequirements(transaction, projectId);
  await transaction.query(
    `insert into release_test_case (project_id, release_id, test_case_id)
     select $1, r.release_id, c.test_case_id from release r join test_case c using (project_id) where project_id = $1`,
    [projectId],
  );
  return projectId;
}

async function insertTesters(transaction: Transaction, projectId: number): Promise<void> {
  await transaction.query(
    `with person as (
       insert into app_user (login, first_name, last_name, email)
       select format('tester-%s-%s', $1::int, n), 'Tester', n::text, format('tester-%s-%s@example.com', $1::int, n)
         from generate_series(1, $2::int) n
       returning user_id)
     insert into project_member (project_id, user_id, role_id) select $1, user_id, 4 from person`,
    [projectId, shape.testers],
  );
}

async function insertReleases(transaction: Transaction, projectId: number, period: GeneratedPeriod): Promise<void> {
  const { firstDay, days } = period;
  await transaction.query(
    `insert into release (project_id, indent_level, name, version_number, creator_id, release_type_id,
                          release_status_id, start_date, end_date)
     select $1, n.level, n.name, n.level, 1, n.type, 2, $5::timestamptz, $5::timestamptz + $6 * interval '1 day'
       from unnest($2::text[], $3::text[], $4::smallint[]) as n (level, name, type)`,
    [
      projectId,
      releases.map(({ level }) => level),
      releases.map(({ name }) => name),
      releases.map(({ type }) => type),
      firstDay,
      days,
    ],
  );
  await linkToParents(transaction, 'release', projectId);
  await transaction.query(
    `insert into build (project_id, release_id, build_status_id, name, created_at, updated_at)
     select $1, release_id, 2, format('Build %s', n), made_at, made_at
       from release, generate_series(1, $2::int) n,
            lateral (select $3::timestamptz + n * $4 / ($2 + 1) * interval '1 day' as made_at) at
      where project_id = $1 and release_type_id = 3`,
    [projectId, shape.buildsOfSprint, firstDay, days],
  );
}

async function insertCases(transaction: Transaction, projectId: number): Promise<void> {
  const [topFolders, foldersInEach] = shape.folders;
  await transaction.query(
    `with top as (
       insert into test_case_folder (project_id, name)
       select $1, format('Area %s', n) from generate_series(1, $2::int) n returning test_case_folder_id)
     insert into test_case_folder (project_id, parent_test_case_folder_id, name)
     select $1, test_case_folder_id, format('Part %s', n) from top, generate_series(1, $3::int) n`,
    [projectId, topFolders, foldersInEach],
  );
  await transaction.query(
    `with folder as (
       select array_agg(test_case_folder_id order by test_case_folder_id) as ids from test_case_folder
        where project_id = $1 and parent_test_case_folder_id is not null)
     insert into test_case (project_id, test_case_folder_id, name, author_id, test_case_status_id,
                            test_case_priority_id, estimated_duration)
     select $1, ids[1 + n % cardinality(ids)], format('Case %s is booked, paid and cancelled', n), 1, 5, 1 + n % 4, 5
       from folder, generate_series(1, $2::int) n`,
    [projectId, shape.cases],
  );
  await transaction.query(
    `insert into test_step (project_id, test_case_id, position, description, expected_result)
     select $1, test_case_id, n, format('Do step %s', n), 'The page says what was done'
       from test_case, generate_series(1, 3 + test_case_id % 4) n where project_id = $1`,
    [projectId],
  );
}

async function insertSets(transaction: Transaction, projectId: number): Promise<void> {
  await transaction.query(
    `with folder as (
       insert into test_set_folder (project_id, name)
       select $1, format('Round %s', n) from generate_series(1, 4) n returning test_set_folder_id)
     insert into test_set (project_id, test_set_folder_id, name, creator_id, test_run_type_id)
     select $1, test_set_folder_id, format('Set %s', n), 1, 2 from folder, generate_series(1, $2::int / 4) n`,
    [projectId, shape.sets],
  );
  await transaction.query(
    `with set as (
       select array_agg(test_set_id order by test_set_id) as ids from test_set where project_id = $1),
     numbered as (
       select test_case_id, row_number() over (order by test_case_id) - 1 as n from test_case where project_id = $1)
     insert into test_set_row (project_id, test_set_id, test_case_id, position)
     select $1, ids[1 + n * cardinality(ids) / $2], test_case_id, 1 + n % ($2 / cardinality(ids)) from set, numbered`,
    [projectId, shape.cases],
  );
}

async function insertRequirements(transaction: Transaction, projectId: number): Promise<void> {
  await transaction.query(
    `insert into requirement (project_id, indent_level, name, author_id)
     select $1, level, format('Requirement %s', level), 1
       from generate_series(0, $2::int - 1) top, generate_series(-1, $3::int - 1) below,
            lateral (select 'AA' || chr(65 + top) || case when below < 0 then '' else 'AA' || chr(65 + below) end as level) at`,
    [projectId, ...shape.requirements],
  );
  await linkToParents(transaction, 'requirement', projectId);
  await transaction.query(
    `with leaf as (
       select array_agg(requirement_id order by requirement_id) as ids from requirement
        where project_id = $1 and parent_requirement_id is not null)
     insert into requirement_test_case (project_id, requirement_id, test_case_id)
     select distinct $1::int, ids[1 + (test_case_id * factor) % cardinality(ids)], test_case_id
       from leaf, test_case, unnest(array[1, 7]) factor where project_id = $1`,
    [projectId],
  );
}

/** Repeats the tree that the indent levels say as links. */
async function linkToParents(
  transaction: Transaction,
  table: 'release' | 'requirement',
  projectId: number,
): Promise<void> {
  await transaction.query(
    `update ${table} below set parent_${table}_id = above.${table}_id
       from ${table} above
      where below.project_id = $1 and above.project_id = $1
        and above.indent_level = left(below.indent_level, -3)`,
    [projectId],
  );
}
