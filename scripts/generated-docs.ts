import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { optionsTable } from '../packages/server/src/config/describe-options.ts';
import type { Operation } from '../packages/server/src/http/spira/operation.ts';
import { operations } from '../packages/server/src/http/spira/operations.ts';

// The parts of README.md and docs/ that follow from the code. They stand between `<!-- name -->` and `<!-- /name -->`.

const root = fileURLToPath(new URL('..', import.meta.url));
const tests = path.join(root, 'packages/server/test/http');

/** A document with a part that is generated. */
export interface GeneratedPart {
  file: string;
  name: string;
  text: string;
}

/** Returns every generated part as it should stand. */
export function generatedParts(): GeneratedPart[] {
  return [
    { file: 'README.md', name: 'options', text: optionsTable() },
    { file: 'docs/spira-compat.md', name: 'operations', text: operationsTables(operations) },
    { file: 'docs/spira-compat.md', name: 'quirks', text: quirksTable() },
  ];
}

/** Returns what stands between the markers; undefined when they are missing. */
export function storedPart({ file, name }: GeneratedPart): string | undefined {
  const text = readFileSync(path.join(root, file), 'utf8');
  return new RegExp(`<!-- ${name} -->\n([\\s\\S]*?)<!-- /${name} -->`).exec(text)?.[1];
}

/** Returns the whole document with the part as it should stand. */
export function withPart({ file, name, text }: GeneratedPart): { path: string; text: string } {
  const document = path.join(root, file);
  const before = readFileSync(document, 'utf8');
  const markers = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`);
  return { path: document, text: before.replace(markers, (_, opening, closing) => `${opening}${text}${closing}`) };
}

/** The tests of each noun, in `packages/server/test/http/`; the noun is the key where it names its file itself. */
const testsOf: Readonly<Record<string, readonly string[]>> = {
  'artifact-types': ['documents'],
  associations: ['associations'],
  'automation-engines': ['automation'],
  'automation-hosts': ['automation'],
  components: ['automation'],
  'custom-lists': ['lookups-and-system'],
  'custom-properties': ['lookups-and-system'],
  'document-types': ['lookups-and-system'],
  documents: ['documents'],
  incidents: ['incidents', 'lookups-and-system', 'not-kept'],
  programs: ['not-kept'],
  'project-roles': ['users-and-roles'],
  'project-templates': ['lookups-and-system'],
  projects: ['projects'],
  'refresh-caches': ['refresh-caches', 'worked-example'],
  releases: ['releases', 'builds', 'lookups-and-system'],
  requirements: ['requirements', 'lookups-and-system', 'not-kept'],
  risks: ['not-kept'],
  system: ['lookups-and-system'],
  tasks: ['not-kept', 'lookups-and-system'],
  'task-folders': ['not-kept'],
  'test-cases': ['test-cases', 'test-steps', 'lookups-and-system'],
  'test-configuration-sets': ['automation'],
  'test-folders': ['test-folders'],
  'test-runs': ['save-manual-test-runs', 'record-test-runs'],
  'test-set-folders': ['test-sets'],
  'test-sets': ['test-sets', 'test-set-rows'],
  users: ['users-and-roles', 'projects'],
};

/** Returns one table for each noun: priority, verb, path, what it does. */
export function operationsTables(declared: readonly Operation[]): string {
  const groups = [...Map.groupBy(declared, nounOf)].toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `${groups.map(([noun, members]) => groupText(noun, members)).join('')}\n`;
}

function groupText(noun: string, members: readonly Operation[]): string {
  const files = testsOf[noun];
  if (!files)
    throw new Error(`No tests are named for the operations of ${noun}: add them to scripts/generated-docs.ts`);
  const missing = files.filter((file) => !existsSync(path.join(tests, `${file}.test.ts`)));
  if (missing.length > 0) throw new Error(`There is no test file ${missing.join(', ')} for the operations of ${noun}`);
  const rows = members.map(
    ({ priority, method, path: address, summary }) =>
      `| P${priority} | ${method} | \`${address}\` | ${cell(summary)} |\n`,
  );
  return `\n### ${noun}\n\nTests: ${files.map((file) => `\`${file}\``).join(', ')}.\n\n| | Verb | Path | |\n|---|---|---|---|\n${rows.join('')}`;
}

/** The noun that a path is about: the first literal segment after the project, else the first one. */
function nounOf({ path: address }: Operation): string {
  const [first = '', second = '', third] = address.split('/');
  return first === 'projects' && second.startsWith('{') && third !== undefined ? third : first;
}

/** Returns the quirks of real clients, each with the file of the test that is named after it. */
export function quirksTable(): string {
  const files = readdirSync(tests).filter((file) => /^wire-quirks.*\.test\.ts$/.test(file));
  const rows = files.toSorted().flatMap((file) => {
    const text = readFileSync(path.join(tests, file), 'utf8');
    return [...text.matchAll(/test\('quirk (\d+): (.*?)', async/g)].map(
      ([, number = '', name = '']) => [Number(number), `| ${number} | ${cell(name)} | \`${file}\` |\n`] as const,
    );
  });
  const sorted = rows.toSorted(([one], [other]) => one - other).map(([, row]) => row);
  return `| Quirk | What holds | Test |\n|---|---|---|\n${sorted.join('')}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
