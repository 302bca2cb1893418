import { DomainError } from '../domain/errors.ts';

/** The database cannot be reached, is starting or stopping, or takes no more connections: trying again later is right. */
const unavailableStates = new Set([
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '53400',
  '08000',
  '08001',
  '08003',
  '08004',
  '08006',
  // Another program sharing a pooler's sessions has removed what we had prepared; the next transaction prepares it again.
  '26000',
  '42P05',
]);
const networkFailures = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
const lostConnection =
  /timeout exceeded when trying to connect|connection terminated|client has encountered a connection error|cannot use a pool after calling end/i;

/** Two transactions got in each other's way; the same work succeeds when it is done again. */
const conflictStates = new Set(['40001', '40P01', '55P03']);

interface DatabaseFailure {
  code: string | undefined;
  message: string;
  constraint: string | undefined;
}

function databaseFailure(error: unknown): DatabaseFailure | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  // Several addresses of one host that all refuse come as one AggregateError.
  const first = error instanceof AggregateError ? (error.errors[0] as { code?: unknown } | undefined)?.code : undefined;
  const usedCode = typeof code === 'string' ? code : typeof first === 'string' ? first : undefined;
  return {
    code: usedCode,
    message: error.message,
    constraint: typeof constraint === 'string' ? constraint : undefined,
  };
}

/**
 * Returns what the work returns. Work that lost against another transaction (deadlock, serialisation failure) was
 * rolled back whole, so it is done once more.
 */
export async function withOneRetry<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!conflictStates.has(databaseFailure(error)?.code ?? '')) throw error;
    return work();
  }
}

/**
 * Returns what a failure of the database means for a caller, undefined for what is a bug. Commands check their input
 * themselves; this is the net below them, so that no input ends as a 5xx.
 */
export function errorFromDatabase(error: unknown): DomainError | undefined {
  const failure = databaseFailure(error);
  if (!failure) return undefined;
  const { code = '', message, constraint } = failure;
  if (unavailableStates.has(code) || networkFailures.has(code) || lostConnection.test(message)) {
    return new DomainError('unavailable', 'The database cannot be reached just now; please try again');
  }
  if (conflictStates.has(code)) {
    return new DomainError('unavailable', 'Another change got in the way; please try again');
  }
  if (code === '23505') return new DomainError('duplicate', `There is already one (${constraint ?? 'unique value'})`);
  if (code === '23503')
    return new DomainError('notFound', `Something that this refers to (${constraint ?? 'a reference'})`);
  if (code === '23502' || code === '23514') {
    return new DomainError('invalid', `A value is missing or not allowed (${constraint ?? 'a rule of the table'})`);
  }
  // Class 22: numbers out of range, characters that no text can hold, texts that are no number. The statement is ours,
  // the value was the caller's.
  return /^22[0-9A-Z]{3}$/.test(code) || code === '54000'
    ? new DomainError('invalid', `A value cannot be stored: ${message}`)
    : undefined;
}
