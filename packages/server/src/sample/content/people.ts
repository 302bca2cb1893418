/** Somebody who works on the sample product. */
export interface SamplePerson {
  login: string;
  firstName: string;
  lastName: string;
  department: string;
  /** Id of a default role (domain/permissions.ts). */
  roleId: number;
}

/** By key: who plans, builds, tests; `nightly` is the login that the CI server records with. */
export const people = {
  mara: { login: 'mara.lindqvist', firstName: 'Mara', lastName: 'Lindqvist', department: 'Product', roleId: 1 },
  tom: { login: 'tom.okafor', firstName: 'Tom', lastName: 'Okafor', department: 'Quality', roleId: 2 },
  ines: { login: 'ines.carvalho', firstName: 'Ines', lastName: 'Carvalho', department: 'Development', roleId: 3 },
  jonas: { login: 'jonas.weber', firstName: 'Jonas', lastName: 'Weber', department: 'Quality', roleId: 4 },
  priya: { login: 'priya.raman', firstName: 'Priya', lastName: 'Raman', department: 'Quality', roleId: 4 },
  nightly: { login: 'harbour-ci', firstName: 'Harbour', lastName: 'CI', department: 'Development', roleId: 7 },
} as const satisfies Record<string, SamplePerson>;

export type PersonKey = keyof typeof people;

/** The two who execute manual tests every working day. */
export const testers = ['jonas', 'priya'] as const;
