import { DomainError } from '../domain/errors.ts';
import type { Transaction } from '../storage/database.ts';
import { insertEvent } from '../storage/events.ts';
import { lockBlocks, lockFigures, lockReferences, lockTrees } from '../storage/locks.ts';
import { deleteProjectRows } from '../storage/project-tables.ts';
import type { ServerCommand } from './context.ts';

/**
 * Deletes a product for good, with everything in it: there is no way back (semantics 1.1). What is being recorded into it
 * is waited for; whatever comes later finds no product. The event log keeps that it was done, and by whom.
 */
export async function deleteProject({ db, actor }: ServerCommand, projectId: number): Promise<void> {
  await db.transaction(async (transaction) => {
    await lockReferences(transaction, projectId);
    await lockTrees(transaction, projectId);
    await lockBlocks(transaction, projectId);
    await lockFigures(transaction, projectId);
    const { name } = await requireProject(transaction, projectId);
    // Whoever adds rows holds a key share of this row, so this waits for them and keeps new ones out.
    await transaction.query('select from project where project_id = $1 for update', [projectId]);
    await deleteProjectRows(transaction, projectId);
    await insertEvent(transaction, {
      userId: actor.userId,
      projectId,
      kind: 'deletion',
      subject: `PR:${projectId}`,
      details: { name },
    });
  });
}

/** Throws `notFound` when there is no such product; an inactive one is one. */
export async function requireProject(transaction: Transaction, projectId: number): Promise<{ name: string }> {
  const project = await transaction.kysely
    .selectFrom('project')
    .select('name')
    .where('projectId', '=', projectId)
    .executeTakeFirst();
  if (!project) throw new DomainError('notFound', `Project ${projectId} does not exist`);
  return project;
}
