import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../../src', import.meta.url));

/** A prepared statement as it stands in the source. */
export interface NamedStatement {
  /** Fits its name; a part that is put together fits any text. */
  name: RegExp;
  /** Undefined when it is put together, so that it cannot be read there. */
  text: string | undefined;
}

/** Returns every prepared statement in the source. */
export function namedInSource(): NamedStatement[] {
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap((file) => [
      ...readFileSync(path.join(source, file), 'utf8').matchAll(
        /name: (['`])([^'`\n]+)\1,\s*(?:\/\/[^\n]*\s*)*text(?:,|:\s*(?:(['`])((?:\\.|(?!\3).)*)\3)?)/gs,
      ),
    ])
    .map(([, , name = '', , text]) => ({
      name: new RegExp(`^${name.replace(/\$\{[^}]*\}/g, '.+')}$`),
      text: text?.includes('${') ? undefined : text?.replaceAll('\\\\', '\\'),
    }));
}
