import { expect, test } from 'vitest';
import { hostsOf, hostToUse } from './database-hosts.ts';

test.each([
  ['postgres://u:p@one:5432/db', ['postgres://u:p@one:5432/db']],
  ['postgres://localhost/db?host=/run/pg', ['postgres://localhost/db?host=/run/pg']],
  ['postgres://u:p@one:5432,two:5433/db', ['postgres://u:p@one:5432/db', 'postgres://u:p@two:5433/db']],
  ['postgresql://one,[::1]:7/db?a=b', ['postgresql://one/db?a=b', 'postgresql://[::1]:7/db?a=b']],
  ['postgres://u:a,b@one/db?x=1,2', ['postgres://u:a,b@one/db?x=1,2']],
  [
    'postgres://u@one,two/db?target_session_attrs=read-write&sslmode=require',
    ['postgres://u@one/db?sslmode=require', 'postgres://u@two/db?sslmode=require'],
  ],
  [
    'postgres://u@one,two/db?sslmode=require&target_session_attrs=any',
    ['postgres://u@one/db?sslmode=require', 'postgres://u@two/db?sslmode=require'],
  ],
  ['postgres://u@one,two/db?target_session_attrs=primary', ['postgres://u@one/db', 'postgres://u@two/db']],
])('%s names its hosts', (connectionString, hosts) => {
  expect(hostsOf(connectionString)).toEqual(hosts);
});

const host = (connectionString: string, timeline: number, isReadOnly = false) => ({
  connectionString,
  timeline,
  isReadOnly,
});
const before = { current: 'one', timeline: 1 };

test('a host that takes writes is used, a standby is not', () => {
  expect(hostToUse([host('one', 0, true), host('two', 1)], before)?.connectionString).toBe('two');
  expect(hostToUse([host('one', 0, true), host('two', 0, true)], before)).toBeUndefined();
  expect(hostToUse([], before)).toBeUndefined();
});

test('the host in use stays in use while it is among equals', () => {
  expect(hostToUse([host('two', 1), host('one', 1)], before)?.connectionString).toBe('one');
});

test('of two that take writes, the promoted one is used, not the old primary that came back', () => {
  expect(hostToUse([host('one', 1), host('two', 2)], before)?.connectionString).toBe('two');
});

test('nothing is written to an old primary while its successor is away', () => {
  expect(hostToUse([host('one', 1)], { current: 'two', timeline: 2 })).toBeUndefined();
});
