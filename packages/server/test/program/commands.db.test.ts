import { expect, test, vi } from 'vitest';
import { runledgerProgram } from '../../src/cli/program.ts';
import { hashApiKey } from '../../src/storage/api-keys.ts';
import { aProject } from '../support/builders.ts';
import { testDatabaseWithUrl } from '../support/database.ts';
import { aDataDirectory } from '../support/program.ts';

const { db, connectionString } = await testDatabaseWithUrl();

interface Outcome {
  code: number;
  stdout: string;
  error: string;
}

/** Calls a command in this process, as bin.ts does in its own. */
async function runledger(...words: string[]): Promise<Outcome> {
  vi.stubEnv('DATABASE_URL', connectionString);
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    const error = await runledgerProgram()
      .parseAsync(words, { from: 'user' })
      .then(
        () => '',
        (failure: Error) => failure.message,
      );
    const code = Number(process.exitCode ?? 0);
    return { code: error ? 1 : code, stdout: written.mock.calls.join(''), error };
  } finally {
    process.exitCode = 0;
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  }
}

test('a user is made, listed, given a role by names, given another, and disabled', async () => {
  const projectId = await aProject(db, { name: 'Harbour' });
  expect((await runledger('user', 'create', 'jane', '--first-name', 'Jane', '--email', 'j@example.com')).code).toBe(0);
  expect(await runledger('user', 'create', 'JANE')).toMatchObject({
    code: 1,
    error: 'The login JANE is taken',
  });
  expect((await runledger('user', 'grant', 'jane', 'harbour', 'tester')).stdout).toContain('as tester');
  expect((await runledger('user', 'grant', 'jane', String(projectId), '2')).code).toBe(0);
  expect((await runledger('user', 'list')).stdout).toMatch(/^\d+ +jane +Jane +yes +no +Harbour: Manager$/m);
  expect((await runledger('user', 'disable', 'jane')).code).toBe(0);
  expect((await runledger('user', 'list')).stdout).toMatch(/^\d+ +jane +Jane +no /m);
});

test.each([
  [['user', 'grant', 'nobody', '1', 'Tester'], 'There is no user "nobody"'],
  [['user', 'grant', 'administrator', 'no such', 'Tester'], 'There is no product "no such"'],
  [['user', 'disable', 'administrator'], 'The built-in administrator (user 1) cannot be deactivated'],
  [['key', 'revoke', '4711'], 'API key 4711 does not exist or is revoked already'],
  [['key', 'revoke', '2147483648'], '"2147483648" is not the id of a key'],
  [['data-tools', 'run', 'recalculate-releases', '--release', 'x'], '"x" is not the id of a release'],
  [['data-tools', 'run', 'nonsense'], 'nonsense'],
])('what does not exist or may not be done is named: %s', async (words, expected) => {
  const { code, error } = await runledger(...words);
  expect(code).toBe(1);
  expect(error).toContain(expected);
});

test('a key is printed once, alone on standard output, stored as its hash, listed by its end, and revoked', async () => {
  const { stdout } = await runledger('key', 'create', 'administrator', '--label', 'pipeline');
  const key = stdout.trim();
  expect(key).toMatch(/^\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}$/);
  const [row] = await db.query<{ id: number; label: string }>(
    'select api_key_id as id, label from api_key where key_hash = $1 and revoked_at is null',
    [hashApiKey(key)],
  );
  expect(row?.label).toBe('pipeline');
  const listed = (await runledger('key', 'list', 'administrator')).stdout;
  expect(listed).toContain(`...${key.slice(-5, -1)}`);
  expect(listed).not.toContain(key.slice(1, 20));
  expect((await runledger('key', 'revoke', String(row?.id))).code).toBe(0);
  expect(await db.query('select from api_key where api_key_id = $1 and revoked_at is null', [row?.id])).toEqual([]);
  const events = await db.query(`select subject, user_id from event where kind = 'apiKey' order by event_id`);
  expect(events).toEqual([
    { subject: 'create', user_id: 1 },
    { subject: 'revoke', user_id: 1 },
  ]);
});

test('verify prints a figure that is wrong and exits with 1; a data tool repairs it', async () => {
  const projectId = await aProject(db, { name: 'Wrong' });
  await db.query(
    `insert into release_figure (project_id, release_id, count_failed, count_passed, count_not_run, count_not_applicable,
       count_blocked, count_caution) values ($1, 77, 1, 0, 0, 0, 0, 0)`,
    [projectId],
  );
  const wrong = await runledger('verify', '--product', 'Wrong');
  expect(wrong.code).toBe(1);
  expect(wrong.stdout).toContain(', 1 differ,');
  const repair = await runledger('data-tools', 'run', 'recalculate-all', '--product', String(projectId));
  expect(repair.stdout).toMatch(/ done +\d+/);
  expect(repair.code).toBe(0);
  expect((await runledger('verify', '--product', 'Wrong')).code).toBe(0);
});

test('doctor finds an external database in order, and says what is wrong with a port', async () => {
  const fine = await runledger('doctor', '--port', '0', '--data', aDataDirectory());
  expect(fine.stdout).toMatch(/^ok +database: PostgreSQL \d+/m);
  expect(fine.stdout).toMatch(/^ok +schema: step \d+, up to date/m);
  expect(fine.stdout).toMatch(/^ok +clock: /m);
  expect(fine.code).toBe(0);
  const wrong = await runledger('doctor', '--port', '8480', '--host', '192.0.2.1');
  expect(wrong.stdout).toMatch(/^problem +port: 192\.0\.2\.1 port 8480 cannot be used \(EADDRNOTAVAIL\); choose/m);
  expect(wrong.code).toBe(1);
});

test('doctor finds a schema that is newer than the program', async () => {
  await db.query(`insert into schema_migration (number, name, checksum) values (4711, 'future', '')`);
  const { stdout, code } = await runledger('doctor', '--port', '0');
  await db.query('delete from schema_migration where number = 4711');
  expect(stdout).toMatch(/^problem +schema: .*step 4711 \(future\).*start that version or a later one/m);
  expect(code).toBe(1);
});
