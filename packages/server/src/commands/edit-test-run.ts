import { appendChange } from '../changes/change-log.ts';
import { notFound, refuse } from '../domain/errors.ts';
import { updateStamped } from '../storage/concurrency.ts';
import type { Transaction } from '../storage/database.ts';
import { insertEvent } from '../storage/events.ts';
import { holdBlocks, holdReferences } from '../storage/locks.ts';
import { outdateBlocksOfRuns } from '../storage/run-blocks.ts';
import { findRunReferences, noReferences, type RunReferences } from '../storage/run-references.ts';
import { type EditableRun, lockTestRun } from '../storage/test-runs.ts';
import type { ProjectCommand } from './context.ts';
import { ItemCheck, resolvePlace, resolveRelease } from './run-checks.ts';

/** What of a stored run can be edited (IM-2). Missing keeps the stored value, null clears it. */
export interface TestRunEdit {
  releaseId?: number | null;
  buildId?: number | null;
  testSetId?: number | null;
  testSetTestCaseId?: number | null;
  /** Null: the caller. */
  testerId?: number | null;
  tags?: string | null;
  /** Minutes (DU-6). */
  actualDuration?: number | null;
}

/**
 * Edits a stored run; its status, results and dates never change (IM-1). Another set takes the row as a recording does
 * (IM-3, AU-6); another release without a build takes the build off, a build without a release brings its own. Throws
 * `stale` when the stamp is not the one that the caller read, `notFound` for whatever does not exist.
 */
export async function editTestRun(
  { db, figures, actor, projectId }: ProjectCommand,
  { testRunId, edit, stamp }: { testRunId: number; edit: TestRunEdit; stamp: Date | null | undefined },
): Promise<void> {
  await db.transaction(async (transaction) => {
    await holdReferences(transaction, projectId);
    await holdBlocks(transaction, projectId);
    const stored = await lockTestRun(transaction, projectId, testRunId);
    if (!stored) throw notFound(`Test run ${testRunId}`);
    const edited = await checkedEdit(transaction, projectId, {
      stored,
      edit: { ...edit, ...(edit.testerId === null ? { testerId: actor.userId } : {}) },
    });
    const { testSetTestCaseId: testSetRowId, testCaseId: _, ...changes } = edited;
    await updateStamped(transaction, {
      table: 'testRun',
      key: { projectId, testRunId },
      what: `Test run ${testRunId}`,
      stamp,
      changes: { ...changes, testSetRowId },
    });
    await outdateBlocksOfRuns(transaction, projectId, [testRunId]);
    await appendChange(transaction, projectId, { kind: 'edited', runIds: [testRunId] });
    await insertEvent(transaction, {
      userId: actor.userId,
      projectId,
      kind: 'testRun',
      subject: `TR:${testRunId}`,
      details: { action: 'edited', ...differences(stored, edited) },
    });
  });
  await figures.afterCommit(projectId, 'facts');
}

/** Returns the run as it will be. What is not changed is not looked up: it may have been deleted since. */
async function checkedEdit(
  transaction: Transaction,
  projectId: number,
  { stored, edit }: { stored: EditableRun; edit: TestRunEdit },
): Promise<EditableRun> {
  const wanted = wantedPlace(stored, edit);
  const testerId = edit.testerId ?? stored.testerId;
  const references = await findRunReferences(transaction, projectId, {
    ...noReferences,
    userIds: [testerId],
    releaseIds: given(wanted.releaseId),
    buildIds: given(wanted.buildId),
    testSetIds: given(wanted.testSetId),
    rowIds: given(wanted.testSetTestCaseId),
    places: given(wanted.testSetId).map((testSetId) => ({ testSetId, testCaseId: stored.testCaseId })),
  });
  const check = new ItemCheck(undefined);
  checkTester(testerId, stored, { references, check });
  const { actualDuration = stored.actualDuration, tags = stored.tags } = edit;
  if (actualDuration !== null && actualDuration < 0) {
    check.report('invalid', 'actualDuration', 'A duration cannot be negative');
  }
  const release = isSame(stored, wanted, ['releaseId', 'buildId']) ? stored : resolveRelease(wanted, references, check);
  const place = isSame(stored, wanted, ['testSetId', 'testSetTestCaseId'])
    ? stored
    : resolvePlace(wanted, references, check);
  refuse(check.issues);
  return {
    testCaseId: stored.testCaseId,
    releaseId: release.releaseId,
    buildId: release.buildId,
    testSetId: place.testSetId,
    testSetTestCaseId: place.testSetTestCaseId,
    testerId,
    tags,
    actualDuration,
  };
}

type Place = Pick<EditableRun, 'testCaseId' | 'releaseId' | 'buildId' | 'testSetId' | 'testSetTestCaseId'>;

/** What was said, and of the rest what still fits to it. */
function wantedPlace(stored: EditableRun, edit: TestRunEdit): Place {
  const keepsRelease = edit.releaseId === undefined || edit.releaseId === stored.releaseId;
  const buildId = edit.buildId === undefined ? (keepsRelease ? stored.buildId : null) : edit.buildId;
  const bringsRelease = edit.releaseId === undefined && buildId !== null && buildId !== stored.buildId;
  const keepsSet = edit.testSetId === undefined || edit.testSetId === stored.testSetId;
  const rowId =
    edit.testSetTestCaseId === undefined ? (keepsSet ? stored.testSetTestCaseId : null) : edit.testSetTestCaseId;
  const bringsSet = edit.testSetId === undefined && rowId !== null && rowId !== stored.testSetTestCaseId;
  return {
    testCaseId: stored.testCaseId,
    releaseId: bringsRelease ? null : edit.releaseId === undefined ? stored.releaseId : edit.releaseId,
    buildId,
    testSetId: bringsSet ? null : edit.testSetId === undefined ? stored.testSetId : edit.testSetId,
    testSetTestCaseId: rowId,
  };
}

function checkTester(
  testerId: number,
  stored: EditableRun,
  { references, check }: { references: RunReferences; check: ItemCheck },
): void {
  if (testerId !== stored.testerId && !references.users.get(testerId)?.isMember) {
    check.missing('testerId', 'Product member (user)', testerId);
  }
}

const given = (id: number | null) => (id === null ? [] : [id]);

function isSame(stored: Place, wanted: Place, fields: readonly (keyof Place)[]): boolean {
  return fields.every((field) => stored[field] === wanted[field]);
}

/** For the history: what was, and what is now. */
function differences(stored: EditableRun, edited: EditableRun): { before: object; after: object } {
  const fields = (Object.keys(edited) as (keyof EditableRun)[]).filter((field) => stored[field] !== edited[field]);
  const of = (run: EditableRun) => Object.fromEntries(fields.map((field) => [field, run[field]]));
  return { before: of(stored), after: of(edited) };
}
