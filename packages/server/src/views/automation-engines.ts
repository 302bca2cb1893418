import type { Queryable } from '../storage/database.ts';
import { boolean, number, text, view } from './view.ts';

/** The automation engines of the server, by id. No parameters. */
export const automationEngines = view({
  from: 'automation_engine t',
  scope: 'true',
  key: 'automationEngineId',
  columns: {
    automationEngineId: number('t.automation_engine_id'),
    name: text('t.name'),
    token: text('t.token'),
    description: text('t.description'),
    active: boolean('t.is_active'),
  },
});

/** Returns the id of the engine with this token, in any letter case; undefined when there is none. */
export async function findEngineIdByToken(db: Queryable, token: string): Promise<number | undefined> {
  const [row] = await db.query<{ id: number }>(
    `select automation_engine_id as id from automation_engine
      where lower(token) = lower($1) order by token <> $1, automation_engine_id limit 1`,
    [token.replaceAll('\u0000', '')],
  );
  return row?.id;
}
