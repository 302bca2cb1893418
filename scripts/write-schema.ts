// `npm run schema`: applies the migrations to a passing database and writes what follows from them into the repository:
// storage/schema.sql for people, storage/tables.generated.ts for the type checker.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Database } from '../packages/server/src/storage/database.ts';
import { dataDirectory } from '../packages/server/src/storage/engines/data-directory.ts';
import { startEmbedded } from '../packages/server/src/storage/engines/embedded.ts';
import { migrate } from '../packages/server/src/storage/migrate.ts';
import { schemaDump } from '../packages/server/src/storage/schema-dump.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const storage = path.join(root, 'packages/server/src/storage');

/** The types that the driver gives (see storage/database.ts). */
const typeMapping = { int8: 'number', numeric: 'number', timestamptz: 'Date' };

const directory = await mkdtemp(path.join(os.tmpdir(), 'runledger-schema-'));
if (process.getuid?.() === 0) execFileSync('chmod', ['711', directory]);
const embedded = await startEmbedded({ dataDirectory: dataDirectory(directory), isServer: true });
const db = new Database({ connectionString: embedded.connectionString, poolSize: 1 });
try {
  await migrate(db);
  await writeFile(path.join(storage, 'schema.sql'), await schemaDump(db));
  const generator = path.join(root, 'node_modules/kysely-codegen/dist/cli/bin.js');
  const options = ['--dialect', 'postgres', '--url', embedded.connectionString, '--camel-case'];
  const output = [
    '--type-mapping',
    JSON.stringify(typeMapping),
    '--out-file',
    path.join(storage, 'tables.generated.ts'),
  ];
  execFileSync(process.execPath, [generator, ...options, ...output], { stdio: 'inherit' });
} finally {
  await db.close();
  await embedded.close();
  await rm(directory, { recursive: true, force: true });
}
