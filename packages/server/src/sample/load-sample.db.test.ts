import { expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import type { CommandContext } from '../commands/context.ts';
import { createProject } from '../commands/create-project.ts';
import { verifyFigures } from '../rollups/verify.ts';
import type { Database } from '../storage/database.ts';
import { loadSample, SAMPLE_NAME, type SampleOutcome } from './load-sample.ts';
import { withSampleClaim } from './sample-claim.ts';

const NOW = new Date('2026-03-04T10:00:00.000Z');
const contextOf = (db: Database): CommandContext => ({ db, now: () => NOW, figures: { afterCommit: async () => {} } });
const administrator = { userId: 1, login: 'administrator', isSystemAdmin: true };

function loaded(outcome: SampleOutcome) {
  if (!outcome.loaded) throw new Error(outcome.reason);
  return outcome;
}

async function count(db: Database, table: string, where = 'true'): Promise<number> {
  const [row] = await db.query<{ count: number }>(`select count(*) as count from ${table} where ${where}`);
  return row?.count ?? 0;
}

const db = await testDatabase();
const first = loaded(await loadSample(contextOf(db), { now: NOW }));

test('the first product of a fresh ledger is the sample product, with everything in it', async () => {
  expect(first.projectId).toBe(1);
  expect({
    members: await count(db, 'project_member'),
    releases: await count(db, 'release'),
    majorReleases: await count(db, 'release', 'release_type_id = 1'),
    folders: await count(db, 'test_case_folder'),
    testCases: await count(db, 'test_case'),
    links: await count(db, 'test_step', 'linked_test_case_id is not null'),
    testSets: await count(db, 'test_set'),
    requirements: await count(db, 'requirement'),
    incidents: await count(db, 'incident'),
    hosts: await count(db, 'automation_host'),
  }).toEqual({
    members: 7,
    releases: 12,
    majorReleases: 2,
    folders: 10,
    testCases: 68,
    links: 2,
    testSets: 9,
    requirements: 39,
    incidents: 12,
    hosts: 1,
  });
});

test('about three thousand runs over sixty days end now, one automated run in seven failed and says why', async () => {
  expect(first.runs).toBe(await count(db, 'test_run'));
  expect(first.runs).toBeGreaterThan(2_800);
  expect(first.runs).toBeLessThan(3_300);
  const [span] = await db.query<{ first: Date; last: Date }>(
    'select min(start_date) as first, max(end_date) as last from test_run',
  );
  expect(span?.first.toISOString().slice(0, 10)).toBe('2026-01-04');
  expect(span?.last.toISOString().slice(0, 10)).toBe('2026-03-04');
  expect(await count(db, 'test_run', `end_date > '${NOW.toISOString()}'`)).toBe(0);
  const failed = await count(db, 'test_run', 'test_run_type_id = 2 and execution_status_id = 1');
  expect(failed / (await count(db, 'test_run', 'test_run_type_id = 2'))).toBeCloseTo(1 / 7, 1);
  expect(
    await count(db, 'test_run', `test_run_type_id = 2 and execution_status_id = 1 and runner_stack_trace = ''`),
  ).toBe(0);
});

test('every status occurs, also as the present status of a case', async () => {
  const ofRuns = await db.query('select distinct execution_status_id from test_run');
  expect(ofRuns).toHaveLength(6);
  const ofCases = await db.query<{ id: number }>(
    'select distinct execution_status_id as id from case_figure order by id',
  );
  expect(ofCases.map((row) => row.id)).toEqual(expect.arrayContaining([1, 2, 3, 5]));
});

test('manual runs have steps, and those that did not pass say what was seen', async () => {
  const withoutSteps = `test_run_type_id = 1 and not exists
    (select from test_run_step s where s.project_id = test_run.project_id and s.test_run_id = test_run.test_run_id)`;
  expect(await count(db, 'test_run', withoutSteps)).toBe(0);
  expect(
    await count(db, 'test_run_step', `execution_status_id in (1, 4, 5, 6) and coalesce(actual_result, '') = ''`),
  ).toBe(0);
  expect(await count(db, 'incident_test_run_step')).toBeGreaterThan(5);
});

test('figures are up to date, and a recount of every one finds no difference', async () => {
  expect(await count(db, 'change')).toBe(0);
  const { differences, orphans, compared } = await verifyFigures(db, first.projectId);
  expect({ differences, orphans }).toEqual({ differences: [], orphans: [] });
  expect(compared).toBeGreaterThan(500);
});

test('some requirements are covered and some are not, and one case is in a set twice', async () => {
  const uncovered = `requirement_type_id = 4 and not exists (select from requirement_test_case c
    where c.project_id = requirement.project_id and c.requirement_id = requirement.requirement_id)`;
  expect(await count(db, 'requirement', uncovered)).toBe(3);
  const twice = await db.query('select from test_set_row group by test_set_id, test_case_id having count(*) = 2');
  expect(twice).toHaveLength(1);
});

test('a second load leaves the ledger as it is and says why', async () => {
  const runs = await count(db, 'test_run');
  expect(await loadSample(contextOf(db), { now: NOW })).toEqual({
    loaded: false,
    reason: 'The ledger has products already, so the sample product was not loaded.',
  });
  expect(await count(db, 'project')).toBe(1);
  expect(await count(db, 'test_run')).toBe(runs);
});

test('asked for it, a second sample product is loaded beside the first, with the same history', async () => {
  const second = loaded(await loadSample(contextOf(db), { now: NOW, besideOthers: true }));
  expect(second.runs).toBe(first.runs);
  const statuses = (projectId: number) =>
    db.query(`select execution_status_id, end_date from test_run where project_id = $1 order by test_run_id`, [
      projectId,
    ]);
  expect(await statuses(second.projectId)).toEqual(await statuses(first.projectId));
});

test('a load that was cut short is cleared away and made again', async () => {
  const broken = await testDatabase();
  const projectId = await createProject(
    { ...contextOf(broken), actor: administrator },
    { project: { name: SAMPLE_NAME } },
  );
  await withSampleClaim(broken, async (claim) => claim?.begin(projectId));
  const outcome = loaded(await loadSample(contextOf(broken), { now: NOW }));
  expect(outcome.projectId).not.toBe(projectId);
  expect(await count(broken, 'project')).toBe(1);
  expect(await count(broken, 'setting', `key = 'sample'`)).toBe(0);
});

test('while one process loads, another one does not', async () => {
  const shared = await testDatabase();
  const second = await withSampleClaim(shared, async () => loadSample(contextOf(shared), { now: NOW }));
  expect(second).toEqual({ loaded: false, reason: 'Another process is loading the sample product just now.' });
  expect(await count(shared, 'project')).toBe(0);
});
