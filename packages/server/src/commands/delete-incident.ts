import { notFound } from '../domain/errors.ts';
import type { ProjectCommand } from './context.ts';

/** Deletes an incident; it can be restored. Throws `notFound` for one that does not exist. */
export async function deleteIncident(command: ProjectCommand, incidentId: number): Promise<void> {
  await setDeleted(command, { incidentId, isDeleted: true });
}

/** Restores a deleted incident with its links. Throws `notFound` unless it is deleted. */
export async function restoreIncident(command: ProjectCommand, incidentId: number): Promise<void> {
  await setDeleted(command, { incidentId, isDeleted: false });
}

async function setDeleted(
  { db, projectId }: ProjectCommand,
  { incidentId, isDeleted }: { incidentId: number; isDeleted: boolean },
): Promise<void> {
  await db.transaction(async (transaction) => {
    const changed = await transaction.query(
      `update incident set is_deleted = $3, updated_at = now(),
              concurrency_date = greatest(now()::timestamptz(3), concurrency_date + interval '1 ms')
        where project_id = $1 and incident_id = $2 and is_deleted <> $3
       returning 1`,
      [projectId, incidentId, isDeleted],
    );
    if (changed.length === 0) throw notFound(`${isDeleted ? 'Incident' : 'A deleted incident'} ${incidentId}`);
  });
}
