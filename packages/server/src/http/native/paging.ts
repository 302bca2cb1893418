import { DomainError } from '../../domain/errors.ts';

const DEFAULT_LIMIT = 50;

/** Returns what was packed into a cursor; undefined without one. Refuses what is no cursor of this server. */
export function readCursor(cursor: string | undefined): readonly unknown[] | undefined {
  if (cursor === undefined) return undefined;
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(parts)) return parts;
  } catch {
    // Falls through to the refusal below.
  }
  throw badCursor();
}

/** Returns a whole number from a cursor, undefined without a cursor. */
export function numberIn(parts: readonly unknown[] | undefined, position: number): number | undefined {
  if (parts === undefined) return undefined;
  const value = parts[position];
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw badCursor();
}

/** Returns a moment from a cursor, undefined without a cursor. */
export function dateIn(parts: readonly unknown[] | undefined, position: number): Date | undefined {
  const milliseconds = numberIn(parts, position);
  if (milliseconds === undefined) return undefined;
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9_999) throw badCursor();
  return date;
}

/** Asks for one item more than the page holds, and makes of what comes back the page and the cursor of the next. */
export async function pageOf<Item>(
  limit: number = DEFAULT_LIMIT,
  { fetch, keyOf }: { fetch: (limit: number) => Promise<Item[]>; keyOf: (last: Item) => readonly number[] },
): Promise<{ items: Item[]; nextCursor: string | null }> {
  const found = await fetch(limit + 1);
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const hasMore = found.length > limit && last !== undefined;
  return { items, nextCursor: hasMore ? Buffer.from(JSON.stringify(keyOf(last))).toString('base64url') : null };
}

function badCursor(): DomainError {
  return new DomainError('invalid', 'cursor is not one that this server has given out');
}
