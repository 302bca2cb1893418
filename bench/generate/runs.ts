import type { Database } from '../../packages/server/src/storage/database.ts';
import { holdReferences } from '../../packages/server/src/storage/locks.ts';
import { makeRunPartitions } from '../../packages/server/src/storage/run-partitions.ts';
import { type GeneratedPeriod, shape } from './facts.ts';

/** Runs of one transaction, as of a large call: ids follow time as they do where two pipelines record. */
const CHUNK = 1_000;
/** Transactions between two reports of progress. */
const REPORTED_EVERY = 250;
/** Transactions at once. */
const LANES = 2;

export interface RunPlan {
  projectId: number;
  /** All runs of the product; they lie evenly in the period. */
  runs: number;
  period: GeneratedPeriod;
}

/**
 * Inserts the runs of a product that has everything else, and tells now and then how many are there. Their ids have no
 * gaps, as long as nobody else records: a transaction that finds no partition would lose those that it was given.
 */
export async function insertRuns(db: Database, plan: RunPlan, onProgress: (done: number) => void): Promise<void> {
  let [begun, done] = [0, 0];
  const lane = async () => {
    while (begun < plan.runs) {
      const first = begun;
      begun = Math.min(begun + CHUNK, plan.runs);
      const end = begun;
      await insertChunk(db, plan, { first, end });
      done += end - first;
      if (done % (REPORTED_EVERY * CHUNK) === 0 || done === plan.runs) {
        onProgress(done);
        await makeRunPartitions(db);
      }
    }
  };
  // Each time they reach a million ids further, which no lane can use up until the next time.
  await makeRunPartitions(db);
  await Promise.all(Array.from({ length: LANES }, lane));
}

async function insertChunk(
  db: Database,
  { projectId, runs, period }: RunPlan,
  { first, end }: { first: number; end: number },
): Promise<void> {
  const { firstDay, days } = period;
  const values = [projectId, first, end, runs, firstDay, days * 86_400, shape.cases];
  await db.transaction(async (transaction) => {
    // As every recorder does: a server may be counting blocks of runs meanwhile.
    await holdReferences(transaction, projectId);
    // A chunk is sorted with its texts; with the usual memory that goes through files.
    await transaction.query(`select set_config('work_mem', '256MB', true)`);
    await transaction.query(insertion, values);
  });
}

/**
 * Run `i` is that of case `i % 500` in round `i / 500`. Rounds move through the sprints; every tenth is a hot fix of a
 * major release, every third runs the test sets. Dice are hashes of `i`, so that the same product can be made again. One
 * run in seven fails, by one of 36 causes, with a trace of some 600 bytes, one in 350 with one of 50 KB; three in four
 * traces name something that no other does. One run in forty is a manual one with steps.
 */
const insertion = `
with place as (
  select (row_number() over (order by c.test_case_id) - 1)::int as position, c.test_case_id, c.name, s.test_set_id,
         s.test_set_row_id
    from test_case c join test_set_row s using (project_id, test_case_id) where project_id = $1),
cause as materialized (
  select n as cause,
         format('AssertionError: expected seat %s to be free', n) as message,
         repeat(format(E'    at Object.<anonymous> (src/booking/part-%s/allocation.spec.ts:%s:17)\\n', n, 100 + n), 8) as frames,
         repeat(format(E'    at Object.<anonymous> (src/booking/part-%s/allocation.spec.ts:%s:17)\\n', n, 100 + n), 700) as all_frames
    from generate_series(0, 35) n),
tester as (
  select array_agg(user_id order by user_id) as ids from project_member where project_id = $1),
sprint as (
  select array_agg(release_id order by indent_level) filter (where release_type_id = 3) as ids,
         array_agg(release_id order by indent_level) filter (where release_type_id = 1) as majors
    from release where project_id = $1),
sprint_build as (
  select array_agg(build_id order by indent_level, build_id) as ids
    from build b join release r using (project_id, release_id) where project_id = $1),
thrown as (
  select i, i / $7 as round, (i % $7)::int as position,
         (hashint8extended(i, 1) & 1048575)::int as dice, (hashint8extended(i, 2) & 1048575)::int as other_dice,
         cardinality(sprint.ids) * i / $4 as phase,
         $5::timestamptz + ($6::float8 * i / $4) * interval '1 second' as ended_at
    from generate_series($2::bigint, $3::bigint - 1) i, sprint),
outcome as (
  select *, dice % 7 = 0 as has_failed, other_dice % 40 = 0 as is_manual, round % 10 = 9 as is_hot_fix,
         case when dice % 7 = 0 then (other_dice / 64) % 36 end as cause,
         case when other_dice % 4 <> 0 then format(E'attempt %s after %s ms\\n', i, dice) else '' end as difference
    from thrown),
inserted as (
  insert into test_run (project_id, test_case_id, release_id, build_id, test_set_id, test_set_row_id, tester_id,
    test_run_type_id, execution_status_id, start_date, end_date, recorded_at, concurrency_date, estimated_duration,
    actual_duration, name, runner_format_id, runner_assert_count, runner_name, runner_test_name, runner_message,
    runner_stack_trace)
  select $1, p.test_case_id,
         case when is_hot_fix then majors[1 + (phase * cardinality(majors) / cardinality(sprint.ids))] else sprint.ids[1 + phase] end,
         case when not is_hot_fix then sprint_build.ids[1 + phase * ${shape.buildsOfSprint} + round % ${shape.buildsOfSprint}] end,
         case when round % 3 = 0 then p.test_set_id end, case when round % 3 = 0 then p.test_set_row_id end,
         tester.ids[1 + dice % cardinality(tester.ids)],
         case when is_manual then 1 else 2 end,
         case when has_failed then 1 when dice % 97 = 1 then 5 when dice % 97 = 2 then 6 else 2 end,
         ended_at - (1 + other_dice % 60) * interval '1 second', ended_at, ended_at, ended_at, 5,
         round((1 + other_dice % 60) / 60.0), p.name,
         case when not is_manual then 1 end, case when not is_manual then has_failed::int end,
         case when not is_manual then (array['JUnit', 'pytest', 'Playwright'])[1 + round % 3] end,
         case when not is_manual then format('library.booking.case_%s', p.test_case_id) end,
         case when is_manual then null when has_failed then c.message else '' end,
         case when is_manual then null
              when not has_failed then ''
              when dice % 50 = 0 then c.message || E'\\n' || difference || c.all_frames
              else c.message || E'\\n' || difference || c.frames end
    from outcome join place p using (position) left join cause c using (cause), tester, sprint, sprint_build
   order by i
  returning test_run_id, test_case_id, test_run_type_id, execution_status_id, start_date, end_date)
insert into test_run_step (project_id, test_run_id, position, test_step_id, test_case_id, execution_status_id,
  description, expected_result, actual_result, start_date, end_date)
select $1, r.test_run_id, s.position, s.test_step_id, r.test_case_id, r.execution_status_id, s.description,
       s.expected_result, case when r.execution_status_id = 1 then 'The page stays as it was' end, r.start_date, r.end_date
  from inserted r join test_step s on s.project_id = $1 and s.test_case_id = r.test_case_id
 where r.test_run_type_id = 1`;
