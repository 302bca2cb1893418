import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const source = fileURLToPath(new URL('..', import.meta.url));

/** A connection keeps a statement by its name: a second one of that name fails, in whichever request comes second. */
test('every prepared statement has a name of its own', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
  );
  const named = files.flatMap((file) =>
    [...readFileSync(path.join(source, file), 'utf8').matchAll(/name: (['`])(.+?)\1,\s*text[:,]/g)].map((found) => ({
      name: found[2] ?? '',
      file,
    })),
  );
  const shared = [...Map.groupBy(named, ({ name }) => name)].filter(([, uses]) => uses.length > 1);
  expect(shared.map(([name, uses]) => [name, uses.map(({ file }) => file)])).toEqual([]);
  expect(named.length).toBeGreaterThan(10);
  // Behind a pooler up to 15 characters come before it, and PostgreSQL tells names apart by their first 63.
  expect(named.filter(({ name }) => name.length > 48)).toEqual([]);
});
