import { DomainError, type Issue, refuse } from '../domain/errors.ts';
import type { Transaction } from '../storage/database.ts';
import type { ServerCommand } from './context.ts';
import { blankName } from './input-checks.ts';

/** What can be said of an automation engine. Missing keeps the stored value on update and means the default on create. */
export interface AutomationEngineInput {
  automationEngineId?: number | null;
  name?: string | null;
  token?: string | null;
  description?: string | null;
  active?: boolean | null;
}

/** Creates an automation engine and returns its id. `duplicate` when another engine has the token. */
export async function createAutomationEngine({ db }: ServerCommand, engine: AutomationEngineInput): Promise<number> {
  return db.transaction(async (transaction) => {
    refuse(engineIssues(engine));
    await refuseTakenToken(transaction, engine.token, 0);
    const created = await transaction.kysely
      .insertInto('automationEngine')
      .values({
        name: engine.name ?? '',
        token: (engine.token ?? '').trim(),
        description: engine.description ?? null,
        isActive: engine.active ?? true,
      })
      .returning('automationEngineId')
      .executeTakeFirstOrThrow();
    return created.automationEngineId;
  });
}

/** Updates an automation engine; missing members keep their value. `duplicate` when another engine has the token. */
export async function updateAutomationEngine({ db }: ServerCommand, engine: AutomationEngineInput): Promise<void> {
  await db.transaction(async (transaction) => {
    const id = engine.automationEngineId ?? 0;
    const [stored] = await transaction.query(
      'select from automation_engine where automation_engine_id = $1 for update',
      [id],
    );
    if (!stored) throw new DomainError('notFound', `Automation engine ${id} does not exist`);
    refuse(engineIssues(engine));
    await refuseTakenToken(transaction, engine.token, id);
    await transaction.query(
      `update automation_engine
          set name = coalesce($2, name), token = coalesce($3, token), is_active = coalesce($4, is_active),
              description = case when $6 then $5 else description end
        where automation_engine_id = $1`,
      [
        id,
        engine.name ?? null,
        engine.token?.trim() ?? null,
        engine.active ?? null,
        engine.description ?? null,
        engine.description !== undefined,
      ],
    );
  });
}

function engineIssues(engine: AutomationEngineInput): Issue[] {
  const isBlank = typeof engine.token === 'string' && engine.token.trim() === '';
  return [
    ...blankName(engine.name, 'An automation engine'),
    ...(isBlank ? [{ code: 'invalid', field: 'token', message: 'An automation engine needs a token' } as const] : []),
  ];
}

async function refuseTakenToken(
  transaction: Transaction,
  token: string | null | undefined,
  engineId: number,
): Promise<void> {
  if (!token) return;
  const [other] = await transaction.query(
    'select from automation_engine where lower(token) = lower($1) and automation_engine_id <> $2',
    [token.trim(), engineId],
  );
  if (other) throw new DomainError('duplicate', `Another automation engine has the token ${token.trim()}`);
}
