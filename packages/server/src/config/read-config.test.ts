import { expect, test } from 'vitest';
import { type Option, type OptionName, options, variableOf } from './options.ts';
import { ConfigError, type ConfigSources, readConfig } from './read-config.ts';

const read = (flags: ConfigSources['flags'] = {}, environment: ConfigSources['environment'] = {}) =>
  readConfig({ flags, environment });

function problemsOf(flags: ConfigSources['flags'], environment: ConfigSources['environment'] = {}): readonly string[] {
  try {
    read(flags, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test('without anything said the server listens on loopback, port 8480, with the embedded database', () => {
  expect(read()).toMatchObject({ host: '127.0.0.1', port: 8480, databaseUrl: null, bodyLimit: 64, refresh: null });
});

test('a flag wins over its variable, and a variable over the default', () => {
  expect(read({ port: '1' }, { RUNLEDGER_PORT: '2' }).port).toBe(1);
  expect(read({}, { RUNLEDGER_PORT: '2' }).port).toBe(2);
});

test('an empty value counts as not given', () => {
  expect(read({ host: '' }, { RUNLEDGER_PORT: '', RUNLEDGER_REFRESH: '' })).toEqual(read());
});

test('the external database is named by DATABASE_URL', () => {
  expect(read({}, { DATABASE_URL: 'postgres://u:p@db/ledger' }).databaseUrl).toBe('postgres://u:p@db/ledger');
});

const bad: [OptionName, string][] = [
  ['host', 'http://localhost'],
  ['port', '65536'],
  ['port', '80a'],
  ['port', '-1'],
  ['port', '0x10'],
  ['baseUrl', 'runledger.example.com'],
  ['trustProxy', 'yes'],
  ['corsOrigins', 'https://a.example.com/path'],
  ['corsOrigins', 'https://a.example.com,*'],
  ['databaseUrl', 'mysql://root@localhost/x'],
  ['poolSize', '1'],
  ['preparedStatements', '1'],
  ['sample', 'maybe'],
  ['refresh', 'hourly'],
  ['nightlyHour', '24'],
  ['timeZone', 'Europe/Nowhere'],
  ['bodyLimit', '0'],
  ['requestTimeout', '5s'],
  ['shutdownGrace', '1.5'],
  ['logLevel', 'verbose'],
  ['logFormat', 'pretty'],
];

test.each(bad)('a bad value stops the start, naming option, value and what is allowed: %s = %s', (name, value) => {
  const option: Option<unknown> = options[name];
  const said = name === 'databaseUrl' ? 'its value' : `"${value}"`;
  const expected = `${said} is not allowed; allowed is ${option.kind.allowed}`;
  expect(problemsOf({ [name]: value })).toEqual([`${option.flag}: ${expected}`]);
  expect(problemsOf({}, { [variableOf(option)]: value })).toEqual([`${variableOf(option)}: ${expected}`]);
});

test('all that is wrong is told at once', () => {
  expect(problemsOf({ port: 'x', refresh: 'y' }, { RUNLEDGER_HOTS: 'z' })).toHaveLength(3);
});

test('an unknown RUNLEDGER_ variable stops the start and is told the known ones', () => {
  expect(problemsOf({}, { RUNLEDGER_PROT: '1' })).toEqual([
    expect.stringMatching(/^RUNLEDGER_PROT: there is no such option; there are .*RUNLEDGER_PORT/),
  ]);
});

test('variables of other programs and of our tests are no business of ours', () => {
  expect(read({}, { PORT: 'x', RUNLEDGER_TEST_DATABASE_URL: 'y', PATH: '/bin' })).toEqual(read());
});

test('a password in a database URL is not repeated in the message', () => {
  expect(problemsOf({ databaseUrl: 'mysql://root:secret@localhost/x' }).join()).not.toContain('secret');
});

test('more connections than the embedded database allows are refused, unless the database is external', () => {
  expect(problemsOf({ poolSize: '101' })).toEqual([expect.stringMatching(/^--pool-size: "101".*embedded/)]);
  expect(read({ poolSize: '101', databaseUrl: 'postgres://db/ledger' }).poolSize).toBe(101);
});

test('a base URL with a query is refused', () => {
  expect(problemsOf({ baseUrl: 'https://example.com/?a=b' })).toEqual([expect.stringContaining('without ? and #')]);
});

test('no two options share a flag or a variable', () => {
  const all = Object.values<Option<unknown>>(options);
  expect(new Set(all.map(({ flag }) => flag)).size).toBe(all.length);
  expect(new Set(all.map(variableOf)).size).toBe(all.length);
});
