import type { SampleFolder } from '../test-case.ts';

export const serviceDesk: SampleFolder = {
  name: 'Service desk',
  description: 'What the people at the counter and on the telephone use.',
  runner: 'Playwright',
  cases: [
    {
      key: 'find-booking',
      name: 'Find a booking by name, number or plate',
      kind: 'functional',
      priority: 1,
      minutes: 5,
      script: 'desk/find.spec.ts > finds bookings by what callers know',
      steps: [
        ['Look for a booking by its number in lower case', 'It opens at once'],
        ['Look for a family name', 'The bookings of the next 30 days come first'],
        ['Look for a number plate without blanks', 'The booking is found'],
      ],
    },
    {
      key: 'rebook-cancelled-crossing',
      name: 'Rebook everybody of a cancelled crossing',
      kind: 'scenario',
      priority: 1,
      minutes: 20,
      script: 'desk/rebook.spec.ts > moves whole bookings to ships with room',
      steps: [
        ['Cancel a crossing with 60 bookings', 'Proposals are shown by booking, families are kept together'],
        ['Accept all proposals', 'The progress is shown and can be left'],
        ['Open a booking that could not be moved', 'It is on the list of calls to make'],
        ['Compare the cars on the new crossings with the deck plan', 'No deck is overbooked'],
        ['Look at the messages', 'Every traveller got one message'],
      ],
    },
    {
      key: 'desk-rights',
      name: 'A trainee cannot refund',
      kind: 'security',
      priority: 1,
      minutes: 4,
      script: 'desk/rights.spec.ts > hides what a role may not do',
      steps: [
        ['Sign in as a trainee and open a booking', 'The button "Refund" is not shown'],
        ['Open the address of the refund page by hand', 'The page says that the right is missing'],
        ['Look at the log of the desk', 'The attempt is listed with the name of the trainee'],
      ],
    },
    {
      key: 'telephone-booking',
      name: 'Book for a caller without an e-mail address',
      kind: 'functional',
      priority: 3,
      minutes: 8,
      steps: [
        ['Make a booking without an e-mail address', 'A postal address is asked for instead'],
        ['Choose "Pay at the counter"', 'The booking is held until two hours before departure'],
        ['Print the ticket', 'The code can be scanned at the gate'],
      ],
    },
    {
      key: 'daily-report',
      name: 'The report of the day adds up',
      kind: 'regression',
      priority: 2,
      minutes: 7,
      script: 'desk/report.spec.ts > agrees with the bookings of the day',
      steps: [
        ['Open the report of yesterday', 'Sales, refunds and fees are shown by line'],
        ['Add the lines up', 'The total agrees with the bank'],
        ['Download it', 'The file has the same numbers', 'report.csv'],
      ],
    },
    {
      key: 'deck-plan',
      name: 'Plan the car deck of a ship',
      kind: 'usability',
      priority: 2,
      minutes: 12,
      isDraft: true,
      steps: [
        ['Open the deck plan of tomorrow', 'Vehicles are drawn to scale, by lane'],
        ['Drag a caravan to another lane', 'The metres left of both lanes change'],
        ['Drag it to a lane that is too low', 'The plan refuses and says why'],
      ],
    },
  ],
};
