/**
 * Every failure that a caller can cause, as a closed list. How a face shows a code (status, type word, text) is one
 * table in that face; nothing here knows of HTTP.
 */
export type ErrorCode =
  /** The body cannot be read at all. */
  | 'malformed'
  /** A member has a value of the wrong kind, or a required one is missing. */
  | 'invalid'
  /** A value is outside its table (an execution status of 7). */
  | 'outsideTable'
  /** A manual run whose steps do not yet say how it ended. */
  | 'unfinished'
  | 'unauthenticated'
  | 'notMember'
  | 'forbidden'
  | 'notProjectAdmin'
  | 'notFound'
  | 'methodNotAllowed'
  | 'stale'
  | 'duplicate'
  /** The key of a request that is to be done once was used for another request. */
  | 'keyReused'
  | 'tooLarge'
  | 'unsupportedMedia'
  /** The database cannot be reached just now; trying again later is right. */
  | 'unavailable';

/** The order in which the checks of one item are made: the first failing stage decides the answer. */
const stages: Record<ErrorCode, number> = {
  unauthenticated: 0,
  methodNotAllowed: 0,
  notMember: 1,
  forbidden: 1,
  notProjectAdmin: 1,
  malformed: 2,
  tooLarge: 2,
  unsupportedMedia: 2,
  invalid: 3,
  notFound: 4,
  outsideTable: 5,
  unfinished: 5,
  stale: 6,
  duplicate: 6,
  keyReused: 6,
  unavailable: 7,
};

/** One thing that is wrong with one member of one item. */
export interface Issue {
  code: ErrorCode;
  /** Position in a list that was sent, from 0; absent for a single object. */
  index?: number;
  /** Path of the member in domain names: `executionStatusId`, `testRunSteps[2].position`. */
  field: string;
  /** Says what is wrong with the value and what would be allowed. */
  message: string;
}

/** A failure that the caller can mend. `message` is one line a person can act on. */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly issues: readonly Issue[];

  constructor(code: ErrorCode, message: string, issues: readonly Issue[] = []) {
    super(message);
    this.name = 'DomainError';
    this.code = code;
    this.issues = issues;
  }
}

/** Returns the issues in the order of items and, within an item, of the checks. */
export function inCheckingOrder(issues: readonly Issue[]): Issue[] {
  return issues.toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0) || stages[a.code] - stages[b.code]);
}

/** Returns the error for a set of issues; the first bad item, and in it the first failing check, decides its code. */
export function errorFromIssues(issues: readonly Issue[]): DomainError {
  const ordered = inCheckingOrder(issues);
  const [first] = ordered;
  if (!first) throw new Error('errorFromIssues needs at least one issue');
  const where = first.index === undefined ? '' : `Item ${first.index}: `;
  return new DomainError(first.code, `${where}${first.message}`, ordered);
}

/** Throws when there are issues. */
export function refuse(issues: readonly Issue[]): void {
  if (issues.length > 0) throw errorFromIssues(issues);
}

/** Returns the error for something that does not exist for this caller; `what` reads like `Test case 12`. */
export function notFound(what: string): DomainError {
  return new DomainError('notFound', `${what} does not exist in this project`);
}
