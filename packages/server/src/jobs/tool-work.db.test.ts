import { beforeEach, expect, test } from 'vitest';
import {
  aCoverage,
  aMapping,
  aProject,
  aRelease,
  aRequirement,
  aTestCase,
  aTestCaseFolder,
  aTestSet,
  aTestSetFolder,
  aTestSetRow,
} from '../../test/support/builders.ts';
import { NOON } from '../../test/support/clock.ts';
import { testDatabase } from '../../test/support/database.ts';
import { pendingRuns } from '../../test/support/runs.ts';
import { appendChange } from '../changes/change-log.ts';
import { requestDataTool } from '../commands/request-data-tool.ts';
import { type DataToolName, dataTool, dataTools, recalculatedParts } from '../domain/data-tools.ts';
import { verifyFigures } from '../rollups/verify.ts';
import { keepLongTexts } from '../storage/long-texts.ts';
import { RefreshSettings } from '../storage/settings.ts';
import { JobLoop } from './job-loop.ts';

const db = await testDatabase();
const silent = { info: () => {}, warn: () => {}, error: console.error };
const base = {
  db,
  figures: { afterCommit: async () => {} },
  now: () => NOON,
  refreshSettings: new RefreshSettings(db, { keptMs: 0 }),
};
const loop = new JobLoop({ context: base, log: silent });

let projectId: number;
beforeEach(async () => {
  projectId = await aProject(db);
});

/** Uses a tool and returns what its job came to. */
async function use(tool: DataToolName, releaseId?: number): Promise<Record<string, unknown>> {
  const projectIds = dataTool(tool)?.scope === 'system' ? null : [projectId];
  const [jobId] = await requestDataTool({ ...base, jobs: loop, actor: null }, { tool, projectIds, releaseId });
  const ended = await loop.ended(jobId!);
  expect(ended, ended.error ?? '').toMatchObject({ state: 'done' });
  const [job] = await db.query<{ result: Record<string, unknown> }>('select result from job where job_id = $1', [
    jobId,
  ]);
  return job?.result ?? {};
}

async function aSmallProduct() {
  const folderId = await aTestCaseFolder(db, projectId);
  const testCaseId = await aTestCase(db, projectId, { testCaseFolderId: folderId });
  const releaseId = await aRelease(db, projectId);
  const requirementId = await aRequirement(db, projectId);
  const testSetId = await aTestSet(db, projectId);
  const rowId = await aTestSetRow(db, projectId, { testSetId, testCaseId });
  await aMapping(db, projectId, { releaseId, testCaseId });
  await aCoverage(db, projectId, { requirementId, testCaseId });
  await db.transaction((transaction) =>
    appendChange(transaction, projectId, { kind: 'cases', testCaseIds: [testCaseId] }),
  );
  await use('refresh-pending');
  return { folderId, testCaseId, releaseId, requirementId, testSetId, rowId };
}

const differences = async () => (await verifyFigures(db, projectId)).differences;
const counter = async (table: string) => {
  const [row] = await db.query<{ passed: number }>(
    `select count_passed as passed from ${table} where project_id = $1`,
    [projectId],
  );
  return row?.passed;
};
const pending = () => db.query('select from change where project_id = $1', [projectId]);

test('refreshing what is pending brings every figure up to date, however many changes there are', async () => {
  const { testCaseId, releaseId } = await aSmallProduct();
  for (let run = 0; run < 45; run += 1)
    await pendingRuns(db, projectId, [{ testCaseId, releaseId, executionStatusId: 1 }]);
  await pendingRuns(db, projectId, [{ testCaseId, releaseId, executionStatusId: 2 }]);
  expect(await counter('release_figure')).toBe(0);
  expect(await use('refresh-pending')).toMatchObject({ runs: 46 });
  expect(await counter('release_figure')).toBe(1);
  expect(await pending()).toEqual([]);
  expect(await use('refresh-pending')).toEqual({ runs: 0, rowsChanged: 0 });
});

test('recalculating everything repairs every figure, takes what is pending, and a second time changes nothing (DT-2)', async () => {
  const { testCaseId, releaseId, testSetId, rowId } = await aSmallProduct();
  await pendingRuns(db, projectId, [{ testCaseId, releaseId, executionStatusId: 2, testSetId, testSetRowId: rowId }]);
  for (const table of ['case_figure', 'release_figure', 'set_figure', 'folder_figure', 'requirement_figure', 'cell']) {
    await db.query(`delete from ${table} where project_id = $1`, [projectId]);
  }
  expect((await use('recalculate-all'))['rowsChanged']).toBeGreaterThan(5);
  expect(await differences()).toEqual([]);
  expect(await pending()).toEqual([]);
  expect((await use('recalculate-all'))['rowsChanged']).toBe(0);
});

