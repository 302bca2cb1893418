import { addTestSetRow } from '../commands/add-test-set-row.ts';
import { createTestSet } from '../commands/create-test-set.ts';
import { createTestSetFolder } from '../commands/create-test-set-folder.ts';
import { type SampleSet, setFolders, testSets } from './content/test-sets.ts';
import { idOf, personId, type SampleMaking } from './sample-making.ts';

const MANUAL = 1;
const AUTOMATED = 2;
const MIDDAY = 720;

/** Makes the folders of test sets and the sets with their rows. */
export async function makeTestSets(making: SampleMaking, automationHostId: number): Promise<void> {
  const folderIds = new Map<string, number>();
  for (const { name, description, parent } of setFolders) {
    const parentTestSetFolderId = parent === undefined ? null : idOf(folderIds, parent);
    folderIds.set(name, await createTestSetFolder(making.command, { name, description, parentTestSetFolderId }));
  }
  for (const set of testSets) await makeTestSet(making, set, { folderIds, automationHostId });
}

async function makeTestSet(
  making: SampleMaking,
  set: SampleSet,
  { folderIds, automationHostId }: { folderIds: ReadonlyMap<string, number>; automationHostId: number },
): Promise<void> {
  const { command, calendar, people, releases } = making;
  const testSetId = await createTestSet(command, {
    name: set.name,
    description: set.description,
    testSetFolderId: idOf(folderIds, set.folder),
    testSetStatusId: set.status,
    testRunTypeId: set.isAutomated ? AUTOMATED : MANUAL,
    automationHostId: set.isAutomated ? automationHostId : null,
    recurrenceId: set.recurrence ?? null,
    creatorId: idOf(people, 'tom'),
    ownerId: personId(making, set.owner),
    releaseId: set.release === undefined ? null : idOf(releases, set.release),
    plannedDate: set.planned === undefined ? null : calendar.at(set.planned, MIDDAY),
  });
  const rowIds: number[] = [];
  for (const row of set.rows) {
    const { case: key, values } = typeof row === 'string' ? { case: row, values: {} } : row;
    const parameters = Object.entries(values).map(([name, value]) => ({ name, value }));
    rowIds.push(await addTestSetRow(command, { testSetId, testCaseId: idOf(making.testCases, key), parameters }));
  }
  making.testSets.set(set.key, { testSetId, rowIds });
}
