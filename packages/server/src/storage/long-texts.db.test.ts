import { afterAll, expect, test } from 'vitest';
import { aProject, aTestCase } from '../../test/support/builders.ts';
import { testConnection, testDatabaseWithUrl } from '../../test/support/database.ts';
import { someRuns } from '../../test/support/runs.ts';
import { deleteUnusedTexts, findTextHashes, keepLongTexts, mayHaveUnusedTexts } from './long-texts.ts';

const { db, connectionString } = await testDatabaseWithUrl();
/** As another process has it. */
const another = testConnection(connectionString);
afterAll(() => another.close());

const trace = (start: string) => start + 'at frame ✓ 𝄞\n'.repeat(300);
const stored = async (projectId: number) =>
  db.query<{ body: string; length: number }>('select body, length from long_text where project_id = $1 order by body', [
    projectId,
  ]);
/** A little more than so many days: the column rounds, and the next look may come within the same millisecond. */
const age = (projectId: number, days: number) =>
  db.query('update long_text set used_at = now() - make_interval(days => $2, mins => 1) where project_id = $1', [
    projectId,
    days,
  ]);
const isFresh = async (projectId: number) =>
  (await db.query(`select from long_text where project_id = $1 and used_at > now() - interval '1 hour'`, [projectId]))
    .length > 0;
const hashesOf = (projectId: number, texts: readonly string[]) =>
  db.transaction(async (transaction) => {
    const hashes = await findTextHashes(transaction, projectId, texts);
    return texts.map((text) => hashes.of(text));
  });
const collect = (projectId: number) => deleteUnusedTexts(db, projectId, { after: '', most: 100 });

test('a long text is stored once, whoever brings it and how often, and not for other products', async () => {
  const [own, other] = [await aProject(db), await aProject(db)];
  await keepLongTexts(db, own, [trace('b'), 'short', null, trace('a'), trace('b')]);
  await keepLongTexts(db, own, [trace('a')]);
  expect(await stored(own)).toEqual(['a', 'b'].map((start) => ({ body: trace(start), length: 300 * 14 - 300 + 1 })));
  expect(await stored(other)).toEqual([]);
});

test('texts of megabytes are stored whole', async () => {
  const projectId = await aProject(db);
  const huge = trace('x').repeat(500);
  await keepLongTexts(db, projectId, [huge, trace('y')]);
  expect((await stored(projectId)).map(({ body }) => body === huge || body === trace('y'))).toEqual([true, true]);
});

test('who brings a text does not wait for the transaction of another who brought it, too', async () => {
  const projectId = await aProject(db);
  await keepLongTexts(db, projectId, [trace('a')]);
  await db.transaction(async (transaction) => {
    expect((await findTextHashes(transaction, projectId, [trace('a')])).of(trace('a'))).toHaveLength(32);
    await keepLongTexts(another, projectId, [trace('a'), trace('b')]);
  });
  expect(await stored(projectId)).toHaveLength(2);
});

test('many who bring the same new texts at once all get them', async () => {
  const projectId = await aProject(db);
  const texts = ['a', 'b', 'c', 'd', 'e', 'f'].map(trace);
  await Promise.all(
    texts.map((_, turn) => keepLongTexts(db, projectId, [...texts.slice(turn), ...texts.slice(0, turn)])),
  );
  expect(await stored(projectId)).toHaveLength(texts.length);
  expect((await hashesOf(projectId, texts)).every((hash) => hash?.length === 32)).toBe(true);
});

test('a short text, one that was not kept and one that may be deleted soon are not referred to', async () => {
  const projectId = await aProject(db);
  await keepLongTexts(db, projectId, [trace('old')]);
  expect(await hashesOf(projectId, ['short', trace('new'), trace('old')])).toEqual([
    undefined,
    undefined,
    expect.any(Buffer),
  ]);
  await age(projectId, 2);
  expect(await hashesOf(projectId, [trace('old')])).toEqual([undefined]);
});

test('a text that is brought again after a day is counted on anew', async () => {
  const projectId = await aProject(db);
  await keepLongTexts(db, projectId, [trace('a')]);
  await age(projectId, 2);
  await keepLongTexts(db, projectId, [trace('a'), trace('b')]);
  expect([await isFresh(projectId), (await stored(projectId)).length]).toEqual([true, 2]);
  expect((await hashesOf(projectId, [trace('a')]))[0]).toHaveLength(32);
});

test('only texts that no run has and nobody counts on are deleted, portion by portion', async () => {
  const projectId = await aProject(db);
  const texts = ['in a message', 'in a trace', 'in none', 'nor in this'].map(trace);
  await keepLongTexts(db, projectId, texts);
  const hashes = await hashesOf(projectId, texts);
  const testCaseId = await aTestCase(db, projectId);
  const runs = await someRuns(
    db,
    projectId,
    [1, 2].map(() => ({ testCaseId, executionStatusId: 2 })),
  );
  for (const [at, column] of ['runner_message_hash', 'runner_stack_trace_hash'].entries()) {
    await db.query(`update test_run set ${column} = $3 where project_id = $1 and test_run_id = $2`, [
      projectId,
      runs[at],
      hashes[at],
    ]);
  }
  expect([await mayHaveUnusedTexts(db), (await collect(projectId)).deleted]).toEqual([false, 0]);
  await age(projectId, 4);
  expect(await mayHaveUnusedTexts(db)).toBe(true);
  let after: string | null = '';
  let deleted = 0;
  let portions = 0;
  while (after !== null) {
    const portion = await deleteUnusedTexts(db, projectId, { after, most: 1 });
    deleted += portion.deleted;
    portions += 1;
    after = portion.last;
  }
  expect([deleted, portions]).toEqual([2, 5]);
  expect((await stored(projectId)).map(({ body }) => body)).toEqual(texts.slice(0, 2));
});

test('a text that is counted on while it is about to be deleted stays', async () => {
  const projectId = await aProject(db);
  await keepLongTexts(db, projectId, [trace('a')]);
  await age(projectId, 4);
  let collected: Promise<{ deleted: number }> | undefined;
  await another.transaction(async (transaction) => {
    await keepLongTexts(transaction, projectId, [trace('a')]);
    collected = collect(projectId);
    await untilSomebodyWaits();
  });
  expect((await collected)?.deleted).toBe(0);
  expect((await stored(projectId)).length).toBe(1);
});

/** Looks outside the transaction: inside, pg_stat_activity stays as it was at the first look. */
async function untilSomebodyWaits(): Promise<void> {
  await expect
    .poll(
      () =>
        db.query(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
                     and query like '%long_text%'`),
      { timeout: 10_000 },
    )
    .toHaveLength(1);
}
