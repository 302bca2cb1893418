import { expect, test } from 'vitest';
import { aProject, aUser } from '../../test/support/builders.ts';
import { emptyTestDatabase, testDatabase } from '../../test/support/database.ts';
import { defaultRoles, permissionsOf } from '../domain/permissions.ts';
import { migrate } from './migrate.ts';
import { seed } from './seed.ts';

test('the default roles are there with their ids and exactly the permissions of the grid', async () => {
  const db = await testDatabase();
  for (const role of defaultRoles) {
    const rows = await db.query<{ permission: string }>(
      `select artifact || ':' || action as permission from role_permission where role_id = $1`,
      [role.roleId],
    );
    expect(rows.map(({ permission }) => permission).toSorted()).toEqual(permissionsOf(role.grid).toSorted());
  }
  const roles = await db.query<{ id: number; admin: boolean }>(
    'select role_id as id, is_project_admin as admin from role order by role_id',
  );
  expect(roles).toEqual(defaultRoles.map((role) => ({ id: role.roleId, admin: role.isProjectAdmin })));
});

test('the built-in administrator is user 1, and the next user and role get the next ids', async () => {
  const db = await testDatabase();
  const [administrator] = await db.query('select user_id, login, is_admin from app_user');
  expect(administrator).toEqual({ user_id: 1, login: 'administrator', is_admin: true });
  expect(await aUser(db)).toBe(2);
  const [role] = await db.query(`insert into role (name) values ('Custom') returning role_id`);
  expect(role).toEqual({ role_id: defaultRoles.length + 1 });
});

test('seeding again changes nothing, not even what an administrator has changed', async () => {
  const db = await testDatabase();
  await db.query('update app_user set is_active = false where user_id = 1');
  await db.query('delete from role_permission where role_id = 5');
  await db.query(`update role set name = 'Reader' where role_id = 5`);
  await seed(db);
  expect(await db.query('select is_active from app_user where user_id = 1')).toEqual([{ is_active: false }]);
  expect(await db.query('select 1 from role_permission where role_id = 5')).toEqual([]);
  expect(await db.query('select name from role where role_id = 5')).toEqual([{ name: 'Reader' }]);
});

test('several servers may seed an empty database at once', async () => {
  const { db } = await emptyTestDatabase();
  await migrate(db);
  await Promise.all([seed(db), seed(db), seed(db)]);
  expect(await db.query('select count(*) as roles from role')).toEqual([{ roles: defaultRoles.length }]);
  expect(await aProject(db)).toBe(1);
});
