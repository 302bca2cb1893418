/** What a role can be allowed to act on. */
export const artifacts = [
  'requirement',
  'release',
  'build',
  'testCase',
  'testSet',
  'testRun',
  'incident',
  'document',
  'automationHost',
  'task',
] as const;
export type Artifact = (typeof artifacts)[number];

/** The boxes of the permission grid (semantics 6.1). `build` knows only create; the rest of builds goes by release. */
export const actions = ['view', 'create', 'delete', 'modify', 'modifyOwned', 'bulkEdit'] as const;
export type Action = (typeof actions)[number];

/**
 * The ids that the public API knows them by (rest-v7 9.1). Builds have none: what may be done with them follows from
 * releases, except that our Automation role may create them.
 */
export const artifactTypeIds: Readonly<Record<Exclude<Artifact, 'build'>, number>> = {
  requirement: 1,
  testCase: 2,
  incident: 3,
  release: 4,
  testRun: 5,
  task: 6,
  testSet: 8,
  automationHost: 9,
  document: 13,
};
export const permissionIds: Readonly<Record<Action, number>> = {
  create: 1,
  modify: 2,
  delete: 3,
  view: 4,
  modifyOwned: 5,
  bulkEdit: 6,
};

export type Permission = `${Artifact}:${Action}`;

/** A role as it acts inside one project. */
export interface Role {
  roleId: number;
  name: string;
  isProjectAdmin: boolean;
  permissions: ReadonlySet<Permission>;
  /** May comment on what it shows. Absent: yes. */
  canAddComments?: boolean;
}

/** What an operation needs of the caller inside its project; any one of several permissions is enough. */
export type Requirement = { anyOf: readonly Permission[] } | { projectAdmin: true } | { member: true };

/** Returns whether a role meets a requirement. */
export function meets(role: Role, requirement: Requirement): boolean {
  if ('member' in requirement) return true;
  if ('projectAdmin' in requirement) return role.isProjectAdmin;
  return requirement.anyOf.some((permission) => role.permissions.has(permission));
}

/** One default role: its name and the letters of the grid by artifact (C create, M modify all, D delete, V view, B bulk edit). */
export interface DefaultRole {
  roleId: number;
  name: string;
  description: string;
  isProjectAdmin: boolean;
  /** False for roles that change nothing. */
  canAddComments?: false;
  grid: Partial<Record<Artifact, string>>;
}

const everything = 'CMDVB';

/**
 * The six default roles (semantics 6.2) and one of ours for CI keys. No default role may delete runs. Their ids are
 * what clients of the public API expect.
 */
export const defaultRoles: readonly DefaultRole[] = [
  {
    roleId: 1,
    name: 'Product Owner',
    description: 'Administers the product and may do everything in it except delete test runs.',
    isProjectAdmin: true,
    grid: {
      requirement: everything,
      release: everything,
      build: 'C',
      testCase: everything,
      testSet: everything,
      testRun: 'CMV',
      incident: everything,
      document: everything,
      automationHost: everything,
      task: everything,
    },
  },
  {
    roleId: 2,
    name: 'Manager',
    description: 'Plans and maintains everything in the product; does not administer it.',
    isProjectAdmin: false,
    grid: {
      requirement: everything,
      release: everything,
      build: 'C',
      testCase: everything,
      testSet: everything,
      testRun: 'CV',
      incident: everything,
      document: everything,
      automationHost: everything,
      task: everything,
    },
  },
  {
    roleId: 3,
    name: 'Developer',
    description: 'Maintains test cases, test sets and incidents, and records test runs.',
    isProjectAdmin: false,
    grid: {
      requirement: 'V',
      release: 'V',
      testCase: 'CMVB',
      testSet: 'CMVB',
      testRun: 'CV',
      incident: 'CMVB',
      document: 'CMV',
      automationHost: 'CMV',
      task: 'CMV',
    },
  },
  {
    roleId: 4,
    name: 'Tester',
    description: 'Executes tests and reports incidents.',
    isProjectAdmin: false,
    grid: {
      requirement: 'V',
      release: 'V',
      testCase: 'V',
      testSet: 'V',
      testRun: 'CV',
      incident: 'CMVB',
      document: 'CMV',
      automationHost: 'CMV',
      task: 'CMV',
    },
  },
  {
    roleId: 5,
    name: 'Observer',
    description: 'Sees everything and changes nothing.',
    isProjectAdmin: false,
    canAddComments: false,
    grid: {
      requirement: 'V',
      release: 'V',
      testCase: 'V',
      testSet: 'V',
      testRun: 'V',
      incident: 'V',
      document: 'V',
      automationHost: 'V',
      task: 'V',
    },
  },
  {
    roleId: 6,
    name: 'Incident User',
    description: 'Reports and edits incidents only.',
    isProjectAdmin: false,
    grid: { incident: 'CMV' },
  },
  {
    roleId: 7,
    name: 'Automation',
    description: 'For the keys of CI servers: records test runs, creates builds, uploads documents, nothing else.',
    isProjectAdmin: false,
    canAddComments: false,
    grid: { testRun: 'C', build: 'C', document: 'C' },
  },
];

const letters: Record<string, Action> = {
  C: 'create',
  M: 'modify',
  D: 'delete',
  V: 'view',
  B: 'bulkEdit',
  O: 'modifyOwned',
};

/** Returns the permissions a default role's grid stands for. */
export function permissionsOf(grid: DefaultRole['grid']): Permission[] {
  return Object.entries(grid).flatMap(([artifact, boxes]) =>
    [...boxes].map((letter) => `${artifact as Artifact}:${letters[letter] as Action}` as const),
  );
}
