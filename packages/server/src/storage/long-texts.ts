import { hash } from 'node:crypto';
import { isLongText } from '../domain/long-text.ts';
import { binaryArray } from './binary-array.ts';
import type { Queryable, Transaction } from './database.ts';

// A text may be deleted as soon as no run has it, while a call that is about to refer to it has not committed: no lock
// tells, since recorders must not wait for the deletion. Instead each step leaves room for the one before it: who wants
// to refer to a text sees to it that it was counted on within a day, refers to it only if that was within two, and
// only texts that nobody has counted on for three are deleted. All by the clock of the database.
const RENEWED_AFTER = `interval '1 day'`;
const USABLE_FOR = `interval '2 days'`;
const KEPT_FOR = `interval '3 days'`;

/** Texts that are sent to the database at once. */
const MOST_CHARACTERS = 500_000;

interface HashedText {
  hash: Buffer;
  text: string;
}

/** Returns the hash of a long text of a run, undefined for a text that is stored in the run. */
export interface TextHashes {
  of(text: string | null): Buffer | undefined;
}

/**
 * Stores those of the texts that are long and not there yet, for later references by `findTextHashes`. To be called
 * outside the transaction that refers to them: two calls that bring the same new text wait for each other only for the
 * one statement here, not until one of them has committed. What is never referred to is deleted after some days.
 */
export async function keepLongTexts(
  db: Queryable,
  projectId: number,
  texts: Iterable<string | null | undefined>,
): Promise<void> {
  const wanted = hashed(texts);
  if (wanted.length === 0) return;
  const found = await db.query<{ hash: Buffer; isFresh: boolean }>({
    name: 'fresh-long-texts',
    text: `select hash, used_at > now() - ${RENEWED_AFTER} as "isFresh"
             from long_text where project_id = $1 and hash = any($2::bytea[])`,
    values: [projectId, wanted.map((text) => text.hash)],
  });
  const fresh = keysOf(found.filter((text) => text.isFresh));
  const renewed = found.length > fresh.size ? await renew(db, projectId, wanted) : new Set();
  const missing = wanted.filter(({ hash }) => !fresh.has(keyOf(hash)) && !renewed.has(keyOf(hash)));
  for (const portion of portionsOf(missing)) await insertTexts(db, projectId, portion);
}

/** Returns the hashes of those of the texts that a run of this transaction may refer to; it holds the others itself. */
export async function findTextHashes(
  transaction: Transaction,
  projectId: number,
  texts: Iterable<string | null | undefined>,
): Promise<TextHashes> {
  const wanted = hashed(texts);
  if (wanted.length === 0) return noHashes;
  const found = await transaction.query<{ hash: Buffer }>({
    name: 'usable-long-texts',
    text: `select hash from long_text
            where project_id = $1 and hash = any($2::bytea[]) and used_at > now() - ${USABLE_FOR}`,
    values: [projectId, wanted.map((text) => text.hash)],
  });
  const usable = keysOf(found);
  const hashes = new Map(wanted.filter(({ hash }) => usable.has(keyOf(hash))).map(({ text, hash }) => [text, hash]));
  return { of: (text) => (isLongText(text) ? hashes.get(text) : undefined) };
}

const noHashes: TextHashes = { of: () => undefined };

/** In the order of their hashes: whoever locks several rows does so in the same order. */
function hashed(texts: Iterable<string | null | undefined>): HashedText[] {
  const distinct = new Set<string>();
  for (const text of texts) if (isLongText(text)) distinct.add(text);
  return Array.from(distinct, (text) => ({ hash: hash('sha256', text, 'buffer'), text })).sort((a, b) =>
    Buffer.compare(a.hash, b.hash),
  );
}

/** Says that the texts are counted on now and returns which were there. */
async function renew(db: Queryable, projectId: number, wanted: readonly HashedText[]): Promise<Set<string>> {
  const rows = await db.query<{ hash: Buffer }>({
    name: 'renew-long-texts',
    text: `with old as materialized (
             select hash from long_text
              where project_id = $1 and hash = any($2::bytea[]) and used_at <= now() - ${RENEWED_AFTER}
              order by hash for no key update)
           update long_text t set used_at = now() from old where t.project_id = $1 and t.hash = old.hash
           returning t.hash`,
    values: [projectId, wanted.map((text) => text.hash)],
  });
  return keysOf(rows);
}

