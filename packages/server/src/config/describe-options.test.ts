import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { optionsTable } from './describe-options.ts';
import { options } from './options.ts';

test('the README lists exactly the options that there are', () => {
  const readme = readFileSync(new URL('../../../../README.md', import.meta.url), 'utf8');
  const [, table] = /<!-- options -->\n([\s\S]*?)<!-- \/options -->/.exec(readme) ?? [];
  expect(table).toBe(optionsTable());
});

test('every option has a row in the table', () => {
  expect(optionsTable().trim().split('\n')).toHaveLength(Object.keys(options).length + 2);
});
