import { randomUUID } from 'node:crypto';
import type { Insertable } from 'kysely';
import { BUILT_IN_ADMINISTRATOR } from '../../src/domain/actor.ts';
import { newApiKey } from '../../src/storage/api-keys.ts';
import type { Database } from '../../src/storage/database.ts';
import { type IndentTree, nextLevel, releaseTree, requirementTree } from '../../src/storage/indent-trees.ts';
import type { DB } from '../../src/storage/tables.generated.ts';
import { NOON } from './clock.ts';

// Each builder inserts one row with plausible values for whatever is not said and returns its id. They write tables
// directly: no change is logged and no figure is written, so a test that wants figures calls commands or a refresh.

type Values<Table extends keyof DB> = Partial<Insertable<DB[Table]>>;

/** A project without members. */
export async function aProject(db: Database, values: Values<'project'> = {}): Promise<number> {
  const row = await db.kysely
    .insertInto('project')
    .values({ name: 'Library', ...values })
    .returning('projectId')
    .executeTakeFirstOrThrow();
  return row.projectId;
}

/** An active user who is a member nowhere. */
export async function aUser(db: Database, values: Values<'appUser'> = {}): Promise<number> {
  const login = values.login ?? `user-${randomUUID()}`;
  const row = await db.kysely
    .insertInto('appUser')
    .values({ firstName: 'Fred', lastName: 'Bloggs', email: `${login}@example.com`, ...values, login })
    .returning('userId')
    .executeTakeFirstOrThrow();
  return row.userId;
}

/** Puts a user into a project with a role (1 Product Owner ... 4 Tester ... 7 Automation). */
export async function aMember(
  db: Database,
  projectId: number,
  { userId, roleId }: { userId: number; roleId: number },
): Promise<void> {
  await db.kysely.insertInto('projectMember').values({ projectId, userId, roleId }).execute();
}

/** An API key of a user; returns the key as clients send it. */
export async function anApiKey(db: Database, userId: number = BUILT_IN_ADMINISTRATOR): Promise<string> {
  const { key, hash, hint } = newApiKey();
  await db.kysely.insertInto('apiKey').values({ userId, keyHash: hash, hint }).execute();
  return key;
}

/** A release at the end of its parent (missing: of the root), of type Major Release. */
export async function aRelease(db: Database, projectId: number, values: Values<'release'> = {}): Promise<number> {
  const indentLevel = values.indentLevel ?? (await levelBelow(db, releaseTree, projectId, values.parentReleaseId));
  const name = values.name ?? `Release ${indentLevel}`;
  const defaults = { versionNumber: '1.0', creatorId: BUILT_IN_ADMINISTRATOR, releaseTypeId: 1, releaseStatusId: 2 };
  const row = await db.kysely
    .insertInto('release')
    .values({ startDate: NOON, endDate: NOON, ...defaults, ...values, projectId, indentLevel, name })
    .returning('releaseId')
    .executeTakeFirstOrThrow();
  return row.releaseId;
}

/** A build of a release. */
export async function aBuild(
  db: Database,
  projectId: number,
  values: Values<'build'> & { releaseId: number },
): Promise<number> {
  const row = await db.kysely
    .insertInto('build')
    .values({ name: 'Build', buildStatusId: 2, ...values, projectId })
    .returning('buildId')
    .executeTakeFirstOrThrow();
  return row.buildId;
}

export async function aTestCaseFolder(
  db: Database,
  projectId: number,
  values: Values<'testCaseFolder'> = {},
): Promise<number> {
  const row = await db.kysely
    .insertInto('testCaseFolder')
    .values({ name: 'Folder', ...values, projectId })
    .returning('testCaseFolderId')
    .executeTakeFirstOrThrow();
  return row.testCaseFolderId;
}

/** A test case without steps, ready for test. */
export async function aTestCase(db: Database, projectId: number, values: Values<'testCase'> = {}): Promise<number> {
  const row = await db.kysely
    .insertInto('testCase')
    .values({ name: 'Test case', authorId: BUILT_IN_ADMINISTRATOR, testCaseStatusId: 5, ...values, projectId })
    .returning('testCaseId')
    .executeTakeFirstOrThrow();
  return row.testCaseId;
}

