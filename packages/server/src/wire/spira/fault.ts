import type { DomainError, ErrorCode, Issue } from '../../domain/errors.ts';
import type { ObjectLike } from './member.ts';

/** The body of every failure: the members of both published fault types (rest-v7 6.3). */
export interface Fault {
  Type: string;
  Message: string;
  Summary: string;
  Messages: { FieldName: string; Message: string }[];
  StackTrace: null;
}

interface FaultKind {
  status: number;
  type: string;
  /** Documented text that people search for; it begins, or is, the message. */
  text?: string;
}

const validation = { status: 400, type: 'ValidationFaultMessage' };

const kinds: Record<ErrorCode, FaultKind> = {
  malformed: validation,
  invalid: validation,
  outsideTable: { ...validation, text: 'Database foreign key violation occurred' },
  unfinished: validation,
  unauthenticated: { status: 401, type: 'AuthenticationFault', text: 'Access Denied' },
  notMember: { status: 403, type: 'PermissionFault', text: 'Access Denied' },
  forbidden: { status: 403, type: 'PermissionFault', text: 'Access Denied' },
  notProjectAdmin: {
    status: 403,
    type: 'PermissionFault',
    text: 'You need to be a Product Administrator to use this function!',
  },
  notFound: { status: 404, type: 'ArtifactNotExistsFault', text: 'Unable to locate requested artifact' },
  methodNotAllowed: { status: 405, type: 'MethodNotAllowedFault', text: 'Method not allowed' },
  stale: {
    status: 409,
    type: 'OptimisticConcurrencyFault',
    text: 'An error occurred while updating an entry',
  },
  duplicate: { status: 409, type: 'EntityForeignKeyFault' },
  keyReused: { status: 409, type: 'IdempotencyKeyFault' },
  tooLarge: { status: 413, type: 'ServerFault' },
  unsupportedMedia: { status: 415, type: 'ServerFault' },
  unavailable: { status: 503, type: 'ServerFault' },
};

/** Codes whose documented text stands alone; what it is about is said in Summary and Messages. */
const textStandsAlone: ReadonlySet<ErrorCode> = new Set(['outsideTable', 'notProjectAdmin']);

const MOST_MESSAGES = 50;

/** Returns the HTTP status of an error code. */
export function statusOf(code: ErrorCode): number {
  return kinds[code].status;
}

/** Returns the body for an error. `object` is what the body of the call should have been; it turns fields into wire names. */
export function faultOf(error: DomainError, object?: ObjectLike): Fault {
  const { status, type, text } = kinds[error.code];
  const listsFields = status === 400 || error.code === 'notFound';
  return {
    Type: type,
    Message: text === undefined ? error.message : textStandsAlone.has(error.code) ? text : `${text}: ${error.message}`,
    Summary: listsFields && error.issues.length > 0 ? summaryOf(error.issues) : error.message,
    Messages: listsFields
      ? error.issues
          .slice(0, MOST_MESSAGES)
          .map((issue) => ({ FieldName: wireFieldName(issue, object), Message: issue.message }))
      : [],
    StackTrace: null,
  };
}

/** Returns the body for a bug; its cause stands in the log under this id. */
export function unexpectedFault(requestId: string): Fault {
  const message = `An unexpected error occurred. The server's log has it under ${requestId}`;
  return { Type: 'ServerFault', Message: message, Summary: message, Messages: [], StackTrace: null };
}

function summaryOf(issues: readonly Issue[]): string {
  const fields = new Set(issues.map((issue) => `${issue.index}.${issue.field}`)).size;
  return fields === 1 ? '1 field is not valid' : `${fields} fields are not valid`;
}

/** Returns `[0].TestRunSteps[2].ExecutionStatusId` for a field path in domain names. */
export function wireFieldName({ index, field }: Issue, object?: ObjectLike): string {
  const names = field === '' ? [] : wireNames(field.split('.'), object);
  return [...(index === undefined ? [] : [`[${index}]`]), ...names].join('.').replaceAll('.[', '[');
}

function wireNames(steps: readonly string[], object: ObjectLike | undefined): string[] {
  let current = object;
  return steps.map((step) => {
    const bracket = step.indexOf('[');
    const field = bracket < 0 ? step : step.slice(0, bracket);
    const position = bracket < 0 ? '' : step.slice(bracket);
    const member = current?.members.find((candidate) => candidate.field === field);
    current = member?.options.of?.();
    return (member?.wireName ?? field.charAt(0).toUpperCase() + field.slice(1)) + position;
  });
}
