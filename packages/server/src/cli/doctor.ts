import { access, constants, statfs } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import type { Command } from 'commander';
import type { Config } from '../config/options.ts';
import { Database } from '../storage/database.ts';
import { chosenDirectory, clusterDirectory } from '../storage/engines/data-directory.ts';
import { type EmbeddedDatabase, startEmbedded } from '../storage/engines/embedded.ts';
import { requireUsable } from '../storage/engines/external.ts';
import { schemaState } from '../storage/migrate.ts';
import { StartupError } from '../storage/startup-error.ts';
import { configOf, print, withOptions } from './command-line.ts';

/** What one look came to; a problem says what to do about it. */
export interface Finding {
  what: string;
  isProblem: boolean;
  text: string;
}

const ok = (what: string, text: string): Finding => ({ what, isProblem: false, text });
const problem = (what: string, text: string): Finding => ({ what, isProblem: true, text });

/** `doctor`: looks at what a server needs; changes nothing, and exits with 1 when there is a problem. */
export function addDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .description(
      'Check what the server needs and say what to do. Changes nothing; exits with 1 if there is a problem.',
    );
  withOptions(command, 'all').action(async () => {
    const findings = await examine(configOf(command));
    for (const { what, isProblem, text } of findings) print(`${isProblem ? 'problem' : 'ok     '}  ${what}: ${text}`);
    if (findings.some(({ isProblem }) => isProblem)) process.exitCode = 1;
  });
}

/** Looks at everything, also when something is wrong early on. */
export async function examine(config: Config): Promise<Finding[]> {
  const looks: [string, () => Promise<Finding[]>][] = [
    ['node', async () => [nodeVersion(process.versions.node)]],
    ['data directory', () => lookAtDirectory(config)],
    ['database', () => lookAtDatabase(config)],
    ['port', async () => [await lookAtPort(config)]],
  ];
  const findings: Finding[] = [];
  for (const [what, look] of looks) {
    findings.push(...(await look().catch((error: Error) => [problem(what, error.message)])));
  }
  return findings;
}

/** The first line of Node that runs TypeScript files as they are and that we test. */
const OLDEST_NODE = [22, 18] as const;

/** Returns whether a version of Node can run this program. */
export function nodeVersion(running: string): Finding {
  const [major = 0, minor = 0] = running.split('.').map(Number);
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  if (!isOld) return ok('node', running);
  return problem(
    'node',
    `${running} is too old; start with npm, which uses the version that was installed with Runledger`,
  );
}

const LEAST_FREE_BYTES = 1024 ** 3;

async function lookAtDirectory(config: Config): Promise<Finding[]> {
  if (config.databaseUrl !== null) return [ok('data directory', 'not needed, the database is external')];
  const directory = chosenDirectory(config.data ?? undefined);
  if (!(await exists(directory)))
    return [ok('data directory', `${directory} does not exist yet, the first start makes it`)];
  const findings = (await isWritable(directory))
    ? [ok('data directory', directory)]
    : [problem('data directory', `${directory} cannot be written by this user; start as the user who owns it`)];
  const { bavail, bsize } = await statfs(directory);
  const free = bavail * bsize;
  const text = `${(free / 1024 ** 3).toFixed(1)} GiB free in ${directory}`;
  findings.push(
    free >= LEAST_FREE_BYTES
      ? ok('disk', text)
      : problem('disk', `${text}; make room, or move the directory with --data`),
  );
  return findings;
}

const exists = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );
const isWritable = (file: string) =>
  access(file, constants.W_OK).then(
    () => true,
    () => false,
  );

async function lookAtDatabase(config: Config): Promise<Finding[]> {
  await using opened = new AsyncDisposableStack();
  const connectionString = config.databaseUrl ?? (await openedCluster(config, opened))?.connectionString;
  if (!connectionString) return [ok('database', 'there is none yet, the first start makes it')];
  const db = new Database({ connectionString, poolSize: 1, preparedStatements: config.preparedStatements });
  opened.defer(() => db.close());
  await requireUsable(db, { patienceMs: 0, onWait: () => {} });
  return [await lookAtVersion(db), await lookAtSchema(db), await lookAtClock(db)];
}

/** The embedded database, where there is one: looking must not make one. */
async function openedCluster(config: Config, opened: AsyncDisposableStack): Promise<EmbeddedDatabase | undefined> {
  const directory = chosenDirectory(config.data ?? undefined);
  if (!(await exists(path.join(clusterDirectory(directory), 'PG_VERSION')))) return undefined;
  const embedded = await startEmbedded({ dataDirectory: directory, isServer: false });
  opened.defer(() => embedded.close());
  return embedded;
}

async function lookAtVersion(db: Database): Promise<Finding> {
  const [row] = await db.query<{ version: string }>(`select current_setting('server_version') as version`);
  return ok('database', `PostgreSQL ${row?.version} answers`);
}

async function lookAtSchema(db: Database): Promise<Finding> {
  try {
    const { applied, known } = await schemaState(db);
    if (applied === known) return ok('schema', `step ${applied}, up to date`);
    return ok('schema', `step ${applied} of ${known}, the next start brings it up to date`);
  } catch (error) {
    if (error instanceof StartupError) return problem('schema', error.message);
    throw error;
  }
}

const MOST_CLOCK_DIFFERENCE_MS = 2_000;

async function lookAtClock(db: Database): Promise<Finding> {
  const before = Date.now();
  const [row] = await db.query<{ now: Date }>('select clock_timestamp() as now');
  const middle = (before + Date.now()) / 2;
  const difference = Math.round(Math.abs((row?.now.getTime() ?? 0) - middle));
  const text = `${difference} ms between this machine and the database`;
  if (difference <= MOST_CLOCK_DIFFERENCE_MS) return ok('clock', text);
  return problem('clock', `${text}; set both by a time server (NTP), or runs are ordered wrongly`);
}

async function lookAtPort({ host, port }: Config): Promise<Finding> {
  if (port === 0) return ok('port', 'any free one');
  const failure = await listenFailure(host, port);
  if (!failure) return ok('port', `${host} port ${port} is free`);
  if (failure === 'EADDRINUSE' && (await isRunledger(host, port))) {
    return ok('port', `${host} port ${port}: a Runledger server answers there`);
  }
  return problem('port', `${host} port ${port} cannot be used (${failure}); choose another with --host and --port`);
}

function listenFailure(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(undefined)));
  });
}

async function isRunledger(host: string, port: number): Promise<boolean> {
  const named = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host] ?? (host.includes(':') ? `[${host}]` : host);
  try {
    const answer = await fetch(`http://${named}:${port}/health/live`, { signal: AbortSignal.timeout(2_000) });
    return ((await answer.json()) as { status?: string }).status === 'live';
  } catch {
    return false;
  }
}
