import { describe, expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { type SpiraServer, spiraServer } from '../support/spira-server.ts';

// The worked example of semantics 3.9, every cell, over the wire: in each refresh mode, with the sixth run recorded
// singly and in bulk, and with two runs deleted afterwards.

const db = await testDatabase({ poolSize: 10 });

type Mode = 'manual' | 'nightly' | 'continuous' | 'immediate';
const modes: readonly Mode[] = ['manual', 'nightly', 'continuous', 'immediate'];

const [FAILED, PASSED, BLOCKED, CAUTION] = [1, 2, 5, 6];
const at = (time: string) => `2026-02-03T${time}:00.000Z`;

/** One product as the example draws it, set up over the wire. */
interface Example {
  server: SpiraServer;
  releases: number[];
  cases: number[];
  set: number;
  rows: number[];
  folders: number[];
  requirements: number[];
}

const spoken: Record<string, string> = { 1: 'Failed', 2: 'Passed', 3: 'Not Run', 4: 'N/A', 5: 'Blocked', 6: 'Caution' };

async function anExample(mode: Mode): Promise<Example> {
  const server = await spiraServer(db);
  await db.query('update project set refresh_mode = $2 where project_id = $1', [server.projectId, mode]);
  await mayDeleteRuns(server);
  const post = async (path: string, body: unknown) => {
    const answer = await server.call('POST', `projects/${server.projectId}/${path}`, { body });
    expect(answer, path).toMatchObject({ status: 200 });
    return answer.json;
  };
  const release = async (name: string, type: number, parent?: number) => {
    const body = { Name: name, ReleaseTypeId: type, ReleaseStatusId: 2, StartDate: at('00:00'), EndDate: at('23:59') };
    return (await post(parent ? `releases/${parent}` : 'releases', body)).ReleaseId as number;
  };
  const r1 = await release('RL1', 1);
  const r2 = await release('RL2', 3, r1);
  const r3 = await release('RL3', 2, r1);
  const r4 = await release('RL4', 3, r3);
  const r5 = await release('RL5', 1, r1);
  const folder = async (name: string, parent: number | null) =>
    (await post('test-folders', { Name: name, ParentTestCaseFolderId: parent })).TestCaseFolderId as number;
  const f1 = await folder('F1', null);
  const f1a = await folder('F1a', f1);
  const cases: number[] = [];
  for (const [name, folderId] of [
    ['TC1', f1],
    ['TC2', f1],
    ['TC3', f1a],
    ['TC4', null],
  ] as const) {
    cases.push((await post('test-cases', { Name: name, TestCaseFolderId: folderId })).TestCaseId);
  }
  const [tc1 = 0, tc2 = 0, tc3 = 0] = cases;
  await post(`releases/${r1}/test-cases`, [tc1, tc2, tc3]);
  await post(`releases/${r2}/test-cases`, [tc1]);
  await post(`releases/${r3}/test-cases`, [tc2]);
  await post(`releases/${r4}/test-cases`, [tc2]);
  await post(`releases/${r5}/test-cases`, [tc3]);
  const set = (
    await post('test-sets', { Name: 'TX1', Description: '', ReleaseId: r2, TestSetStatusId: 1, TestRunTypeId: 1 })
  ).TestSetId as number;
  for (const testCase of [tc1, tc2, tc1]) await post(`test-sets/${set}/test-case-mapping/${testCase}`, []);
  const rows = (await server.call('GET', `projects/${server.projectId}/test-sets/${set}/test-case-mapping`)).json;
  const requirement = async (name: string, parent?: number) =>
    (await post(parent ? `requirements/parent/${parent}` : 'requirements', { Name: name })).RequirementId as number;
  const rq1 = await requirement('RQ1');
  const rq2 = await requirement('RQ2', rq1);
  const rq3 = await requirement('RQ3');
  for (const [requirementId, testCaseId] of [
    [rq1, tc2],
    [rq1, tc3],
    [rq2, tc1],
    [rq2, tc2],
  ]) {
    await post('requirements/test-cases', { RequirementId: requirementId, TestCaseId: testCaseId });
  }
  return {
    server,
    releases: [r1, r2, r3, r4, r5],
    cases,
    set,
    rows: rows.map((row: { TestSetTestCaseId: number }) => row.TestSetTestCaseId),
    folders: [f1, f1a],
    requirements: [rq1, rq2, rq3],
  };
}

/** No default role may delete runs, so the example's owner acts in a role that may. */
async function mayDeleteRuns({ projectId, owner }: SpiraServer): Promise<void> {
  const [role] = await db.query<{ id: number }>(
    `insert into role (name, is_project_admin) values ('Owner who may delete runs', true) returning role_id as id`,
  );
  await db.query(
    `insert into role_permission (role_id, artifact, action)
     select $1::int, artifact, action from role_permission where role_id = 1 union select $1, 'testRun', 'delete'`,
    [role?.id],
  );
  await db.query('update project_member set role_id = $3 where project_id = $1 and user_id = $2', [
    projectId,
    owner.userId,
    role?.id,
  ]);
}

interface ExampleRun {
  testCase: number;
  release: number;
  row?: number;
  status: number | undefined;
  end: string;
}

function runBody(example: Example, run: ExampleRun): Record<string, unknown> {
  return {
    TestCaseId: example.cases[run.testCase - 1],
    ReleaseId: example.releases[run.release - 1],
    ...(run.row ? { TestSetId: example.set, TestSetTestCaseId: example.rows[run.row - 1] } : {}),
    ExecutionStatusId: run.status,
    StartDate: at(run.end),
    EndDate: at(run.end),
    RunnerName: 'Example',
    RunnerTestName: 'example',
    RunnerMessage: '',
    RunnerStackTrace: '',
  };
}

const firstFive: readonly ExampleRun[] = [
  { testCase: 1, release: 2, row: 1, status: PASSED, end: '10:00' },
  { testCase: 2, release: 4, status: FAILED, end: '10:05' },
  { testCase: 3, release: 5, status: BLOCKED, end: '10:10' },
  { testCase: 1, release: 1, status: CAUTION, end: '09:30' },
  { testCase: 4, release: 1, status: PASSED, end: '10:20' },
];
const sixth: ExampleRun = { testCase: 1, release: 2, row: 3, status: FAILED, end: '10:30' };

async function record(example: Example, run: ExampleRun): Promise<number> {
  const answer = await example.server.call('POST', `projects/${example.server.projectId}/test-runs/record`, {
    body: runBody(example, run),
  });
  expect(answer).toMatchObject({ status: 200 });
  return answer.json.TestRunId;
}

async function recordInBulk(example: Example, runs: readonly ExampleRun[]): Promise<number[]> {
  const body = runs.map((run) => runBody(example, run));
  const answer = await example.server.call('POST', `projects/${example.server.projectId}/test-runs/record-multiple`, {
    body,
  });
  expect(answer).toMatchObject({ status: 200 });
  return answer.json.map((run: { TestRunId: number }) => run.TestRunId);
}

async function refreshCaches(example: Example): Promise<void> {
  const answer = await example.server.call('POST', `projects/${example.server.projectId}/refresh-caches`);
  expect(answer).toMatchObject({ status: 200, text: '' });
}

/** Every cell of one column, read over the wire: `P1 F1 NR1`, `Passed 10:00`. */
async function column(example: Example): Promise<Record<string, string | number>> {
  const { server } = example;
  const get = async (path: string) => {
    const answer = await server.call('GET', `projects/${server.projectId}/${path}`);
    expect(answer, path).toMatchObject({ status: 200 });
    return answer.json;
  };
  const cells: Record<string, string | number> = {};
  for (const [index, id] of example.cases.entries()) {
    const testCase = await get(`test-cases/${id}`);
    cells[`TC${index + 1}`] = `${spoken[testCase.ExecutionStatusId]}${time(testCase.ExecutionDate)}`;
  }
  for (const [index, id] of example.releases.entries()) cells[`RL${index + 1}`] = counts(await get(`releases/${id}`));
  const set = await get(`test-sets/${example.set}`);
  cells.TX1 = `${counts(set)}${time(set.ExecutionDate)}`;
  for (const index of [1, 2]) {
    const listed = await get(`test-sets?release_id=${example.releases[index - 1]}`);
    const shown = listed.find((candidate: { TestSetId: number }) => candidate.TestSetId === example.set);
    cells[`TX1 for RL${index}`] = shown ? counts(shown) : 'not listed';
  }
  cells.F1 = counts(await get(`test-folders/${example.folders[0]}`));
  cells.F1a = counts(await get(`test-folders/${example.folders[1]}`));
  for (const [index, id] of example.requirements.entries())
    cells[`RQ${index + 1}`] = coverage(await get(`requirements/${id}`));
  cells['coverage widget'] = await coverageWidget(example);
  cells['runs listed'] = (await get('test-runs')).length;
  return cells;
}

const time = (date: string | null) => (date === null ? '' : ` ${date.slice(11, 16)}`);

function counts(figures: Record<string, number>): string {
  const named = {
    P: 'CountPassed',
    F: 'CountFailed',
    B: 'CountBlocked',
    C: 'CountCaution',
    NA: 'CountNotApplicable',
    NR: 'CountNotRun',
  };
  return Object.entries(named)
    .filter(([, member]) => figures[member] !== 0)
    .map(([letter, member]) => `${letter}${figures[member]}`)
    .join(' ');
}

function coverage(requirement: Record<string, number>): string {
  const named = {
    P: 'CoverageCountPassed',
    F: 'CoverageCountFailed',
    B: 'CoverageCountBlocked',
    C: 'CoverageCountCaution',
  };
  const covered = Object.entries(named).filter(([, member]) => requirement[member] !== 0);
  const total = requirement.CoverageCountTotal;
  return total === 0
    ? 'not covered'
    : `of ${total}: ${covered.map(([letter, member]) => `${letter}${requirement[member]}`).join(' ')}`;
}

async function coverageWidget({ server }: Example): Promise<string> {
  const response = await server.app.inject({
    method: 'GET',
    url: `/api/v1/projects/${server.projectId}/dashboard/requirement-coverage`,
    headers: { username: server.owner.login, 'api-key': server.owner.apiKey },
  });
  expect(response).toMatchObject({ statusCode: 200 });
  const shares = response.json();
  const named = {
    P: shares.passed,
    F: shares.failed,
    B: shares.blocked,
    C: shares.caution,
    NR: shares.notRun,
    NotCovered: shares.notCovered,
  };
  return Object.entries(named)
    .filter(([, share]) => share !== 0)
    .map(([letter, share]) => `${letter}${share}`)
    .join(' ');
}

const afterFive = {
  TC1: 'Passed 10:00',
  TC2: 'Failed 10:05',
  TC3: 'Blocked 10:10',
  TC4: 'Passed 10:20',
  RL1: 'P1 F1 NR1',
  RL2: 'P1',
  RL3: 'F1',
  RL4: 'F1',
  RL5: 'B1',
  TX1: 'P1 NR2 10:00',
  'TX1 for RL1': 'P1',
  'TX1 for RL2': 'P1',
  F1: 'P1 F1 B1',
  F1a: 'B1',
  RQ1: 'of 4: P1 F2 B1',
  RQ2: 'of 2: P1 F1',
  RQ3: 'not covered',
  'coverage widget': 'P0.75 F1 B0.25 NotCovered1',
  'runs listed': 5,
};

const afterSix = {
  ...afterFive,
  TC1: 'Failed 10:30',
  RL1: 'F2 NR1',
  RL2: 'F1',
  TX1: 'P1 F1 NR1 10:00',
  'TX1 for RL1': 'P1 F1',
  'TX1 for RL2': 'P1 F1',
  F1: 'F2 B1',
  RQ1: 'of 4: F3 B1',
  RQ2: 'of 2: F2',
  'coverage widget': 'F1.75 B0.25 NotCovered1',
  'runs listed': 6,
};

const sixInBulkBeforeRefresh = { ...afterFive, 'runs listed': 6 };

/** No run of the set is left for RL1 or RL2; being planned for RL2 it is still listed for both (PG-6), all Not Run (TX-5). */
const afterDeletion = {
  ...afterFive,
  TC1: 'Caution 09:30',
  RL1: 'F1 C1 NR1',
  RL2: 'NR1',
  TX1: 'NR3',
  'TX1 for RL1': 'NR3',
  'TX1 for RL2': 'NR3',
  F1: 'F1 B1 C1',
  RQ1: 'of 4: F2 B1 C1',
  RQ2: 'of 2: F1 C1',
  'coverage widget': 'F1 B0.25 C0.75 NotCovered1',
  'runs listed': 4,
};

describe.each(modes)('the worked example (3.9) in refresh mode %s', (mode) => {
  const isAtOnce = mode === 'immediate';

  test('single records: every figure is exact in the next read, also after two runs are deleted', async () => {
    const example = await anExample(mode);
    const runIds: number[] = [];
    for (const run of firstFive) runIds.push(await record(example, run));
    expect(await column(example)).toEqual(afterFive);
    runIds.push(await record(example, sixth));
    expect(await column(example)).toEqual(afterSix);
    for (const index of [5, 0]) {
      const answer = await example.server.call(
        'DELETE',
        `projects/${example.server.projectId}/test-runs/${runIds[index]}`,
      );
      expect(answer).toMatchObject({ status: 200, text: '' });
    }
    expect(await column(example)).toEqual(afterDeletion);
  });

  test('the sixth run in bulk: listed at once, figures as the mode says, exact after refresh-caches', async () => {
    const example = await anExample(mode);
    for (const run of firstFive) await record(example, run);
    await recordInBulk(example, [sixth]);
    expect(await column(example)).toEqual(isAtOnce ? afterSix : sixInBulkBeforeRefresh);
    if (mode === 'continuous') await example.server.background.continuous.drain();
    else await refreshCaches(example);
    expect(await column(example)).toEqual(afterSix);
  });

  test('all six in bulk, then a deletion: BK-6 brings the cases of the deleted run up to date', async () => {
    const example = await anExample(mode);
    const ids = await recordInBulk(example, [...firstFive, sixth]);
    await refreshCaches(example);
    expect(await column(example)).toEqual(afterSix);
    for (const index of [5, 0])
      await example.server.call('DELETE', `projects/${example.server.projectId}/test-runs/${ids[index]}`);
    expect(await column(example)).toEqual(afterDeletion);
  });
});
