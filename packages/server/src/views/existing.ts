import { notFound } from '../domain/errors.ts';
import type { Queryable } from '../storage/database.ts';
import { existingIds, type ReferenceKind } from '../storage/references.ts';

/** Throws `notFound` unless the thing exists in the project; `what` reads like `Test case`. For lists below an id. */
export async function requireExisting(
  db: Queryable,
  projectId: number,
  { kind, id, what }: { kind: ReferenceKind; id: number; what: string },
): Promise<void> {
  const existing = await existingIds(db, projectId, kind, [id]);
  if (!existing.has(id)) throw notFound(`${what} ${id}`);
}