const spoiled = {
  'recalculate-test-cases': 'update case_figure set execution_status_id = 5 where project_id = $1',
  'recalculate-releases': 'update release_figure set count_passed = 77 where project_id = $1',
  'recalculate-test-sets': 'update set_figure set count_passed = 77 where project_id = $1',
  'recalculate-folders': 'update folder_figure set count_passed = 77 where project_id = $1',
  'recalculate-requirements': 'update requirement_figure set count_passed = 77 where project_id = $1',
} as const;

test.each(Object.entries(spoiled))(
  '%s repairs its figures alone and counts the rows (DT-3, DT-6)',
  async (tool, sql) => {
    const { testCaseId, releaseId, testSetId, rowId } = await aSmallProduct();
    await pendingRuns(db, projectId, [{ testCaseId, releaseId, executionStatusId: 2, testSetId, testSetRowId: rowId }]);
    await use('refresh-pending');
    await db.query(sql, [projectId]);
    expect(await differences()).not.toEqual([]);
    expect((await use(tool as DataToolName))['rowsChanged']).toBe(1);
    expect(await differences()).toEqual([]);
    expect((await use(tool as DataToolName))['rowsChanged']).toBe(0);
  },
);

test('every recalculation among the tools is covered by the test above', () => {
  const single = dataTools.map((tool) => tool.name).filter((name) => recalculatedParts(name)?.length === 1);
  expect(single).toEqual(Object.keys(spoiled));
});

test('requirements recalculated before their stale test cases stay stale (DT-3)', async () => {
  const { testCaseId } = await aSmallProduct();
  await pendingRuns(db, projectId, [{ testCaseId, executionStatusId: 2 }]);
  await use('recalculate-requirements');
  expect(await counter('requirement_figure')).toBe(0);
  await use('recalculate-test-cases');
  await use('recalculate-requirements');
  expect(await counter('requirement_figure')).toBe(1);
});

test('limited to a release, only its mappings and counters move, and what is pending stays pending (DC-2)', async () => {
  const { testCaseId, releaseId } = await aSmallProduct();
  await pendingRuns(db, projectId, [{ testCaseId, releaseId, executionStatusId: 2 }]);
  await use('recalculate-releases', releaseId);
  expect([await counter('release_figure'), await counter('requirement_figure')]).toEqual([1, 0]);
  expect(await pending()).toHaveLength(1);
});

test('a release that the project does not have, and one given to another tool, are refused', async () => {
  const elsewhere = await aRelease(db, await aProject(db));
  await expect(use('recalculate-releases', elsewhere)).rejects.toThrow(`Release ${elsewhere} does not exist`);
  const releaseId = await aRelease(db, projectId);
  await expect(use('recalculate-all', releaseId)).rejects.toThrow('cannot be limited to a release');
});

test('repairing folders moves orphans, circles and the content of missing folders to the root', async () => {
  const lost = 1_000_000;
  const orphan = await aTestCaseFolder(db, projectId, { parentTestCaseFolderId: lost });
  const child = await aTestCaseFolder(db, projectId, { parentTestCaseFolderId: orphan });
  const first = await aTestSetFolder(db, projectId);
  const second = await aTestSetFolder(db, projectId, { parentTestSetFolderId: first });
  await db.query('update test_set_folder set parent_test_set_folder_id = $1 where test_set_folder_id = $2', [
    second,
    first,
  ]);
  const testCaseId = await aTestCase(db, projectId, { testCaseFolderId: lost });
  await aTestSet(db, projectId, { testSetFolderId: lost });
  expect(await use('repair-folders')).toEqual({ folders: 2, testCases: 1, testSets: 1, rowsChanged: 4 });
  const parents = await db.query(
    `select test_case_folder_id as id, parent_test_case_folder_id as parent from test_case_folder where project_id = $1 order by 1`,
    [projectId],
  );
  expect(parents).toEqual([
    { id: orphan, parent: null },
    { id: child, parent: orphan },
  ]);
  const [change] = await db.query<{ ids: string[] }>('select ids from change where project_id = $1', [projectId]);
  expect(change?.ids).toEqual([String(testCaseId)]);
  expect((await use('repair-folders'))['rowsChanged']).toBe(0);
});

test('the check of indentation changes nothing and says what is wrong (DT-8)', async () => {
  const top = await aRelease(db, projectId);
  const below = await aRelease(db, projectId, { parentReleaseId: top });
  expect(await use('check-release-indentation')).toMatchObject({ verdict: 'ok', count: 0 });
  await db.query(`update release set indent_level = 'AAZ' where release_id = $1`, [below]);
  const found = await use('check-release-indentation');
  expect(found).toMatchObject({ verdict: 'error', count: 1, faults: [{ id: below }] });
  expect(await use('check-release-indentation')).toEqual(found);
  expect(await use('check-requirement-indentation')).toMatchObject({ verdict: 'ok' });
});

