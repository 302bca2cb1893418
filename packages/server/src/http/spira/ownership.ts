import type { ProjectAccess } from '../../domain/actor.ts';
import type { Artifact } from '../../domain/permissions.ts';

/** Returns whether the caller may modify every such thing in the project or only those that are his. */
export function modifiesOf({ role }: ProjectAccess, artifact: Artifact): 'all' | 'owned' {
  return role.permissions.has(`${artifact}:modify`) ? 'all' : 'owned';
}
