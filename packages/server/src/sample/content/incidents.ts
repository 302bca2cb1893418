import type { PersonKey } from './people.ts';

/** An incident of the sample product, raised at the newest manual run of `at` that did not pass, if there is one. */
export interface SampleIncident {
  name: string;
  description: string;
  at: string;
  kind: keyof typeof incidentKinds;
  status: keyof typeof incidentStates;
  priority: 1 | 2 | 3 | 4;
  severity: 1 | 2 | 3 | 4;
  opener: PersonKey;
  owner?: PersonKey;
  /** Keys of the releases that it was noticed in and is mended in. */
  detectedIn: string;
  resolvedIn?: string;
  /** Days from now. */
  openedOn: number;
  closedOn?: number;
}

export const incidentKinds = { bug: 2, enhancement: 3, limitation: 6 } as const;
export const incidentStates = { new: 1, open: 2, assigned: 3, resolved: 4, closed: 5 } as const;

export const incidents: readonly SampleIncident[] = [
  {
    name: 'Telephone bookings are given back after fifteen minutes',
    description: 'The time for seats on the website is applied to bookings that are to be paid at the counter.',
    at: 'telephone-booking',
    kind: 'bug',
    status: 'closed',
    priority: 1,
    severity: 2,
    opener: 'jonas',
    owner: 'ines',
    detectedIn: '3.0-pilot',
    resolvedIn: '3.0-s1',
    openedOn: -58,
    closedOn: -45,
  },
  {
    name: 'A caravan is priced without the car',
    description: 'Only the length of the second vehicle is looked up. Found by the nightly run.',
    at: 'caravan',
    kind: 'bug',
    status: 'closed',
    priority: 1,
    severity: 1,
    opener: 'priya',
    owner: 'ines',
    detectedIn: '3.0-s1',
    resolvedIn: '3.0-s1',
    openedOn: -52,
    closedOn: -46,
  },
  {
    name: 'The rest of a voucher is lost when the booking is cancelled',
    description: 'Cancelling gives back what was paid by card, but not what was taken from the voucher.',
    at: 'voucher',
    kind: 'bug',
    status: 'closed',
    priority: 2,
    severity: 2,
    opener: 'priya',
    owner: 'ines',
    detectedIn: '3.0-s2',
    resolvedIn: '3.0-s2',
    openedOn: -41,
    closedOn: -37,
  },
  {
    name: 'Kiosk: the last button is cut off in Danish',
    description: 'The label needs two lines at the width of the kiosk.',
    at: 'kiosk',
    kind: 'bug',
    status: 'resolved',
    priority: 3,
    severity: 3,
    opener: 'jonas',
    owner: 'ines',
    detectedIn: '3.0-s2',
    resolvedIn: '4.0-s2',
    openedOn: -35,
  },
  {
    name: 'Rebooking stops at a booking with a pet cabin',
    description: 'The page of proposals stays empty from that booking on.',
    at: 'rebook-cancelled-crossing',
    kind: 'bug',
    status: 'closed',
    priority: 1,
    severity: 1,
    opener: 'jonas',
    owner: 'ines',
    detectedIn: '3.1-s1',
    resolvedIn: '4.0-s1',
    openedOn: -22,
    closedOn: -14,
  },
  {
    name: 'The list of dangerous substances is empty',
    description: 'The safety form opens before its list has arrived and does not fill it in later.',
    at: 'truck',
    kind: 'bug',
    status: 'closed',
    priority: 1,
    severity: 1,
    opener: 'priya',
    owner: 'ines',
    detectedIn: '4.0-s1',
    resolvedIn: '4.0-s1',
    openedOn: -16,
    closedOn: -8,
  },
  {
    name: 'A forwarder sees the credit of another one',
    description: 'After signing out and in with another account the old credit is shown until the page is reloaded.',
    at: 'freight-account',
    kind: 'bug',
    status: 'assigned',
    priority: 1,
    severity: 1,
    opener: 'priya',
    owner: 'ines',
    detectedIn: '4.0-s1',
    resolvedIn: '4.0-s2',
    openedOn: -11,
  },
  {
    name: 'The winter timetable begins a day late',
    description: 'The first day of the winter timetable still lists the ten crossings of summer.',
    at: 'season-change',
    kind: 'bug',
    status: 'assigned',
    priority: 1,
    severity: 2,
    opener: 'jonas',
    owner: 'ines',
    detectedIn: '4.0-s1',
    resolvedIn: '4.0-s2',
    openedOn: -9,
  },
  {
    name: 'The price of charging is shown twice',
    description: 'Once in the list of extras and once below the car. The total is right.',
    at: 'electric-car',
    kind: 'bug',
    status: 'open',
    priority: 3,
    severity: 4,
    opener: 'priya',
    detectedIn: '4.0-s1',
    openedOn: -7,
  },
  {
    name: 'No gate with the new firmware in the test harbour',
    description: 'The test of gates without a network cannot be executed until one is delivered.',
    at: 'gate-offline',
    kind: 'limitation',
    status: 'open',
    priority: 2,
    severity: 2,
    opener: 'jonas',
    owner: 'tom',
    detectedIn: '4.0-s2',
    openedOn: -4,
  },
  {
    name: 'Price in the list lacks the port fee for return crossings',
    description: 'One way it is there. The nightly run has failed since it came in.',
    at: 'price-preview',
    kind: 'bug',
    status: 'new',
    priority: 1,
    severity: 2,
    opener: 'jonas',
    detectedIn: '4.0-s2',
    openedOn: -1,
  },
  {
    name: 'Remember the last harbours of a traveller',
    description: 'Most people travel between the same two harbours.',
    at: 'harbour-suggestions',
    kind: 'enhancement',
    status: 'new',
    priority: 4,
    severity: 4,
    opener: 'mara',
    detectedIn: '4.0-s2',
    openedOn: -2,
  },
];