/** Not waited for on disk: a run that refers to them is committed later, and with it everything before. */
async function insertTexts(db: Queryable, projectId: number, texts: readonly HashedText[]): Promise<void> {
  await db.query({
    name: 'insert-long-texts',
    text: `with lazily as materialized (select set_config('synchronous_commit', 'off', true) as set)
           insert into long_text (project_id, hash, length, body)
           select $1::integer, n.hash, char_length(n.body), n.body from unnest($2::bytea[], $3::text[]) as n (hash, body)
            where (select set from lazily) = 'off'
           on conflict (project_id, hash) do nothing`,
    values: [
      projectId,
      texts.map((text) => text.hash),
      binaryArray(
        'text',
        texts.map(({ text }) => text),
      ),
    ],
  });
}

function* portionsOf(texts: readonly HashedText[]): Generator<HashedText[]> {
  let portion: HashedText[] = [];
  let characters = 0;
  for (const text of texts) {
    if (portion.length > 0 && characters + text.text.length > MOST_CHARACTERS) {
      yield portion;
      portion = [];
      characters = 0;
    }
    portion.push(text);
    characters += text.text.length;
  }
  if (portion.length > 0) yield portion;
}

const keyOf = (hash: Buffer) => hash.toString('latin1');
const keysOf = (rows: readonly { hash: Buffer }[]) => new Set(rows.map(({ hash }) => keyOf(hash)));

/** Returns whether any text has not been counted on for so long that it would be deleted if no run had it. */
export async function mayHaveUnusedTexts(db: Queryable): Promise<boolean> {
  const [row] = await db.query<{ may: boolean }>(
    `select exists (select from long_text where used_at < now() - ${KEPT_FOR}) as may`,
  );
  return row?.may ?? false;
}

/** Some texts of a project that were looked at, and what became of them. */
export interface UnusedTexts {
  /** The hash of the last text that was looked at, as hexadecimal digits; null when none was left. */
  last: string | null;
  deleted: number;
  /** Characters of the deleted texts. */
  characters: number;
}

/**
 * Looks at up to `most` texts behind the one of hash `after` (at first '') and deletes those that no run has and nobody
 * counts on. Nobody waits for it, whatever is recorded meanwhile.
 */
export async function deleteUnusedTexts(
  db: Queryable,
  projectId: number,
  { after, most }: { after: string; most: number },
): Promise<UnusedTexts> {
  const has = (column: string) =>
    `exists (select from test_run r where r.project_id = $1 and r.${column} = t.hash and r.${column} is not null)`;
  const [row] = await db.query<UnusedTexts>(
    `with looked_at as materialized (
       select hash from long_text where project_id = $1 and hash > decode($2, 'hex') order by hash limit $3),
     gone as (
       delete from long_text t using looked_at l
        where t.project_id = $1 and t.hash = l.hash and t.used_at < now() - ${KEPT_FOR}
          and not ${has('runner_message_hash')} and not ${has('runner_stack_trace_hash')}
       returning t.length)
     select (select encode(hash, 'hex') from looked_at order by hash desc limit 1) as last,
            (select count(*) from gone) as deleted,
            (select coalesce(sum(length), 0)::bigint from gone) as characters`,
    [projectId, after, most],
  );
  return row ?? { last: null, deleted: 0, characters: 0 };
}

/** Returns the projects that have texts apart from their runs, those that are deleted by now included. */
export async function projectsWithLongTexts(db: Queryable): Promise<number[]> {
  const rows = await db.query<{ projectId: number }>(
    `with recursive known (project_id) as (
       select min(project_id) from long_text
       union all
       select (select min(t.project_id) from long_text t where t.project_id > k.project_id) from known k
        where k.project_id is not null)
     select project_id as "projectId" from known where project_id is not null`,
  );
  return rows.map((row) => row.projectId);
}
