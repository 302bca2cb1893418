import type { Problem } from '@runledger/protocol';
import type { DomainError, ErrorCode } from '../../domain/errors.ts';

interface ProblemKind {
  status: number;
  /** The last part of the type; stable. */
  word: string;
  title: string;
}

const kinds: Record<ErrorCode, ProblemKind> = {
  malformed: { status: 400, word: 'malformed', title: 'The request cannot be read' },
  invalid: { status: 400, word: 'invalid', title: 'A value is missing or of the wrong kind' },
  outsideTable: { status: 400, word: 'outside-table', title: 'A value is not among those allowed' },
  unfinished: { status: 400, word: 'unfinished', title: 'A manual test run is not finished' },
  unauthenticated: { status: 401, word: 'unauthenticated', title: 'The API key is missing or wrong' },
  notMember: { status: 403, word: 'not-member', title: 'The caller is no member of the project' },
  forbidden: { status: 403, word: 'forbidden', title: 'The caller may not do this' },
  notProjectAdmin: { status: 403, word: 'not-project-admin', title: 'Only project administrators may do this' },
  notFound: { status: 404, word: 'not-found', title: 'Something does not exist' },
  methodNotAllowed: { status: 405, word: 'method-not-allowed', title: 'The address does not take this method' },
  stale: { status: 409, word: 'conflict', title: 'The present state does not allow this' },
  duplicate: { status: 409, word: 'duplicate', title: 'There is already one' },
  keyReused: { status: 409, word: 'idempotency-key-reused', title: 'The Idempotency-Key was used for another request' },
  tooLarge: { status: 413, word: 'too-large', title: 'The request is too large' },
  unsupportedMedia: { status: 415, word: 'unsupported-media', title: 'The content type is not understood' },
  unavailable: { status: 503, word: 'unavailable', title: 'The server cannot do this just now' },
};

/** No request should be answered with a longer list; the first faults are the ones to mend. */
const MOST_ISSUES = 100;

/** Returns the body for an error of the caller (RFC 9457). */
export function problemOf(error: DomainError, requestId: string): Problem {
  const { status, word, title } = kinds[error.code];
  return {
    type: `urn:runledger:problem:${word}`,
    title,
    status,
    detail: error.message,
    code: word,
    requestId,
    issues: error.issues.slice(0, MOST_ISSUES).map(({ index, field, code, message }) => ({
      index: index ?? null,
      field,
      code: kinds[code].word,
      message,
    })),
  };
}

/** Returns the body for what is no mistake of the caller; its cause stands in the log only. */
export function unexpectedProblem(requestId: string): Problem {
  return {
    type: 'urn:runledger:problem:unexpected',
    title: 'The server met an unexpected fault',
    status: 500,
    detail: `The log of the server says more; look for the request ${requestId}`,
    code: 'unexpected',
    requestId,
    issues: [],
  };
}
