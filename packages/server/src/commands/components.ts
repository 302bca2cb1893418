import { notFound, refuse } from '../domain/errors.ts';
import { updateGuidStamped } from '../storage/concurrency.ts';
import type { ProjectCommand } from './context.ts';
import { blankName, requireExisting } from './input-checks.ts';

/** What can be said of a component. Missing keeps the stored value on update and means the default on create. */
export interface ComponentInput {
  name?: string | null;
  isActive?: boolean | null;
}

/** Creates a component and returns its id. */
export async function createComponent({ db, projectId }: ProjectCommand, component: ComponentInput): Promise<number> {
  return db.transaction(async (transaction) => {
    const created = await transaction.kysely
      .insertInto('component')
      .values({ projectId, name: component.name ?? '', isActive: component.isActive ?? true })
      .returning('componentId')
      .executeTakeFirstOrThrow();
    return created.componentId;
  });
}

/** Updates a component; missing members keep their value. Refused: a stale stamp. */
export async function updateComponent(
  { db, projectId }: ProjectCommand,
  { componentId, component }: { componentId: number; component: ComponentInput & { concurrencyGuid?: string | null } },
): Promise<void> {
  await db.transaction(async (transaction) => {
    await requireExisting(transaction, projectId, { kind: 'component', id: componentId });
    refuse(blankName(component.name, 'A component'));
    await updateGuidStamped(transaction, {
      table: 'component',
      key: { projectId, componentId },
      what: `Component ${componentId}`,
      stamp: component.concurrencyGuid,
      changes: { name: component.name ?? undefined, isActive: component.isActive ?? undefined },
    });
  });
}

/** Deletes a component, or takes the deletion back; what belongs to it keeps naming it. */
export async function markComponent(
  { db, now, projectId }: ProjectCommand,
  { componentId, isDeleted }: { componentId: number; isDeleted: boolean },
): Promise<void> {
  await db.transaction(async (transaction) => {
    const marked = await transaction.kysely
      .updateTable('component')
      .set({ isDeleted, updatedAt: now() })
      .where('projectId', '=', projectId)
      .where('componentId', '=', componentId)
      .where('isDeleted', '=', !isDeleted)
      .executeTakeFirst();
    if (marked.numUpdatedRows === 0n)
      throw notFound(`${isDeleted ? 'Component' : 'A deleted component'} ${componentId}`);
  });
}
