import { databaseFault } from '../domain/database-faults.ts';

/**
 * Returns whether an error says that the database could not do something just now, not that it cannot be done (DT-5).
 * A statement that was cancelled is not tried again: somebody wanted it ended.
 */
export function isTransientFault(error: unknown): boolean {
  const fault = databaseFault(error);
  return fault !== undefined && fault !== 'cancelled';
}
