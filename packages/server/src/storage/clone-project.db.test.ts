import { expect, test } from 'vitest';
import {
  aCoverage,
  aMapping,
  aMember,
  anAutomationHost,
  aProject,
  aRelease,
  aRequirement,
  aTestCase,
  aTestCaseFolder,
  aTestSet,
  aTestSetFolder,
  aTestSetRow,
  aTestStep,
  aUser,
} from '../../test/support/builders.ts';
import { aCustomProperty } from '../../test/support/custom-properties.ts';
import { testDatabase } from '../../test/support/database.ts';
import { cloneProjectContent } from './clone-project.ts';
import { projectTables } from './project-tables.ts';

const db = await testDatabase();

async function aPlannedProject(): Promise<number> {
  const projectId = await aProject(db);
  await aMember(db, projectId, { userId: await aUser(db), roleId: 4 });
  const { componentId } = await db.kysely
    .insertInto('component')
    .values({ projectId, name: 'Catalogue' })
    .returning('componentId')
    .executeTakeFirstOrThrow();
  const releaseId = await aRelease(db, projectId, { name: '1.0' });
  const sprintId = await aRelease(db, projectId, { name: 'sprint', parentReleaseId: releaseId, releaseTypeId: 3 });
  await aRelease(db, projectId, { name: 'deleted', isDeleted: true });
  const folderId = await aTestCaseFolder(db, projectId, { name: 'outer' });
  const innerId = await aTestCaseFolder(db, projectId, { name: 'inner', parentTestCaseFolderId: folderId });
  const testCaseId = await aTestCase(db, projectId, {
    name: 'Login',
    testCaseFolderId: innerId,
    componentIds: [componentId],
  });
  const callerId = await aTestCase(db, projectId, { name: 'Order' });
  const deletedId = await aTestCase(db, projectId, { name: 'deleted', isDeleted: true });
  await aTestStep(db, projectId, { testCaseId });
  const linkId = await aTestStep(db, projectId, { testCaseId: callerId, linkedTestCaseId: testCaseId });
  await aTestStep(db, projectId, { testCaseId: deletedId });
  const { testCaseParameterId } = await db.kysely
    .insertInto('testCaseParameter')
    .values({ projectId, testCaseId, name: 'user' })
    .returning('testCaseParameterId')
    .executeTakeFirstOrThrow();
  await db.kysely.insertInto('testStepParameter').values({ projectId, testStepId: linkId, name: 'user' }).execute();
  await aMapping(db, projectId, { releaseId: sprintId, testCaseId });
  await aMapping(db, projectId, { releaseId, testCaseId: deletedId });
  const hostId = await anAutomationHost(db, projectId, { token: 'T' });
  const setFolderId = await aTestSetFolder(db, projectId);
  const testSetId = await aTestSet(db, projectId, {
    testSetFolderId: setFolderId,
    releaseId,
    automationHostId: hostId,
  });
  const rowId = await aTestSetRow(db, projectId, { testSetId, testCaseId });
  await aTestSetRow(db, projectId, { testSetId, testCaseId: deletedId });
  await aTestSetRow(db, projectId, { testSetId, testCaseId, isRemoved: true });
  for (const testSetRowId of [0, rowId]) {
    await db.kysely
      .insertInto('testSetParameter')
      .values({ projectId, testSetId, testSetRowId, testCaseParameterId, value: 'x' })
      .execute();
  }
  const parentId = await aRequirement(db, projectId, { name: 'parent', releaseId, componentId });
  const requirementId = await aRequirement(db, projectId, { name: 'child', parentRequirementId: parentId });
  await aCoverage(db, projectId, { requirementId, testCaseId });
  return projectId;
}

async function counts(projectId: number): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const table of projectTables) {
    const [row] = await db.query<{ count: number }>(`select count(*) as count from ${table} where project_id = $1`, [
      projectId,
    ]);
    if (row && row.count > 0) found[table] = row.count;
  }
  return found;
}

