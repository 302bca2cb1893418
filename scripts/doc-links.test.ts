import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const documents = globSync(['*.md', 'docs/**/*.md'], { cwd: root });

/** Returns where the links of a document lead, without their anchors; addresses of other hosts left out. */
function linksOf(document: string): string[] {
  const text = readFileSync(path.join(root, document), 'utf8');
  return Array.from(text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g), ([, link = '']) => link).filter(
    (link) => !/^[a-z]+:/.test(link),
  );
}

test.each(documents)('every link of %s leads to a file', (document) => {
  const missing = linksOf(document).filter((link) => !existsSync(path.join(root, path.dirname(document), link)));
  expect(missing).toEqual([]);
});

test('there are links to look at', () => {
  expect(documents.flatMap(linksOf).length).toBeGreaterThan(10);
});
