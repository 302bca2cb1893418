import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { suites } from './suites.ts';

test('each suite has a name of its own, which its file bears', () => {
  const names = suites.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(existsSync(path.join(import.meta.dirname, `${name}.ts`)), name).toBe(true);
});
