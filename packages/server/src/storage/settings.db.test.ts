import { expect, test } from 'vitest';
import { aProject } from '../../test/support/builders.ts';
import { testDatabase } from '../../test/support/database.ts';
import type { Queryable, Statement } from './database.ts';
import { RefreshSettings } from './settings.ts';

const db = await testDatabase();

/** The database, counting what it is asked; `failsFirst` refuses the first question. */
function counted({ failsFirst = false } = {}): { asked: () => number; queryable: Queryable } {
  let asked = 0;
  return {
    asked: () => asked,
    queryable: {
      kysely: db.kysely,
      query: async (statement: Statement | string, values?: unknown[]) => {
        asked += 1;
        if (failsFirst && asked === 1) throw new Error('unreachable');
        return db.query(statement, values);
      },
    },
  };
}

test('many calls that ask for the mode of a project at once share the answer', async () => {
  const projectId = await aProject(db, { refreshMode: 'immediate' });
  const { asked, queryable } = counted();
  const settings = new RefreshSettings(queryable, { keptMs: 60_000 });
  const modes = await Promise.all(Array.from({ length: 50 }, () => settings.modeOf(projectId)));
  expect(new Set(modes)).toEqual(new Set(['immediate']));
  expect(asked()).toBe(2);
});

test('an answer that failed is not kept', async () => {
  const projectId = await aProject(db, { refreshMode: 'manual' });
  const settings = new RefreshSettings(counted({ failsFirst: true }).queryable, { keptMs: 60_000 });
  await expect(settings.modeOf(projectId)).rejects.toThrow('unreachable');
  expect(await settings.modeOf(projectId)).toBe('manual');
});

test('what was asked before a change of settings does not hold after it', async () => {
  const projectId = await aProject(db, { refreshMode: 'manual' });
  const settings = new RefreshSettings(db, { keptMs: 60_000 });
  const before = settings.modeOf(projectId);
  await db.query(`update project set refresh_mode = 'immediate' where project_id = $1`, [projectId]);
  settings.forget();
  await before;
  expect(await settings.modeOf(projectId)).toBe('immediate');
});
