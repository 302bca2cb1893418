import type { ProjectCommand } from './context.ts';
import { requireExisting } from './input-checks.ts';

/** Deletes all builds of a release; runs keep naming theirs. */
export async function deleteBuilds({ db, projectId }: ProjectCommand, releaseId: number): Promise<void> {
  await db.transaction(async (transaction) => {
    await requireExisting(transaction, projectId, { kind: 'release', id: releaseId });
    await transaction.query(
      `update build set is_deleted = true, updated_at = now()
        where project_id = $1 and release_id = $2 and not is_deleted`,
      [projectId, releaseId],
    );
  });
}
