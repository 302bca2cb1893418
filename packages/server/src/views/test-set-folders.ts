import { type FolderFigures, inTreeOrder, subtreeFigures } from '../domain/folder-tree.ts';
import type { Queryable } from '../storage/database.ts';
import { estimatedDurationSql, testSets, testSetsForRelease } from './test-sets.ts';

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
  const { from, scope } = (roll ? testSetsForRelease : testSets).definition;
  const rows = await db.query<FolderFigures & { folderId: number }>(
    `select t.test_set_folder_id as "folderId",
            coalesce(sum(f.count_failed), 0) as "countFailed", coalesce(sum(f.count_passed), 0) as "countPassed",
            coalesce(sum(f.count_not_run), 0) as "countNotRun", coalesce(sum(f.count_blocked), 0) as "countBlocked",
            coalesce(sum(f.count_not_applicable), 0) as "countNotApplicable",
            coalesce(sum(f.count_caution), 0) as "countCaution", max(f.execution_date) as "executionDate",
            sum(${estimatedDurationSql}) as "estimatedDuration", sum(f.actual_duration) as "actualDuration"
       from ${from}
      where ${scope} and t.test_set_folder_id is not null
      group by t.test_set_folder_id`,
    roll ? [projectId, roll] : [projectId],
  );
  return new Map(rows.map(({ folderId, ...figures }) => [folderId, figures]));
}
