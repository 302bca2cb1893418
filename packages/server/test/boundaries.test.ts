import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

/** Who may import whom. Whatever is not listed is refused; type-only imports count like all others. */
interface Border {
  /** Folders of src. */
  folders: readonly string[];
  /** Packages; `node:` stands for all modules of Node. */
  packages: readonly string[];
}

const fastify = [
  'fastify',
  '@fastify/cors',
  '@fastify/swagger',
  '@fastify/swagger-ui',
  '@fastify/type-provider-typebox',
];

const borders: Readonly<Record<string, Border>> = {
  domain: { folders: [], packages: [] },
  config: { folders: [], packages: [] },
  wire: { folders: ['domain'], packages: ['@runledger/protocol', 'typebox', 'fast-xml-parser'] },
  storage: { folders: ['domain'], packages: ['kysely', 'pg', 'node:'] },
  changes: { folders: ['domain', 'storage'], packages: ['kysely'] },
  views: { folders: ['domain', 'storage'], packages: ['kysely'] },
  commands: { folders: ['domain', 'storage', 'changes'], packages: [] },
  rollups: { folders: ['domain', 'storage', 'changes'], packages: [] },
  http: {
    folders: ['domain', 'wire', 'commands', 'views'],
    packages: [...fastify, '@runledger/protocol', 'typebox', 'pino', 'prom-client', 'node:'],
  },
  jobs: { folders: ['domain', 'storage', 'commands', 'rollups'], packages: ['croner', 'node:'] },
  sample: { folders: ['domain', 'storage', 'commands', 'rollups'], packages: [] },
  cli: {
    folders: [
      'compose.ts',
      'version.ts',
      'config',
      'domain',
      'storage',
      'commands',
      'rollups',
      'sample',
      'views',
      'http',
    ],
    packages: ['commander', 'pino', 'node:'],
  },
};

/** The only files outside a folder: they put the parts together. */
const freeFiles = ['compose.ts', 'version.ts'];

/** Folders whose functions are told the time and everything else that differs from call to call. */
const pureFolders = ['domain', 'wire'];
const impureGlobals = new Set([
  'process',
  'performance',
  'crypto',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
]);

const source = fileURLToPath(new URL('../src/', import.meta.url));

/** Returns what is wrong with a file of src, given by its path in it. */
function faultsOf(file: string, text: string): string[] {
  const [folder = ''] = file.split('/');
  const border = borders[folder];
  if (!border) return freeFiles.includes(file) ? [] : [`${file} is in no folder that the table knows`];
  const { importedFiles } = ts.preProcessFile(text, true, true);
  const imports = importedFiles
    .map(({ fileName }) => fileName)
    .filter((target) => !isAllowed(target, file, border))
    .map((target) => `${file} must not import ${target}`);
  return pureFolders.includes(folder) ? [...imports, ...impurities(file, text)] : imports;
}

function isAllowed(target: string, file: string, { folders, packages }: Border): boolean {
  if (!target.startsWith('.')) {
    return packages.some((name) => target === name || target.startsWith(name === 'node:' ? name : `${name}/`));
  }
  const [folder = ''] = path.posix.join(path.posix.dirname(file), target).split('/');
  if (folder === '..') return false;
  return folder === file.split('/')[0] || folders.includes(folder);
}

function impurities(file: string, text: string): string[] {
  const found: string[] = [];
  const root = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    const what = impurity(node);
    if (what)
      found.push(`${file}:${root.getLineAndCharacterOfPosition(node.getStart()).line + 1} must not use ${what}`);
    ts.forEachChild(node, visit);
  };
  visit(root);
  return found;
}

function impurity(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) {
    const name = node.getText();
    return ['Date.now', 'Math.random'].includes(name) ? name : undefined;
  }
  const isDate = (ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'Date';
  if (isDate && (ts.isCallExpression(node) || !node.arguments?.length)) return 'the present date';
  if (ts.isIdentifier(node) && impureGlobals.has(node.text) && !isMerelyNamed(node)) return node.text;
  return undefined;
}

/** A property, member or declaration that only happens to have the name of a global. */
function isMerelyNamed(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  return 'name' in parent && parent.name === node;
}

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll(path.sep, '/'))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));

test('every import goes in a direction that the table allows, and what is pure stays pure', () => {
  expect(files.length).toBeGreaterThan(50);
  expect(files.flatMap((file) => faultsOf(file, readFileSync(path.join(source, file), 'utf8')))).toEqual([]);
});

test('every folder of the table exists', () => {
  const folders = new Set(files.map((file) => file.split('/')[0]));
  expect(Object.keys(borders).filter((folder) => !folders.has(folder))).toEqual([]);
});

test.each([
  ['a static import', 'domain/a.ts', `import { b } from '../storage/b.ts';`],
  ['a type-only import', 'domain/a.ts', `import type { B } from '../storage/b.ts';`],
  ['an import for its effect', 'wire/spira/a.ts', `import '../../storage/b.ts';`],
  ['a re-export', 'commands/a.ts', `export { b } from '../http/b.ts';`],
  ['a re-export of everything', 'views/a.ts', `export * from '../commands/b.ts';`],
  ['a dynamic import', 'http/a.ts', `const b = await import('../storage/b.ts');`],
  ['the type of a module', 'wire/a.ts', `let b: import('../commands/b.ts').B;`],
  ['a package that is not listed', 'domain/a.ts', `import pg from 'pg';`],
  ['a module of Node where none may be', 'wire/a.ts', `import fs from 'node:fs';`],
  ['a package whose name only begins alike', 'storage/a.ts', `import x from 'pgx';`],
  ['a way out of the package', 'storage/a.ts', `import x from '../../../web/src/x.ts';`],
  ['what is put together at the top', 'storage/a.ts', `import { openLedger } from '../compose.ts';`],
  ['the clock', 'domain/a.ts', 'const now = Date.now();'],
  ['the present date', 'domain/a.ts', 'const now = new Date();'],
  ['the present date as text', 'domain/a.ts', 'const now = Date();'],
  ['chance', 'wire/a.ts', 'const one = Math.random();'],
  ['the process', 'domain/a.ts', `const home = process.env['HOME'];`],
  ['a timer', 'wire/a.ts', 'setTimeout(() => {}, 1);'],
  ['a folder that nobody knows', 'helpers/a.ts', ''],
])('the gate closes on %s', (_what, file, text) => {
  expect(faultsOf(file, text)).toHaveLength(1);
});

test.each([
  ['domain/a.ts', `import { b } from './b.ts';\nconst then = new Date(0);\nconst o = { process: 1 };\no.process;`],
  ['commands/a.ts', `import type { C } from '../changes/c.ts';\nimport { d } from '../domain/d.ts';`],
  ['storage/engines/a.ts', `import pg from 'pg';\nimport fs from 'node:fs';\nimport { b } from '../b.ts';`],
  ['compose.ts', `import { a } from './http/a.ts';`],
])('the gate lets through what is allowed: %s', (file, text) => {
  expect(faultsOf(file, text)).toEqual([]);
});
