import type { ReleaseNode } from '../domain/release-tree.ts';
import type { Queryable } from './database.ts';

/** Returns every release of the project as a node of the tree, deleted ones included. */
export async function listReleaseNodes(db: Queryable, projectId: number): Promise<ReleaseNode[]> {
  return db.query<ReleaseNode>({
    name: 'release-nodes',
    text: `select release_id as "releaseId", parent_release_id as "parentReleaseId",
                  release_type_id as "releaseTypeId", is_deleted as "isDeleted"
             from release where project_id = $1`,
    values: [projectId],
  });
}
