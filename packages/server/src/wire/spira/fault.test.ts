import { expect, test } from 'vitest';
import { DomainError, type ErrorCode, errorFromIssues } from '../../domain/errors.ts';
import { faultOf, statusOf, wireFieldName } from './fault.ts';
import { integer, objects, reference } from './member.ts';
import { spiraObject } from './object.ts';

const RemoteStep = spiraObject(
  'RemoteStep',
  { description: 'A step.' },
  { ExecutionStatusId: integer('Status.'), TestStepID: reference('Step.').as('testStepId') },
);
const RemoteRun = spiraObject(
  'RemoteRun',
  { description: 'A run.' },
  { TestRunSteps: objects(() => RemoteStep, 'Steps.').as('steps'), ReleaseId: reference('Release.') },
);

const codes: [ErrorCode, number, string][] = [
  ['malformed', 400, 'ValidationFaultMessage'],
  ['invalid', 400, 'ValidationFaultMessage'],
  ['outsideTable', 400, 'ValidationFaultMessage'],
  ['unfinished', 400, 'ValidationFaultMessage'],
  ['unauthenticated', 401, 'AuthenticationFault'],
  ['notMember', 403, 'PermissionFault'],
  ['forbidden', 403, 'PermissionFault'],
  ['notProjectAdmin', 403, 'PermissionFault'],
  ['notFound', 404, 'ArtifactNotExistsFault'],
  ['methodNotAllowed', 405, 'MethodNotAllowedFault'],
  ['stale', 409, 'OptimisticConcurrencyFault'],
  ['duplicate', 409, 'EntityForeignKeyFault'],
  ['tooLarge', 413, 'ServerFault'],
  ['unsupportedMedia', 415, 'ServerFault'],
  ['unavailable', 503, 'ServerFault'],
];

test.each(codes)('%s is answered by %i, %s, with a message and no stack trace (rest-v7 6.3)', (code, status, type) => {
  const fault = faultOf(new DomainError(code, 'what is wrong'));
  expect(statusOf(code)).toBe(status);
  expect(Object.keys(fault)).toEqual(['Type', 'Message', 'Summary', 'Messages', 'StackTrace']);
  expect(fault).toMatchObject({ Type: type, Messages: [], StackTrace: null });
  expect(fault.Message).not.toBe('');
});

const texts: [ErrorCode, string][] = [
  ['outsideTable', 'Database foreign key violation occurred'],
  ['unauthenticated', 'Access Denied: x'],
  ['notMember', 'Access Denied: x'],
  ['forbidden', 'Access Denied: x'],
  ['notProjectAdmin', 'You need to be a Product Administrator to use this function!'],
  ['notFound', 'Unable to locate requested artifact: x'],
  ['methodNotAllowed', 'Method not allowed: x'],
  ['stale', 'An error occurred while updating an entry: x'],
];

test.each(texts)('%s keeps the documented text', (code, message) => {
  expect(faultOf(new DomainError(code, 'x')).Message).toBe(message);
});

const names: [field: string, index: number | undefined, wire: string][] = [
  ['releaseId', undefined, 'ReleaseId'],
  ['releaseId', 3, '[3].ReleaseId'],
  ['steps[2].executionStatusId', 0, '[0].TestRunSteps[2].ExecutionStatusId'],
  ['steps[2].testStepId', undefined, 'TestRunSteps[2].TestStepID'],
  ['steps[1]', undefined, 'TestRunSteps[1]'],
  ['[4]', undefined, '[4]'],
  ['', 7, '[7]'],
  ['unknownField', undefined, 'UnknownField'],
];

test.each(names)('the field %j of item %s is named %s', (field, index, wire) => {
  const issue = { code: 'invalid' as const, field, message: '', ...(index === undefined ? {} : { index }) };
  expect(wireFieldName(issue, RemoteRun)).toBe(wire);
});

test('at most 50 messages are listed, and the summary counts all', () => {
  const issues = Array.from({ length: 60 }, (_, index) => ({
    code: 'invalid' as const,
    field: 'releaseId',
    message: 'no',
    index,
  }));
  const fault = faultOf(errorFromIssues(issues), RemoteRun);
  expect(fault.Messages).toHaveLength(50);
  expect(fault.Summary).toBe('60 fields are not valid');
});

test('references in a body that do not exist are listed, a missing thing of the path is not', () => {
  const issue = { code: 'notFound' as const, field: 'releaseId', message: 'Release 9 does not exist in this project' };
  expect(faultOf(errorFromIssues([issue]), RemoteRun)).toMatchObject({
    Type: 'ArtifactNotExistsFault',
    Summary: '1 field is not valid',
    Messages: [{ FieldName: 'ReleaseId' }],
  });
  expect(faultOf(new DomainError('notFound', 'Release 9')).Messages).toEqual([]);
});
