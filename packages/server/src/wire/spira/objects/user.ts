import { boolean, constant, date, integer, reference, text } from '../member.ts';
import { spiraObject } from '../object.ts';

/** What is told of a person, alone and as a member of a product. */
const person = {
  UserGuid: text('Guid of the user, stable for life.').readOnly(),
  UserName: text('Login; upper and lower case are the same.', 255).required().notNull(),
  FirstName: text('First name.', 255).required().notNull(),
  MiddleInitial: text('Middle initial.', 255),
  LastName: text('Last name.', 255).required().notNull(),
  FullName: text('First name, middle initial and last name.').readOnly().notNull(),
  EmailAddress: text('E-mail address.', 255).required().notNull(),
  Department: text('Department.', 255),
  Active: boolean('May log in; missing on create: yes.').notNull(),
  Approved: boolean('Was approved by an administrator; missing on create: yes.').notNull(),
  Locked: boolean('Is locked out.').readOnly().notNull(),
  Admin: boolean('Is a system administrator.').notNull(),
  LdapDn: constant(null, 'Always null: there is no LDAP.'),
  RssToken: constant(null, 'Always null: API keys are stored as hashes and shown once, when they are made.'),
  LastUpdatedDate: date('When it was last changed.').readOnly(),
  LastLockoutDate: constant(null, 'Always null.'),
  LastActivityDate: constant(null, 'Always null.'),
  LastLoginDate: constant(null, 'Always null: there are no sessions, each call brings its key.'),
  LastPasswordChange: constant(null, 'Always null: there are no passwords.'),
  OrganizationName: text('Organization.', 255),
  OrganizationId: constant(null, 'Always null.'),
  EmailsEnabled: constant(false, 'Always false: no mail is sent.'),
  ReportAdmin: constant(false, 'Always false.'),
  PortfolioViewer: constant(false, 'Always false.'),
  TimesheetManager: constant(false, 'Always false.'),
  OAuthProvider: constant(null, 'Always null.'),
  MutliFactorAuthentication: constant(false, 'Always false; spelled as in the reference.'),
  CustomProperties: constant(null, 'Always null: users have no custom fields.'),
  ArtifactTypeId: constant(0, 'Always 0: a user is no artifact.'),
  ConcurrencyGuid: text('Stamp of the last change; an update that sends one must send the current one.'),
};

export const RemoteUser = spiraObject(
  'RemoteUser',
  { description: 'A person, or the key of a machine, that may log in.' },
  { UserId: reference('Id of the user.').readOnly(), ...person },
);

export const RemoteProjectUser = spiraObject(
  'RemoteProjectUser',
  { description: 'A member of a product, with the role that the member has in it.' },
  {
    UserId: reference('The user.').required('notFound').notNull(),
    ...person,
    UserName: text('Login.').readOnly().notNull(),
    FirstName: text('First name.').readOnly().notNull(),
    MiddleInitial: text('Middle initial.').readOnly(),
    LastName: text('Last name.').readOnly().notNull(),
    EmailAddress: text('E-mail address.').readOnly().notNull(),
    Department: text('Department.').readOnly(),
    Active: boolean('May log in.').readOnly().notNull(),
    Approved: boolean('Was approved by an administrator.').readOnly().notNull(),
    Admin: boolean('Is a system administrator.').readOnly().notNull(),
    OrganizationName: text('Organization.').readOnly(),
    ConcurrencyGuid: text('Stamp of the user.').readOnly(),
    ProjectId: integer('The product of the path, whatever the body says.').readOnly().notNull(),
    ProjectGuid: text('Guid of the product.').readOnly(),
    ProjectRoleId: reference('The role.').required('notFound').notNull(),
    ProjectRoleGuid: text('Guid of the role.').readOnly(),
    ProjectRoleName: text('Name of the role.').readOnly(),
  },
);
