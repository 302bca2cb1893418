import { notFound } from '../domain/errors.ts';
import { rollOf } from '../domain/release-tree.ts';
import type { Queryable } from '../storage/database.ts';
import { listReleaseNodes } from '../storage/release-tree.ts';

/** Returns Roll(r): the ids of the releases whose runs count for this one (semantics 1.5). Unknown release: `notFound`. */
export async function rollOfRelease(db: Queryable, projectId: number, releaseId: number): Promise<number[]> {
  const roll = rollOf(await listReleaseNodes(db, projectId), releaseId);
  if (roll.length === 0) throw notFound(`Release ${releaseId}`);
  return roll;
}
