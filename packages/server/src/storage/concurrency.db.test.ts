import { describe, expect, test } from 'vitest';
import { aProject, aRelease } from '../../test/support/builders.ts';
import { testDatabase } from '../../test/support/database.ts';
import { updateGuidStamped, updateStamped } from './concurrency.ts';

const db = await testDatabase();
const projectId = await aProject(db);

async function stored(releaseId: number) {
  const { name, description, concurrencyDate, updatedAt } = await db.kysely
    .selectFrom('release')
    .selectAll()
    .where('projectId', '=', projectId)
    .where('releaseId', '=', releaseId)
    .executeTakeFirstOrThrow();
  return { name, description, concurrencyDate, updatedAt };
}

const rename = (releaseId: number, name: string, stamp: Date | undefined) =>
  db.transaction((transaction) =>
    updateStamped(transaction, {
      table: 'release',
      key: { projectId, releaseId },
      what: `Release ${releaseId}`,
      stamp,
      changes: { name, description: undefined },
    }),
  );

describe('CC-1 updates by a date as stamp', () => {
  test('the stamp that was read lets the update through and is used up; what is undefined stays', async () => {
    const releaseId = await aRelease(db, projectId, { name: 'old', description: 'text' });
    const before = await stored(releaseId);
    await rename(releaseId, 'new', before.concurrencyDate);
    const after = await stored(releaseId);
    expect(after).toMatchObject({ name: 'new', description: 'text', updatedAt: after.concurrencyDate });
    await expect(rename(releaseId, 'newer', before.concurrencyDate)).rejects.toMatchObject({ code: 'stale' });
    await expect(rename(releaseId, 'newer', undefined)).rejects.toMatchObject({ code: 'stale' });
    expect(await stored(releaseId)).toEqual(after);
  });

  test('a new stamp is later than the old one, even if the clock went back', async () => {
    const future = new Date('2100-01-01T00:00:00.000Z');
    const releaseId = await aRelease(db, projectId, { concurrencyDate: future });
    await rename(releaseId, 'new', future);
    expect((await stored(releaseId)).concurrencyDate).toEqual(new Date('2100-01-01T00:00:00.001Z'));
  });

  test('of two writers with one stamp the second waits for the first and then is stale', async () => {
    const releaseId = await aRelease(db, projectId);
    const { concurrencyDate } = await stored(releaseId);
    const attempts = await Promise.allSettled(
      Array.from({ length: 5 }, (_, index) => rename(releaseId, `writer ${index}`, concurrencyDate)),
    );
    const failures = attempts.filter((attempt) => attempt.status === 'rejected').map((attempt) => attempt.reason.code);
    expect(failures).toEqual(['stale', 'stale', 'stale', 'stale']);
  });

  test('a row that is deleted, or of another project, does not exist', async () => {
    const releaseId = await aRelease(db, projectId, { isDeleted: true });
    const { concurrencyDate } = await stored(releaseId);
    await expect(rename(releaseId, 'new', concurrencyDate)).rejects.toMatchObject({ code: 'notFound' });
    const elsewhere = await aRelease(db, await aProject(db));
    await expect(rename(elsewhere, 'new', concurrencyDate)).rejects.toMatchObject({ code: 'notFound' });
  });
});

describe('updates by a guid as stamp', () => {
  const guidOf = async () =>
    (await db.kysely.selectFrom('project').selectAll().where('projectId', '=', projectId).executeTakeFirstOrThrow())
      .concurrencyGuid;
  const renameProject = (name: string, stamp: string | null) =>
    db.transaction((transaction) =>
      updateGuidStamped(transaction, {
        table: 'project',
        key: { projectId },
        what: 'Project',
        stamp,
        changes: { name },
      }),
    );

  test('compare it in any letter case, with or without braces; another one is stale', async () => {
    const guid = await guidOf();
    await renameProject('new', `{${guid.toUpperCase()}}`);
    expect(await guidOf()).not.toBe(guid);
    await expect(renameProject('newer', guid)).rejects.toMatchObject({ code: 'stale' });
    await expect(renameProject('newer', 'no guid')).rejects.toMatchObject({ code: 'stale' });
  });

  test('do without where none is sent', async () => {
    const guid = await guidOf();
    await renameProject('unchecked', null);
    expect(await guidOf()).not.toBe(guid);
  });
});

test('of statements that travel together, the one that failed is told of, not those behind it', async () => {
  const failure = db.transaction(async (transaction) => {
    // As a function of its own has it: its failure is seen later than that of the statement behind it.
    const first = (async () => {
      await (async () => transaction.query('select 1 / 0'))();
    })();
    await Promise.all([first, transaction.query('select 1')]);
  });
  await expect(failure).rejects.toMatchObject({ code: '22012' });
});
