import { BUILT_IN_ADMINISTRATOR } from '../domain/actor.ts';
import { type DefaultRole, defaultRoles, permissionsOf } from '../domain/permissions.ts';
import type { Database, Transaction } from './database.ts';

/** Serialises seeding by several processes that start at once. */
const SEED_LOCK = 69;

/**
 * Puts in place what every ledger begins with: the default roles and the built-in administrator (user 1, login
 * `administrator`, who signs in by API key only). What exists is left as it is, so an administrator's changes survive
 * the next start. Settings are not seeded: one that is missing has its default.
 */
export async function seed(db: Database): Promise<void> {
  await db.transaction(async (transaction) => {
    await transaction.query('select pg_advisory_xact_lock($1::bigint)', [SEED_LOCK]);
    await seedAdministrator(transaction);
    for (const role of defaultRoles) await seedRole(transaction, role);
    await moveSequencePast(transaction, 'app_user', 'user_id');
    await moveSequencePast(transaction, 'role', 'role_id');
  });
}

async function seedAdministrator(transaction: Transaction): Promise<void> {
  await transaction.query(
    `insert into app_user (user_id, login, first_name, last_name, email, is_admin)
     values ($1, 'administrator', 'System', 'Administrator', 'administrator@localhost', true)
     on conflict do nothing`,
    [BUILT_IN_ADMINISTRATOR],
  );
}

async function seedRole(transaction: Transaction, role: DefaultRole): Promise<void> {
  const inserted = await transaction.query(
    `insert into role (role_id, name, description, is_default, is_project_admin, can_add_comments)
     values ($1, $2, $3, true, $4, $5) on conflict do nothing returning role_id`,
    [role.roleId, role.name, role.description, role.isProjectAdmin, role.canAddComments ?? true],
  );
  if (inserted.length === 0) return;
  const permissions = permissionsOf(role.grid).map((permission) => permission.split(':'));
  await transaction.query(
    `insert into role_permission (role_id, artifact, action)
     select $1, artifact, action from unnest($2::text[], $3::text[]) as grid(artifact, action)`,
    [role.roleId, permissions.map(([artifact]) => artifact), permissions.map(([, action]) => action)],
  );
}

/**
 * Rows that were inserted with ids do not move an identity sequence; without this the next insert would collide. A
 * sequence that is already past them is not touched, since other servers may be drawing from it.
 */
async function moveSequencePast(
  transaction: Transaction,
  table: 'app_user' | 'role',
  column: 'user_id' | 'role_id',
): Promise<void> {
  await transaction.query(
    `select setval(pg_get_serial_sequence('${table}', '${column}'), max(${column})) from ${table}
     having max(${column}) > (select last_value - (not is_called)::int from ${table}_${column}_seq)`,
  );
}