/** Everything that is named, with what it hangs on, by names instead of ids. */
async function picture(projectId: number): Promise<unknown> {
  const [row] = await db.query<{ picture: unknown }>(
    `select json_build_object(
       'releases', (select json_agg(json_build_array(r.name, r.indent_level, p.name) order by r.indent_level) from release r
          left join release p on p.project_id = $1 and p.release_id = r.parent_release_id
         where r.project_id = $1 and not r.is_deleted),
       'cases', (select json_agg(json_build_array(c.name, f.name, o.name, q.name) order by c.name) from test_case c
          left join test_case_folder f on f.project_id = $1 and f.test_case_folder_id = c.test_case_folder_id
          left join test_case_folder o on o.project_id = $1 and o.test_case_folder_id = f.parent_test_case_folder_id
          left join component q on q.project_id = $1 and q.component_id = c.component_ids[1]
         where c.project_id = $1 and not c.is_deleted),
       'links', (select json_agg(json_build_array(c.name, l.name, v.name)) from test_step s
          join test_case c on c.project_id = $1 and c.test_case_id = s.test_case_id
          join test_case l on l.project_id = $1 and l.test_case_id = s.linked_test_case_id
          join test_step_parameter v on v.project_id = $1 and v.test_step_id = s.test_step_id where s.project_id = $1),
       'mappings', (select json_agg(json_build_array(r.name, c.name)) from release_test_case m
          join release r on r.project_id = $1 and r.release_id = m.release_id
          join test_case c on c.project_id = $1 and c.test_case_id = m.test_case_id and not c.is_deleted
         where m.project_id = $1),
       'sets', (select json_agg(json_build_array(f.name, r.name, h.token)) from test_set s
          join test_set_folder f on f.project_id = $1 and f.test_set_folder_id = s.test_set_folder_id
          join release r on r.project_id = $1 and r.release_id = s.release_id
          join automation_host h on h.project_id = $1 and h.automation_host_id = s.automation_host_id
         where s.project_id = $1),
       'values', (select json_agg(json_build_array(q.name, v.value, c.name) order by c.name) from test_set_parameter v
          join test_set s on s.project_id = $1 and s.test_set_id = v.test_set_id
          join test_case_parameter q on q.project_id = $1 and q.test_case_parameter_id = v.test_case_parameter_id
          left join test_set_row w on w.project_id = $1 and w.test_set_row_id = v.test_set_row_id
          left join test_case c on c.project_id = $1 and c.test_case_id = w.test_case_id where v.project_id = $1),
       'coverage', (select json_agg(json_build_array(q.name, p.name, c.name)) from requirement_test_case m
          join requirement q on q.project_id = $1 and q.requirement_id = m.requirement_id
          join requirement p on p.project_id = $1 and p.requirement_id = q.parent_requirement_id
          join test_case c on c.project_id = $1 and c.test_case_id = m.test_case_id where m.project_id = $1)
     ) as picture`,
    [projectId],
  );
  return row?.picture;
}

test('a copy has the same plan with ids of its own; deleted things and what hangs on them are left out', async () => {
  const from = await aPlannedProject();
  const to = await aProject(db);
  const before = await picture(from);
  await db.transaction((transaction) => cloneProjectContent(transaction, { from, to }));
  expect(await picture(to)).toEqual(before);
  expect(await picture(from)).toEqual(before);
  expect(before).toMatchObject({ links: [['Order', 'Login', 'user']], coverage: [['child', 'parent', 'Login']] });
  expect(await counts(to)).toEqual({
    ...(await counts(from)),
    release: 2,
    release_test_case: 1,
    test_case: 2,
    test_step: 2,
    test_set_row: 1,
  });
});

test('custom values lead to the copies of releases and hosts; those of what is not copied go', async () => {
  const from = await aProject(db);
  const to = await aProject(db);
  const property = (propertyNumber: number, customPropertyTypeId: number) =>
    aCustomProperty(db, { artifactTypeId: 2, propertyNumber, customPropertyTypeId });
  const ids = [await property(1, 1), await property(2, 10), await property(3, 12), await property(4, 10)];
  const releaseId = await aRelease(db, from);
  const deletedId = await aRelease(db, from, { isDeleted: true });
  const hostId = await anAutomationHost(db, from, { token: 'H' });
  const values = [
    { stringValue: 'a' },
    { integerValue: releaseId },
    { integerValue: hostId },
    { integerValue: deletedId },
  ];
  const customProperties = JSON.stringify(
    values.map((value, at) => ({ customPropertyId: ids[at], propertyNumber: at + 1, ...value })),
  );
  await aTestCase(db, from, { customProperties });
  await aTestCase(db, from, { customProperties: null });
  await db.transaction((transaction) => cloneProjectContent(transaction, { from, to }));
  const [facts] = await db.query<{ release: number; host: number; values: object[] }>(
    `select (select release_id from release where project_id = $1) as release,
            (select automation_host_id from automation_host where project_id = $1) as host,
            (select json_agg(custom_properties order by test_case_id) from test_case where project_id = $1) as values`,
    [to],
  );
  expect(facts?.release).not.toBe(releaseId);
  expect(facts?.values).toEqual([
    [
      { customPropertyId: ids[0], propertyNumber: 1, stringValue: 'a' },
      { customPropertyId: ids[1], propertyNumber: 2, integerValue: facts?.release },
      { customPropertyId: ids[2], propertyNumber: 3, integerValue: facts?.host },
    ],
    null,
  ]);
});
