import { type DatabaseFault, databaseFault } from '../domain/database-faults.ts';
import { DomainError } from '../domain/errors.ts';

/** Two transactions got in each other's way; the same work succeeds when it is done again. */
const worthRepeating = new Set(['40001', '40P01', '55P03']);

const spoken: Record<DatabaseFault, string> = {
  unavailable: 'The database cannot be reached just now; please try again',
  conflict: 'Another change got in the way; please try again',
  full: 'The database has no disk space left, so nothing can be stored just now; please try again later',
  cancelled: 'The database has ended the statement before it was done; please try again',
};

/**
 * Returns what the work returns. Work that lost against another transaction (deadlock, serialisation failure) was
 * rolled back whole, so it is done once more.
 */
export async function withOneRetry<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!worthRepeating.has((error as { code?: string } | undefined)?.code ?? '')) throw error;
    return work();
  }
}

/**
 * Returns what a failure of the database means for a caller, undefined for what is a bug. Commands check their input
 * themselves; this is the net below them, so that no input ends as a 5xx. Faults of the moment are `unavailable`: 503.
 */
export function errorFromDatabase(error: unknown): DomainError | undefined {
  const fault = databaseFault(error);
  if (fault) return new DomainError('unavailable', spoken[fault]);
  return error instanceof Error ? errorFromState(error) : undefined;
}

function errorFromState(error: Error & { code?: unknown; constraint?: unknown }): DomainError | undefined {
  const code = typeof error.code === 'string' ? error.code : '';
  const constraint = typeof error.constraint === 'string' ? error.constraint : undefined;
  if (code === '23505') return new DomainError('duplicate', `There is already one (${constraint ?? 'unique value'})`);
  if (code === '23503')
    return new DomainError('notFound', `Something that this refers to (${constraint ?? 'a reference'})`);
  if (code === '23502' || code === '23514') {
    return new DomainError('invalid', `A value is missing or not allowed (${constraint ?? 'a rule of the table'})`);
  }
  // Class 22: numbers out of range, characters that no text can hold, texts that are no number. The statement is ours,
  // the value was the caller's.
  return /^22[0-9A-Z]{3}$/.test(code) || code === '54000'
    ? new DomainError('invalid', `A value cannot be stored: ${error.message}`)
    : undefined;
}
