import type { Role } from './permissions.ts';

/** Who asks. */
export interface Actor {
  userId: number;
  login: string;
  isSystemAdmin: boolean;
}

/** The project that a call is about, and what the caller is in it. */
export interface ProjectAccess {
  projectId: number;
  role: Role;
}

/** User id 1 is Product Owner everywhere and cannot be removed (semantics 6.1). */
export const BUILT_IN_ADMINISTRATOR = 1;
