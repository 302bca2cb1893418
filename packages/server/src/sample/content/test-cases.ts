import type { SampleCase, SampleFolder } from './test-case.ts';
import { account } from './test-cases/account.ts';
import { booking } from './test-cases/booking.ts';
import { bookingApi } from './test-cases/booking-api.ts';
import { checkIn } from './test-cases/check-in.ts';
import { devices } from './test-cases/devices.ts';
import { payment } from './test-cases/payment.ts';
import { search } from './test-cases/search.ts';
import { serviceDesk } from './test-cases/service-desk.ts';

/** The folders at the top, in the order in which they are made. */
export const folders: readonly SampleFolder[] = [
  search,
  booking,
  payment,
  checkIn,
  account,
  serviceDesk,
  bookingApi,
  devices,
];

/** A test case and what runs its script. */
export interface PlacedCase extends SampleCase {
  runner: SampleFolder['runner'];
}

const casesIn = (folder: SampleFolder): PlacedCase[] => [
  ...folder.cases.map((testCase) => ({ ...testCase, runner: folder.runner })),
  ...(folder.folders ?? []).flatMap(casesIn),
];

/** Every test case, folder by folder. */
export const testCases: readonly PlacedCase[] = folders.flatMap(casesIn);
