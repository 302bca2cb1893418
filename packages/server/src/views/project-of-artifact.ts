import type { Queryable } from '../storage/database.ts';
import { ownProjectsSql } from './own-projects.ts';

/** Where the artifacts of each type lie. */
const sources: ReadonlyMap<number, { table: string; key: string }> = new Map([
  [1, { table: 'requirement', key: 'requirement_id' }],
  [2, { table: 'test_case', key: 'test_case_id' }],
  [3, { table: 'incident', key: 'incident_id' }],
  [4, { table: 'release', key: 'release_id' }],
  [5, { table: 'test_run', key: 'test_run_id' }],
  [7, { table: 'test_step', key: 'test_step_id' }],
  [8, { table: 'test_set', key: 'test_set_id' }],
  [9, { table: 'automation_host', key: 'automation_host_id' }],
  [13, { table: 'document', key: 'document_id' }],
]);

/** Returns the project of an artifact, undefined when there is none in the projects that the user is a member of. */
export async function findProjectOfArtifact(
  db: Queryable,
  { userId, artifactTypeId, artifactId }: { userId: number; artifactTypeId: number; artifactId: number },
): Promise<number | undefined> {
  const source = sources.get(artifactTypeId);
  if (!source) return undefined;
  const [row] = await db.query<{ projectId: number }>(
    `select t.project_id as "projectId" from ${source.table} t
      where t.project_id in ${ownProjectsSql('$1')} and t.${source.key} = $2 and not t.is_deleted`,
    [userId, artifactId],
  );
  return row?.projectId;
}
