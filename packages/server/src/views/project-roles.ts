import { artifactTypeIds, permissionIds } from '../domain/permissions.ts';
import { boolean, json, number, text, view } from './view.ts';

/** One permission of a role, by the ids of the public reference. */
export interface RolePermission {
  projectRoleId: number;
  artifactTypeId: number;
  permissionId: number;
}

const idSql = (column: string, ids: Readonly<Record<string, number>>) =>
  `case ${column} ${Object.entries(ids)
    .map(([name, id]) => `when '${name}' then ${id}`)
    .join(' ')} end`;

/** The roles that members of projects can have, inactive ones included. No parameters. */
export const projectRoles = view({
  from: 'role t',
  scope: 'true',
  key: 'projectRoleId',
  columns: {
    projectRoleId: number('t.role_id'),
    name: text('t.name'),
    description: text('t.description'),
    active: boolean('t.is_active'),
    admin: boolean('t.is_project_admin'),
    discussionsAdd: boolean('t.can_add_comments'),
    sourceCodeView: boolean('t.can_view_source_code'),
    guid: text('t.guid::text'),
    // A permission without ids there (to create builds) is not told.
    permissions: json<RolePermission[]>(
      `(select coalesce(json_agg(json_build_object('projectRoleId', g.role_id, 'artifactTypeId', g.kind,
                 'permissionId', g.box) order by g.kind, g.box), '[]')
          from (select q.role_id, ${idSql('q.artifact', artifactTypeIds)} as kind, ${idSql('q.action', permissionIds)} as box
                  from role_permission q where q.role_id = t.role_id) g
         where g.kind is not null)`,
    ),
  },
});
