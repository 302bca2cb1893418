/** A release of the sample product; `from` and `to` are days from now, negative in the past. */
export interface SampleRelease {
  key: string;
  name: string;
  versionNumber: string;
  kind: keyof typeof releaseKinds;
  status: keyof typeof releaseStates;
  from: number;
  to: number;
  description: string;
  children?: readonly SampleRelease[];
}

export const releaseKinds = { major: 1, minor: 2, sprint: 3, phase: 4 } as const;
export const releaseStates = { planned: 1, inProgress: 2, completed: 3 } as const;

export const releases: readonly SampleRelease[] = [
  {
    key: '3.0',
    name: 'Harbour Booking 3',
    versionNumber: '3.0',
    kind: 'major',
    status: 'completed',
    from: -74,
    to: -18,
    description: 'The new search, online check-in at all harbours, vouchers.',
    children: [
      {
        key: '3.0-pilot',
        name: 'Pilot in Norhaven',
        versionNumber: '3.0-pilot',
        kind: 'phase',
        status: 'completed',
        from: -74,
        to: -54,
        description: 'One harbour, two ships, real passengers who know that they are trying something new.',
      },
      {
        key: '3.0-s1',
        name: 'Sprint 1: all harbours',
        versionNumber: '3.0.1',
        kind: 'sprint',
        status: 'completed',
        from: -54,
        to: -43,
        description: 'What the pilot showed, and the other seven harbours.',
      },
      {
        key: '3.0-s2',
        name: 'Sprint 2: vouchers and messages',
        versionNumber: '3.0.2',
        kind: 'sprint',
        status: 'completed',
        from: -43,
        to: -32,
        description: 'Vouchers, messages about delays.',
      },
      {
        key: '3.1',
        name: 'Group bookings',
        versionNumber: '3.1',
        kind: 'minor',
        status: 'completed',
        from: -32,
        to: -18,
        description: 'Groups of more than nine, passenger lists, payment by invoice.',
        children: [
          {
            key: '3.1-s1',
            name: 'Sprint 1: groups',
            versionNumber: '3.1.1',
            kind: 'sprint',
            status: 'completed',
            from: -32,
            to: -18,
            description: 'The whole of 3.1 in one sprint.',
          },
        ],
      },
    ],
  },
  {
    key: '4.0',
    name: 'Harbour Booking 4: freight',
    versionNumber: '4.0',
    kind: 'major',
    status: 'inProgress',
    from: -18,
    to: 38,
    description: 'Trucks and forwarders, deck plans, booking on account.',
    children: [
      {
        key: '4.0-s1',
        name: 'Sprint 1: trucks',
        versionNumber: '4.0.1',
        kind: 'sprint',
        status: 'completed',
        from: -18,
        to: -5,
        description: 'Trucks can be booked, dangerous goods are declared.',
      },
      {
        key: '4.0-s2',
        name: 'Sprint 2: on account',
        versionNumber: '4.0.2',
        kind: 'sprint',
        status: 'inProgress',
        from: -5,
        to: 9,
        description: 'Forwarders book on account; the new search becomes faster.',
      },
      {
        key: '4.0-s3',
        name: 'Sprint 3: weighbridge',
        versionNumber: '4.0.3',
        kind: 'sprint',
        status: 'planned',
        from: 9,
        to: 23,
        description: 'Weights come from the weighbridge, deck plans by drag and drop.',
      },
      {
        key: '4.0-pilot',
        name: 'Pilot with two forwarders',
        versionNumber: '4.0-pilot',
        kind: 'phase',
        status: 'planned',
        from: 23,
        to: 38,
        description: 'Two forwarders book all their trucks with the new system.',
      },
      {
        key: '4.1',
        name: 'Customs papers',
        versionNumber: '4.1',
        kind: 'minor',
        status: 'planned',
        from: 38,
        to: 66,
        description: 'Papers for crossings to harbours outside the union.',
      },
    ],
  },
];

/** The releases that were worked on one after the other: runs and builds of a day belong to the one of that day. */
export const workedOn: readonly SampleRelease[] = releases
  .flatMap(withChildren)
  .filter((release) => !release.children && release.status !== 'planned');

function withChildren(release: SampleRelease): SampleRelease[] {
  return [release, ...(release.children ?? []).flatMap(withChildren)];
}