test('correcting indentation keeps types and parents, and turns no leaf into a parent (DT-9)', async () => {
  const top = await aRelease(db, projectId, { releaseTypeId: 1 });
  const sprint = await aRelease(db, projectId, { parentReleaseId: top, releaseTypeId: 3 });
  const leaf = await aRelease(db, projectId, { releaseTypeId: 3 });
  const tree = () =>
    db.query(
      `select release_id as id, parent_release_id as parent, release_type_id as type from release where project_id = $1 order by 1`,
      [projectId],
    );
  const before = await tree();
  // As if the leaf had a child by level, and the sprint the place of its parent.
  await db.query(`update release set indent_level = 'AABAAA' where release_id = $1`, [sprint]);
  await db.query(`update release set indent_level = 'AAB' where release_id = $1`, [leaf]);
  expect((await use('correct-release-indentation'))['rowsChanged']).toBe(1);
  expect(await tree()).toEqual(before);
  expect(await use('check-release-indentation')).toMatchObject({ verdict: 'ok' });
  expect((await use('correct-release-indentation'))['rowsChanged']).toBe(0);
});

test('a requirement whose parent is gone is corrected to the root, with everything below it', async () => {
  const top = await aRequirement(db, projectId);
  const below = await aRequirement(db, projectId, { parentRequirementId: top });
  const deeper = await aRequirement(db, projectId, { parentRequirementId: below });
  await db.query('update requirement set is_deleted = true where requirement_id = $1', [top]);
  expect(await use('check-requirement-indentation')).toMatchObject({ verdict: 'error', count: 1 });
  await use('correct-requirement-indentation');
  expect(await use('check-requirement-indentation')).toMatchObject({ verdict: 'ok' });
  const placed = await db.query(
    `select requirement_id as id, parent_requirement_id as parent, indent_level as level
       from requirement where project_id = $1 and not is_deleted order by 1`,
    [projectId],
  );
  expect(placed).toEqual([
    { id: below, parent: null, level: 'AAA' },
    { id: deeper, parent: below, level: 'AAAAAA' },
  ]);
});

test('a release that loses a missing parent has its roll-up derived again', async () => {
  const releaseId = await aRelease(db, projectId, { parentReleaseId: 1_000_000, indentLevel: 'AAAAAA' });
  await use('correct-release-indentation');
  const [change] = await db.query<{ kind: string; ids: string[] }>(
    'select kind, ids from change where project_id = $1',
    [projectId],
  );
  expect(change).toEqual({ kind: 'releases', ids: [String(releaseId)] });
});

test('old runs are deleted after what is pending is in the figures; without a setting all are kept', async () => {
  const testCaseId = await aTestCase(db, projectId);
  await db.transaction((transaction) =>
    appendChange(transaction, projectId, { kind: 'cases', testCaseIds: [testCaseId] }),
  );
  await pendingRuns(db, projectId, [
    { testCaseId, executionStatusId: 1, endDate: new Date('2020-01-01') },
    { testCaseId, executionStatusId: 2, endDate: new Date('2020-01-02') },
  ]);
  await db.query(`update test_run set concurrency_date = '2020-01-02' where project_id = $1`, [projectId]);
  expect(await use('apply-retention')).toEqual({ keepDays: null, rowsChanged: 0 });
  await db.query(`update project set settings = '{"keepRunsDays": 90}' where project_id = $1`, [projectId]);
  expect(await use('apply-retention')).toEqual({ keepDays: 90, runs: 1, partitionsRewritten: 0, rowsChanged: 1 });
  const left = await db.query('select execution_status_id as status from test_run where project_id = $1', [projectId]);
  expect(left).toEqual([{ status: 2 }]);
  expect((await verifyFigures(db, projectId)).differences).toEqual([]);
});

test('refreshing indexes rebuilds those of every table and clears away what an interrupted rebuild left', async () => {
  await db.query('create index job_tool_ccnew on job (tool)');
  await db.query(`update pg_index set indisvalid = false where indexrelid = 'job_tool_ccnew'::regclass`);
  const fileOf = async () => (await db.query(`select pg_relation_filenode('test_run_from_0_pkey') as file`))[0];
  const before = await fileOf();
  const { tables } = await use('refresh-indexes');
  expect(tables).toBeGreaterThan(40);
  expect(await fileOf()).not.toEqual(before);
  expect(await db.query(`select from pg_class where relname = 'job_tool_ccnew'`)).toEqual([]);
  expect(await db.query('select from pg_index where not indisvalid')).toEqual([]);
});

test('the deletion of unused texts goes through every product, deleted ones included', async () => {
  const texts = ['a', 'b'].map((start) => start + 'at frame\n'.repeat(500));
  await keepLongTexts(db, projectId, texts);
  await keepLongTexts(db, 1_000_000, texts.slice(0, 1));
  expect(await use('delete-unused-texts')).toMatchObject({ texts: 0, characters: 0 });
  await db.query(`update long_text set used_at = now() - interval '4 days' where length > 0`);
  expect(await use('delete-unused-texts')).toMatchObject({ texts: 3, characters: 3 * 4_501 });
  expect(await db.query('select from long_text')).toEqual([]);
});
