import { notFound } from '../domain/errors.ts';
import type { ProjectCommand } from './context.ts';
import { requireExisting } from './input-checks.ts';
import { type Modifies, refuseForeign } from './ownership.ts';

/**
 * Says that a build mends an incident. No stamp is asked for: build servers know only the two ids. Its status stays.
 * Throws `notFound` when either does not exist.
 */
export async function fixIncident(
  { db, actor, projectId }: ProjectCommand,
  { incidentId, buildId }: { incidentId: number; buildId: number },
  modifies: Modifies = 'all',
): Promise<void> {
  await db.transaction(async (transaction) => {
    const [incident] = await transaction.query<{ openerId: number; ownerId: number | null }>(
      `select opener_id as "openerId", owner_id as "ownerId" from incident
        where project_id = $1 and incident_id = $2 and not is_deleted for no key update`,
      [projectId, incidentId],
    );
    refuseForeign(actor, modifies, incident && [incident.openerId, incident.ownerId]);
    if (!incident) throw notFound(`Incident ${incidentId}`);
    await requireExisting(transaction, projectId, { kind: 'build', id: buildId });
    await transaction.query(
      `update incident set fixed_build_id = $3, updated_at = now(),
              concurrency_date = greatest(now()::timestamptz(3), concurrency_date + interval '1 ms')
        where project_id = $1 and incident_id = $2`,
      [projectId, incidentId, buildId],
    );
  });
}
