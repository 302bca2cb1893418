import { type FolderFigures, inTreeOrder, subtreeFigures } from '../domain/folder-tree.ts';
import type { Queryable } from '../storage/database.ts';
import { testSets, testSetsForRelease } from './test-sets.ts';

/** A folder of test sets with the figures of everything below it. Durations are minutes. */
export interface TestSetFolderRow extends FolderFigures {
  testSetFolderId: number;
  guid: string;
  projectId: number;
  projectName: string;
  indentLevel: string;
  name: string;
  description: string | null;
  parentTestSetFolderId: number | null;
  creationDate: Date;
  lastUpdateDate: Date;
}

interface StoredFolder {
  id: number;
  parentId: number | null;
  name: string;
  guid: string;
  description: string | null;
  projectName: string;
  creationDate: Date;
  lastUpdateDate: Date;
}

/**
 * Returns all folders in tree order with their figures: over all releases (FO-2), or for the releases of a Roll (FO-4),
 * then of the sets that are shown for it (PG-6). Sums are taken on read; deleted sets count nowhere.
 */
export async function listTestSetFolders(
  db: Queryable,
  projectId: number,
  roll?: readonly number[],
): Promise<TestSetFolderRow[]> {
  const stored = await db.query<StoredFolder>(
    `select d.test_set_folder_id as "id", d.parent_test_set_folder_id as "parentId", d.name, d.guid::text as "guid",
            d.description, d.created_at as "creationDate", d.updated_at as "lastUpdateDate", p.name as "projectName"
       from test_set_folder d join project p on p.project_id = d.project_id
      where d.project_id = $1`,
    [projectId],
  );
  const folders = inTreeOrder(stored);
  const figures = subtreeFigures(folders, await directFigures(db, projectId, roll));
  return folders.map(({ id, parentId, ...folder }) => ({
    ...folder,
    projectId,
    testSetFolderId: id,
    parentTestSetFolderId: parentId,
    ...(figures.get(id) as FolderFigures),
  }));
}

async function directFigures(
  db: Queryable,
  projectId: number,
  roll: readonly number[] | undefined,
): Promise<Map<number, FolderFigures>> {
  const { from, scope, columns } = (roll ? testSetsForRelease : testSets).definition;
  const sum = (field: keyof typeof columns) => `sum(${columns[field].sql}) as "${field}"`;
  const rows = await db.query<FolderFigures & { folderId: number }>(
    `select t.test_set_folder_id as "folderId", ${sum('countFailed')}, ${sum('countPassed')}, ${sum('countNotRun')},
            ${sum('countNotApplicable')}, ${sum('countBlocked')}, ${sum('countCaution')},
            ${sum('estimatedDuration')}, ${sum('actualDuration')}, max(${columns.executionDate.sql}) as "executionDate"
       from ${from}
      where ${scope} and t.test_set_folder_id is not null
      group by t.test_set_folder_id`,
    roll ? [projectId, roll] : [projectId],
  );
  return new Map(rows.map(({ folderId, ...figures }) => [folderId, figures]));
}
