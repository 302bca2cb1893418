import type { SampleFolder } from '../test-case.ts';

export const passengers: SampleFolder = {
  name: 'Passengers and pets',
  description: 'Who travels: ages, special needs, animals.',
  runner: 'Playwright',
  cases: [
    {
      key: 'child-fare',
      name: 'The age on the day of departure decides the fare',
      kind: 'functional',
      priority: 1,
      minutes: 6,
      script: 'passengers/age.spec.ts > reckons the age on the day of departure',
      parameters: { birthday: 'the day of departure, twelve years ago' },
      steps: [
        ['Enter a passenger born on ${birthday}', 'The adult fare is charged'],
        ['Move the birthday one day later', 'The child fare is charged'],
        ['Enter a passenger under four', 'The passenger travels free, a seat is still counted'],
      ],
    },
    {
      key: 'unaccompanied-minor',
      name: 'A child cannot travel alone',
      kind: 'functional',
      priority: 2,
      minutes: 4,
      script: 'passengers/minor.spec.ts > asks for an adult',
      steps: [
        ['Search for one child without an adult', 'The page asks for an accompanying adult'],
        ['Add an adult', 'The search goes on with both'],
        ['Take the adult out again on the booking page', 'The booking cannot be paid'],
      ],
    },
    {
      key: 'wheelchair',
      name: 'Reserve a wheelchair space',
      kind: 'acceptance',
      priority: 1,
      minutes: 8,
      steps: [
        ['Tick "I use a wheelchair" for a passenger', 'Only ships with a lift are offered'],
        ['Select a crossing', 'A space near the lift is reserved without a charge'],
        ['Confirm the booking', 'The ticket bears the sign for assistance at boarding'],
        ['Look at the crew list of the crossing', 'The passenger is listed with the kind of assistance'],
      ],
    },
    {
      key: 'dog',
      name: 'Take a dog along',
      kind: 'functional',
      priority: 3,
      minutes: 5,
      script: 'passengers/pets.spec.ts > sells one pet cabin a pet',
      steps: [
        ['Add a dog to the booking', 'Pet cabins and kennels are offered'],
        ['Choose a pet cabin', 'The number of free pet cabins goes down by one'],
        ['Add a second dog', 'The same cabin may be shared at no charge'],
      ],
    },
    {
      key: 'guide-dog',
      name: 'A guide dog travels free in any cabin',
      kind: 'functional',
      priority: 3,
      minutes: 5,
      steps: [
        ['Add a guide dog to a passenger', 'No kennel and no pet cabin is asked for'],
        ['Choose an ordinary cabin', 'The cabin can be booked'],
        ['Compare the price with a booking without the dog', 'The price is the same'],
      ],
    },
    {
      key: 'name-change',
      name: 'Correct the name of a passenger',
      kind: 'functional',
      priority: 3,
      minutes: 5,
      script: 'passengers/name.spec.ts > corrects up to three letters',
      steps: [
        ['Change three letters of a name', 'The change is taken without a charge', 'Jonson to Jansen'],
        ['Change the whole name', 'The page explains that this is a new ticket'],
        ['Send the ticket again', 'The new e-mail shows the corrected name'],
      ],
    },
  ],
};
