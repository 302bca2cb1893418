import type { Trouble } from './troubles.ts';

type Noted = Trouble['status'] | 'passed';

/** What testers wrote down at the step that did not pass, by case; one of them is taken. */
const byCase: Readonly<Record<string, readonly string[]>> = {
  truck: [
    'The safety form opens, but its list of substances is empty.',
    'After sending the form the page stays white. The booking is there when I reload.',
  ],
  'freight-account': [
    'The credit shown is that of the forwarder who was signed in before me.',
    'Three drivers were entered, the confirmation lists the first one three times.',
  ],
  'gate-offline': ['No gate with the new firmware in the test harbour this week; asked Tom.'],
  kiosk: ['Works, but the text of the last button is cut off in Danish.'],
  'electric-car': ['Correct, but the price of charging is shown twice.'],
  'season-change': ['The first day of the winter timetable still lists ten crossings.'],
  'telephone-booking': ['The booking was given back after fifteen minutes instead of being held.'],
};

const byStatus: Record<Exclude<Noted, 'passed'>, readonly string[]> = {
  failed: [
    'The page showed "Something went wrong" and nothing else.',
    'The price in the summary is 2.50 lower than in the list.',
    'Nothing happened for about a minute, then I was on the start page again.',
    'The e-mail arrived without the ticket.',
    'The old value is still shown after saving; it is right after a reload.',
    'The message is in English although Danish was chosen.',
  ],
  caution: [
    'Right, but it took about ten seconds.',
    'Works; the wording is hard to understand.',
    'Works on the second attempt.',
  ],
  blocked: ['The staging environment was being deployed.', 'No test card with this limit was left.'],
  notApplicable: ['This ship has no cabins.'],
  skipped: ['Left out today.'],
};

/** Returns what the tester wrote; `pick` is a number from 0 below 1 that chooses. */
export function actualResult(testCase: string, status: Noted, pick: number): string {
  if (status === 'passed') return '';
  const notes = byCase[testCase] ?? byStatus[status];
  return notes[Math.floor(pick * notes.length)] ?? '';
}
