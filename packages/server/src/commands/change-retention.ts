import type { Actor } from '../domain/actor.ts';
import { DomainError, notFound } from '../domain/errors.ts';
import { isKeepDays, type RetentionSetting } from '../domain/retention.ts';
import { insertEvent } from '../storage/events.ts';
import { findRetention, updateRetention } from '../storage/retention-settings.ts';
import type { CommandContext } from './context.ts';

/** Changes how long the runs of a project are kept (null: for ever). Nothing is deleted before the next retention. */
export async function changeRetention(
  { db, actor }: Pick<CommandContext, 'db'> & { actor: Actor | null },
  projectId: number,
  { keepDays }: RetentionSetting,
): Promise<void> {
  if (keepDays !== null && !isKeepDays(keepDays)) {
    throw new DomainError('invalid', `${keepDays} is not a number of days from 1 to 36500`);
  }
  await db.transaction(async (transaction) => {
    if (!(await findRetention(transaction, projectId))) throw notFound(`Project ${projectId}`);
    await updateRetention(transaction, projectId, { keepDays });
    await insertEvent(transaction, {
      userId: actor?.userId ?? null,
      projectId,
      kind: 'setting',
      subject: 'retention',
      details: { keepDays },
    });
  });
}
