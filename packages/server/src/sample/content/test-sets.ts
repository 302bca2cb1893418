import type { PersonKey } from './people.ts';
import { testCases } from './test-cases.ts';

/** One row of a set: a case, perhaps with other values for its parameters. */
export type SampleRow = string | { case: string; values: Readonly<Record<string, string>> };

/** A test set of the sample product. */
export interface SampleSet {
  key: string;
  name: string;
  description: string;
  folder: 'Automated' | 'By release' | 'Manual';
  isAutomated: boolean;
  /** Not Started, In Progress or Completed. */
  status: 1 | 2 | 3;
  /** Key of the release that it is planned for. */
  release?: string;
  owner?: PersonKey;
  /** Days from now. */
  planned?: number;
  /** 2 daily, 3 weekly. */
  recurrence?: 2 | 3;
  rows: readonly SampleRow[];
}

/** `By release` lies in `Manual`. */
export const setFolders = [
  { name: 'Automated', description: 'What the CI server executes.', parent: undefined },
  { name: 'Manual', description: 'What people execute.', parent: undefined },
  { name: 'By release', description: 'One set for each sprint.', parent: 'Manual' },
] as const;

const scripted = (runners: readonly string[], lowestPriority: number): string[] =>
  testCases
    .filter(({ script, runner, priority }) => script && runners.includes(runner) && priority <= lowestPriority)
    .map((testCase) => testCase.key);

export const testSets: readonly SampleSet[] = [
  {
    key: 'nightly',
    name: 'Nightly regression',
    description: 'Every night after the build: whatever a traveller would notice at once.',
    folder: 'Automated',
    isAutomated: true,
    status: 2,
    recurrence: 2,
    rows: scripted(['Playwright', 'JUnit'], 2),
  },
  {
    key: 'api',
    name: 'API contract',
    description: 'Every night: what agencies and forwarders rely on.',
    folder: 'Automated',
    isAutomated: true,
    status: 2,
    recurrence: 2,
    rows: scripted(['pytest'], 3),
  },
  {
    key: 'weekly',
    name: 'Weekly full run',
    description: 'Saturdays: the rest as well.',
    folder: 'Automated',
    isAutomated: true,
    status: 2,
    recurrence: 3,
    rows: scripted(['Playwright', 'JUnit'], 4),
  },
  {
    key: 'smoke',
    name: 'Smoke test of a release',
    description: 'Half an hour by hand before a release goes to the harbours.',
    folder: 'Manual',
    isAutomated: false,
    status: 3,
    owner: 'jonas',
    rows: [
      'sign-in',
      { case: 'single-crossing', values: { from: 'Norhaven', to: 'Sandvik' } },
      { case: 'single-crossing', values: { from: 'Sandvik', to: 'Gamle Havn' } },
      'book-foot-passenger',
      'card-payment',
      'online-check-in',
      'kiosk',
      'gate-scan',
      'find-booking',
    ],
  },
  {
    key: 'accept-3.0',
    name: '3.0 acceptance',
    description: 'All that was promised for 3.0.',
    folder: 'By release',
    isAutomated: false,
    status: 3,
    release: '3.0-s2',
    planned: -34,
    rows: [
      'single-crossing',
      'return-crossing',
      'connection',
      'book-foot-passenger',
      'book-return-family',
      'hold-seats',
      'voucher',
      'child-fare',
      'wheelchair',
      'dog',
      'card-payment',
      'partial-refund',
      'online-check-in',
      'kiosk',
      'gate-offline',
      'delay-notice',
      'delete-account',
      'telephone-booking',
    ],
  },
  {
    key: 'accept-3.1',
    name: '3.1 group bookings',
    description: 'Groups, and what they could have broken.',
    folder: 'By release',
    isAutomated: false,
    status: 3,
    release: '3.1-s1',
    planned: -20,
    rows: [
      'group-booking',
      'book-return-family',
      'hold-seats',
      'change-booking',
      'name-change',
      'invoice',
      'passenger-list',
      'rebook-cancelled-crossing',
      'daily-report',
      'guide-dog',
    ],
  },
  {
    key: 'accept-4.0-s1',
    name: '4.0 sprint 1: trucks',
    description: 'Booking trucks, and cars beside them.',
    folder: 'By release',
    isAutomated: false,
    status: 3,
    release: '4.0-s1',
    planned: -6,
    rows: [
      'truck',
      'freight-account',
      'car-by-plate',
      'roof-box',
      'caravan',
      'electric-car',
      'deck-plan',
      'wheelchair',
    ],
  },
  {
    key: 'accept-4.0-s2',
    name: '4.0 sprint 2: on account',
    description: 'Forwarders on account; search and check-in again, because both were touched.',
    folder: 'By release',
    isAutomated: false,
    status: 2,
    release: '4.0-s2',
    owner: 'priya',
    planned: 4,
    rows: [
      'truck',
      'freight-account',
      'freight-weight',
      'single-crossing',
      'connection',
      'season-change',
      'price-preview',
      'online-check-in',
      'kiosk',
      'gate-offline',
      'delay-notice',
      'electric-car',
    ],
  },
  {
    key: 'accessibility',
    name: 'Accessibility round',
    description: 'Twice a year, with two travellers who know what they need.',
    folder: 'Manual',
    isAutomated: false,
    status: 1,
    release: '4.0',
    owner: 'priya',
    planned: 11,
    rows: ['keyboard', 'screen-reader', 'wheelchair', 'guide-dog', 'small-phone'],
  },
];