/** A step at the end of a test case. */
export async function aTestStep(
  db: Database,
  projectId: number,
  values: Values<'testStep'> & { testCaseId: number },
): Promise<number> {
  const position =
    values.position ?? (await nextPosition(db, 'test_step', 'test_case_id', [projectId, values.testCaseId]));
  const row = await db.kysely
    .insertInto('testStep')
    .values({ description: `Step ${position}`, expectedResult: 'It works', ...values, projectId, position })
    .returning('testStepId')
    .executeTakeFirstOrThrow();
  return row.testStepId;
}

/** Maps a test case to a release. */
export async function aMapping(
  db: Database,
  projectId: number,
  { releaseId, testCaseId }: { releaseId: number; testCaseId: number },
): Promise<void> {
  await db.kysely.insertInto('releaseTestCase').values({ projectId, releaseId, testCaseId }).execute();
}

export async function aTestSetFolder(
  db: Database,
  projectId: number,
  values: Values<'testSetFolder'> = {},
): Promise<number> {
  const row = await db.kysely
    .insertInto('testSetFolder')
    .values({ name: 'Folder', ...values, projectId })
    .returning('testSetFolderId')
    .executeTakeFirstOrThrow();
  return row.testSetFolderId;
}

/** A test set without rows. */
export async function aTestSet(db: Database, projectId: number, values: Values<'testSet'> = {}): Promise<number> {
  const row = await db.kysely
    .insertInto('testSet')
    .values({ name: 'Test set', creatorId: BUILT_IN_ADMINISTRATOR, ...values, projectId })
    .returning('testSetId')
    .executeTakeFirstOrThrow();
  return row.testSetId;
}

/** A row at the end of a test set: one test case in it. Returns the test_set_row_id (TestSetTestCaseId on the wire). */
export async function aTestSetRow(
  db: Database,
  projectId: number,
  values: Values<'testSetRow'> & { testSetId: number; testCaseId: number },
): Promise<number> {
  const position =
    values.position ?? (await nextPosition(db, 'test_set_row', 'test_set_id', [projectId, values.testSetId]));
  const row = await db.kysely
    .insertInto('testSetRow')
    .values({ ...values, projectId, position })
    .returning('testSetRowId')
    .executeTakeFirstOrThrow();
  return row.testSetRowId;
}

/** A requirement at the end of its parent (missing: of the root). */
export async function aRequirement(
  db: Database,
  projectId: number,
  values: Values<'requirement'> = {},
): Promise<number> {
  const indentLevel =
    values.indentLevel ?? (await levelBelow(db, requirementTree, projectId, values.parentRequirementId));
  const row = await db.kysely
    .insertInto('requirement')
    .values({ name: 'Requirement', authorId: BUILT_IN_ADMINISTRATOR, ...values, projectId, indentLevel })
    .returning('requirementId')
    .executeTakeFirstOrThrow();
  return row.requirementId;
}

/** Covers a requirement by a test case. */
export async function aCoverage(
  db: Database,
  projectId: number,
  { requirementId, testCaseId }: { requirementId: number; testCaseId: number },
): Promise<void> {
  await db.kysely.insertInto('requirementTestCase').values({ projectId, requirementId, testCaseId }).execute();
}

/** A new incident, opened by the built-in administrator. */
export async function anIncident(db: Database, projectId: number, values: Values<'incident'> = {}): Promise<number> {
  const row = await db.kysely
    .insertInto('incident')
    .values({ name: 'Incident', openerId: BUILT_IN_ADMINISTRATOR, ...values, projectId })
    .returning('incidentId')
    .executeTakeFirstOrThrow();
  return row.incidentId;
}

export async function anAutomationHost(
  db: Database,
  projectId: number,
  values: Values<'automationHost'> = {},
): Promise<number> {
  const row = await db.kysely
    .insertInto('automationHost')
    .values({ name: 'Host', token: `host-${randomUUID()}`, ...values, projectId })
    .returning('automationHostId')
    .executeTakeFirstOrThrow();
  return row.automationHostId;
}

function levelBelow(
  db: Database,
  tree: IndentTree,
  projectId: number,
  parentId: number | null | undefined,
): Promise<string> {
  return db.transaction((transaction) => nextLevel(transaction, tree, projectId, parentId ?? null));
}

async function nextPosition(
  db: Database,
  table: 'test_step' | 'test_set_row',
  parent: 'test_case_id' | 'test_set_id',
  [projectId, parentId]: [number, number],
): Promise<number> {
  const [row] = await db.query<{ next: number }>(
    `select coalesce(max(position), 0) + 1 as next from ${table} where project_id = $1 and ${parent} = $2`,
    [projectId, parentId],
  );
  return row?.next ?? 1;
}
