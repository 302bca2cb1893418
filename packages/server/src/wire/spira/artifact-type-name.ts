import { artifactTypes } from '../../domain/tables.ts';

const plain = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z]/g, '')
    .replace(/s$/, '');

const byName = new Map([...artifactTypes].map(([id, name]) => [plain(name), id]));

/**
 * Returns the artifact type that a path segment names: by name in singular or plural and any letter case (`TestRun`,
 * `test-runs`), or by its number; undefined when it names none.
 */
export function artifactTypeNamed(text: string): number | undefined {
  if (/^\d{1,4}$/.test(text)) return artifactTypes.has(Number(text)) ? Number(text) : undefined;
  return byName.get(plain(text));
}
