import { boolean, integer, objects, reference, text } from '../member.ts';
import { spiraObject } from '../object.ts';

export interface RolePermissionRow {
  projectRoleId?: number | null;
  artifactTypeId?: number | null;
  permissionId?: number | null;
}

export const RemoteRolePermission = spiraObject(
  'RemoteRolePermission',
  { description: 'One box of the permission grid of a role.' },
  {
    ProjectRoleId: integer('The role.').readOnly().notNull(),
    ArtifactTypeId: integer(
      '1 requirements, 2 test cases, 3 incidents, 4 releases, 5 test runs, 6 tasks, 8 test sets, 9 hosts, 13 documents.',
    )
      .required()
      .notNull(),
    PermissionId: integer('1 create, 2 modify all, 3 delete, 4 view, 5 modify owned, 6 bulk edit.')
      .required()
      .notNull(),
  },
);

export const RemoteProjectRole = spiraObject(
  'RemoteProjectRole',
  { description: 'What members of products may do; the same roles in all products.' },
  {
    ProjectRoleId: reference('Id of the role; ignored on create.'),
    Name: text('Name.', 255).required().notNull(),
    Description: text('What the role is for.'),
    Active: boolean('Members with an inactive role have no access; missing on create: active.').notNull(),
    Admin: boolean('Administers the product.').notNull(),
    DiscussionsAdd: boolean('May comment; missing on create: yes.').notNull(),
    SourceCodeView: boolean('May see source code.').notNull(),
    Permissions: objects<RolePermissionRow>(
      () => RemoteRolePermission,
      'The whole grid; missing or null on update: it stays as it is.',
    ).notNull(),
    Guid: text('Guid of the role, stable for life.').readOnly(),
  },
);
