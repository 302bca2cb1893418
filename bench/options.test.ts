import { expect, test } from 'vitest';
import { benchOptions, countFrom } from './options.ts';

test.each([
  ['500', 500],
  ['100k', 100_000],
  ['10M', 10_000_000],
  ['1g', 1_000_000_000],
])('%s is %i', (text, count) => {
  expect(countFrom(text)).toBe(count);
});

test.each(['', 'k', '1.5M', '-3', '10 M', '1T'])('"%s" is no count', (text) => {
  expect(() => countFrom(text)).toThrow('is not a number');
});

test('what is given replaces the defaults of the short and the full form', () => {
  expect(benchOptions({ short: true, rounds: 2 }, {})).toMatchObject({ isShort: true, rounds: 2, seconds: 0.3 });
  expect(benchOptions({ seconds: 9 }, {})).toMatchObject({ isShort: false, seconds: 9, rounds: 3 });
});

test('sizes grow, whatever their order', () => {
  expect(benchOptions({ sizes: [1_000_000, 10_000] }, {}).sizes).toEqual([10_000, 1_000_000]);
});

test('the external database may stand in the environment', () => {
  expect(benchOptions({}, { DATABASE_URL: 'postgres://there' }).databaseUrl).toBe('postgres://there');
});

test('a server to measure needs somebody who records', () => {
  expect(() => benchOptions({ url: 'http://there', user: 'fred' }, {})).toThrow('--url needs --user and --key');
  expect(benchOptions({ url: 'http://there', user: 'fred', key: '{1}', project: 3 }, {}).server).toEqual({
    url: 'http://there',
    user: 'fred',
    key: '{1}',
    projectId: 3,
  });
});
