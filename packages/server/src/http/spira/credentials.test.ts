import { expect, test } from 'vitest';
import { credentialsOf, usesBasic } from './credentials.ts';

const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;

const cases: [what: string, headers: Record<string, string>, query: string, expected: object | undefined][] = [
  ['nothing', {}, '', undefined],
  ['the query', {}, 'username=fred&api-key=%7BK%7D', { logins: ['fred'], apiKey: '{K}' }],
  ['raw braces', {}, '&username=fred&api-key={K}', { logins: ['fred'], apiKey: '{K}' }],
  ['any letter case of names', {}, 'UserName=fred&API-KEY=K', { logins: ['fred'], apiKey: 'K' }],
  ['the end of a query', {}, 'a=1&&api-key=K&username=fred&', { logins: ['fred'], apiKey: 'K' }],
  ['a name without a key', {}, 'username=fred&api-key=', undefined],
  ['a plus in a login', {}, 'username=a+b&api-key=K', { logins: ['a b', 'a+b'], apiKey: 'K' }],
  ['broken percent-encoding', {}, 'username=a%zz&api-key=K', { logins: ['a%zz'], apiKey: 'K' }],
  ['headers', { username: 'fred', 'api-key': '{K}' }, '', { logins: ['fred'], apiKey: '{K}' }],
  ['UTF-8 in headers', { username: 'fr\u00c3\u00a9d', 'api-key': 'K' }, '', { logins: ['fr\u00c3\u00a9d', 'fréd'] }],
  ['Basic', { authorization: basic('fred:{K}') }, '', { logins: ['fred'], apiKey: '{K}' }],
  ['basic in small letters', { authorization: basic('fred:K').replace('Basic', 'basic') }, '', { apiKey: 'K' }],
  ['Basic without a colon', { authorization: basic('fred') }, '', undefined],
  ['another scheme', { authorization: 'Bearer K' }, '', undefined],
  [
    'headers before Basic before the query',
    { username: 'h', 'api-key': 'H', authorization: basic('b:B') },
    'username=q&api-key=Q',
    { apiKey: 'H' },
  ],
  ['Basic before the query', { authorization: basic('b:B') }, 'username=q&api-key=Q', { apiKey: 'B' }],
  ['the first complete way', { username: 'h' }, 'username=q&api-key=Q', { apiKey: 'Q' }],
];

test.each(cases)('credentials in %s', (_what, headers, query, expected) => {
  const credentials = credentialsOf(headers, query);
  if (expected === undefined) expect(credentials).toBeUndefined();
  else expect(credentials).toMatchObject(expected);
});

test('only a request with Basic may make a browser ask for a login', () => {
  expect(usesBasic({ authorization: basic('a:b') })).toBe(true);
  expect(usesBasic({ authorization: 'Bearer x' })).toBe(false);
  expect(usesBasic({})).toBe(false);
});
