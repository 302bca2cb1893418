import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../../src', import.meta.url));

/** Returns a pattern for the name of every prepared statement in the source; a part that is put together fits any. */
export function namedInSource(): RegExp[] {
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap((file) => [...readFileSync(path.join(source, file), 'utf8').matchAll(/name: (['`])(.+?)\1,\s*text[:,]/g)])
    .map(([, , name = '']) => new RegExp(`^${name.replace(/\$\{[^}]*\}/g, '.+')}$`));
}
