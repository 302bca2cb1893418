import type { Command } from 'commander';
import { createUser } from '../commands/create-user.ts';
import { addProjectMember, changeProjectMember } from '../commands/project-members.ts';
import { deactivateUser } from '../commands/update-user.ts';
import type { Ledger } from '../compose.ts';
import { DomainError } from '../domain/errors.ts';
import { administrator, print, printTable, withLedger, withOptions } from './command-line.ts';
import { projectIdOf, roleIdOf, userIdOf } from './lookups.ts';

interface NewUser {
  firstName?: string;
  lastName?: string;
  email?: string;
  admin?: true;
}

/** `user`: who may sign in, and what as. A user signs in with an API key (see `key`). */
export function addUser(program: Command): void {
  const user = program.command('user').description('Make, list and disable users, and give them roles.');
  const create = user
    .command('create <login>')
    .description('Make a user. An API key is made with "key create".')
    .option('--first-name <name>', 'given name')
    .option('--last-name <name>', 'family name')
    .option('--email <address>', 'address for messages')
    .option('--admin', 'administers the whole server');
  withOptions(create, 'shared').action((login: string, options: NewUser) =>
    withLedger(create, (ledger) => makeUser(ledger, login, options)),
  );
  const list = user.command('list').description('List all users with their products and roles.');
  withOptions(list, 'shared').action(() => withLedger(list, listUsers));
  const disable = user.command('disable <login>').description('Let a user in no more. What was recorded stays.');
  withOptions(disable, 'shared').action((login: string) =>
    withLedger(disable, async ({ command, db }) => {
      await deactivateUser({ ...command, actor: administrator }, await userIdOf(db, login));
      print(`${login} is disabled.`);
    }),
  );
  const grant = user
    .command('grant <login> <product> <role>')
    .description('Make a user a member of a product (id or name) with a role (id or name), or change the role.');
  withOptions(grant, 'shared').action((...[login, product, role]: [string, string, string]) =>
    withLedger(grant, (ledger) => grantRole(ledger, { login, product, role })),
  );
}

async function makeUser({ command, db }: Ledger, login: string, options: NewUser): Promise<void> {
  const taken = await db.query('select from app_user where lower(login) = lower($1)', [login.trim()]);
  if (taken.length > 0) throw new DomainError('duplicate', `The login ${login} is taken`);
  if (login.trim() === '') throw new DomainError('invalid', 'A login needs at least one character');
  const user = {
    userName: login,
    firstName: options.firstName ?? login,
    lastName: options.lastName ?? '',
    emailAddress: options.email ?? '',
    admin: options.admin ?? false,
  };
  const userId = await createUser({ ...command, actor: administrator }, { user });
  print(`User ${userId} (${login}) made.`);
}

async function listUsers({ db }: Ledger): Promise<void> {
  const rows = await db.query<Record<string, unknown>>(
    `select u.user_id as id, u.login, concat_ws(' ', u.first_name, u.last_name) as name, u.is_active as active,
            u.is_admin as admin, string_agg(p.name || ': ' || r.name, ', ' order by p.project_id) as roles
       from app_user u left join project_member m using (user_id) left join project p using (project_id)
       left join role r using (role_id)
      group by u.user_id order by u.user_id`,
  );
  printTable(rows, ['id', 'login', 'name', 'active', 'admin', 'roles']);
}

async function grantRole(
  { command, db }: Ledger,
  { login, product, role }: { login: string; product: string; role: string },
): Promise<void> {
  const userId = await userIdOf(db, login);
  const projectId = await projectIdOf(db, product);
  const member = { userId, projectRoleId: await roleIdOf(db, role) };
  const context = { ...command, actor: administrator, projectId };
  const known = await db.query('select from project_member where project_id = $1 and user_id = $2', [
    projectId,
    userId,
  ]);
  await (known.length > 0 ? changeProjectMember(context, member) : addProjectMember(context, member));
  print(`${login} is a member of product ${projectId} as ${role}.`);
}
