import { expect, test } from 'vitest';
import { errorFromDatabase, withOneRetry } from './database-failure.ts';

const failure = (code: string | undefined, message = 'failed') =>
  Object.assign(new Error(message), code ? { code } : {});

test.each([
  ['57P01'],
  ['57P03'],
  ['53300'],
  ['08006'],
  ['ECONNREFUSED'],
  ['ECONNRESET'],
  ['40001'],
  ['40P01'],
  ['53100'],
  ['53200'],
  ['57014'],
  ['25006'],
  ['25P03'],
  ['58030'],
])('%s means that trying again later is right', (code) => {
  expect(errorFromDatabase(failure(code))?.code).toBe('unavailable');
});

test.each([
  ['timeout exceeded when trying to connect'],
  ['Connection terminated unexpectedly'],
  ['Connection terminated due to connection timeout'],
  ['Connection terminated: the database gave no answer'],
  ['timeout expired'],
  ['Client has encountered a connection error and is not queryable'],
])('"%s" means that trying again later is right', (message) => {
  expect(errorFromDatabase(failure(undefined, message))?.code).toBe('unavailable');
});

test('a socket that is missing means that trying again later is right, a file that is missing is a bug', () => {
  const missing = (syscall: string) => Object.assign(failure('ENOENT'), { syscall });
  expect(errorFromDatabase(missing('connect'))?.code).toBe('unavailable');
  expect(errorFromDatabase(missing('open'))).toBeUndefined();
});

test('a full disk is spoken of as what it is', () => {
  expect(errorFromDatabase(failure('53100'))?.message).toContain('no disk space');
});

test('several addresses that all refuse count as one refusal', () => {
  const refused = new AggregateError([failure('ECONNREFUSED'), failure('ECONNREFUSED')]);
  expect(errorFromDatabase(refused)?.code).toBe('unavailable');
});

test.each([
  ['23505', 'duplicate'],
  ['23503', 'notFound'],
  ['23502', 'invalid'],
  ['23514', 'invalid'],
  ['22003', 'invalid'],
  ['22021', 'invalid'],
  ['22P05', 'invalid'],
  ['22001', 'invalid'],
  ['22P02', 'invalid'],
])('%s is a mistake of the caller: %s', (code, expected) => {
  expect(errorFromDatabase(failure(code))?.code).toBe(expected);
});

test.each([['42P01'], ['42601'], [undefined]])('%s is a bug', (code) => {
  expect(errorFromDatabase(failure(code))).toBeUndefined();
});

test.each([
  ['40001', 2],
  ['40P01', 2],
  ['55P03', 2],
  ['23505', 1],
  ['57P01', 1],
])('work that fails with %s is done %i time(s)', async (code, times) => {
  let tries = 0;
  const work = async () => {
    tries += 1;
    throw failure(code);
  };
  await expect(withOneRetry(work)).rejects.toMatchObject({ code });
  expect(tries).toBe(times);
});

test('work that succeeds at the second try succeeds', async () => {
  let tries = 0;
  const work = async () => {
    tries += 1;
    if (tries === 1) throw failure('40P01');
    return 'done';
  };
  expect(await withOneRetry(work)).toBe('done');
});
