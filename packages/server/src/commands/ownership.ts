import type { Actor } from '../domain/actor.ts';
import { DomainError } from '../domain/errors.ts';

/** Whose things a caller may modify: everybody's, or only what he made or is assigned ("Modify Owned", semantics 6.1). */
export type Modifies = 'all' | 'owned';

/**
 * Refuses what the caller may not modify. `people` are those who made the thing or are assigned to it; undefined when
 * there is no such thing, which is not told to somebody who may only modify his own.
 */
export function refuseForeign(actor: Actor, modifies: Modifies, people: readonly (number | null)[] | undefined): void {
  if (modifies === 'all' || people?.includes(actor.userId)) return;
  throw new DomainError('forbidden', 'Your role lets you modify only what you made or are assigned to');
}
