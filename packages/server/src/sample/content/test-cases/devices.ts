import type { SampleFolder } from '../test-case.ts';

export const devices: SampleFolder = {
  name: 'Devices and accessibility',
  description: 'Telephones, screen readers, slow lines.',
  runner: 'Playwright',
  cases: [
    {
      key: 'keyboard',
      name: 'Book without a mouse',
      kind: 'usability',
      priority: 2,
      minutes: 10,
      script: 'devices/keyboard.spec.ts > reaches everything with the keyboard',
      steps: [
        ['Go through the search with Tab and Enter only', 'The focus is always visible and in reading order'],
        ['Open and close the calendar', 'Escape closes it, the focus goes back to the field'],
        ['Complete a booking', 'No step needs a mouse'],
      ],
    },
    {
      key: 'screen-reader',
      name: 'Book with a screen reader',
      kind: 'usability',
      priority: 2,
      minutes: 20,
      steps: [
        ['Search for a crossing', 'The number of crossings found is read out'],
        ['Go through the list', 'Departure, arrival and price are read as one sentence'],
        ['Leave a field of the booking page empty', 'The message is read when the field is reached'],
        ['Complete the booking', 'The booking number is read letter by letter'],
      ],
    },
    {
      key: 'small-phone',
      name: 'Book on a small telephone',
      kind: 'compatibility',
      priority: 1,
      minutes: 9,
      script: 'devices/phone.spec.ts > needs no sideways scrolling',
      steps: [
        ['Open the start page at 320 pixels', 'Nothing is cut off and nothing scrolls sideways'],
        ['Complete a booking', 'Buttons are large enough for a thumb'],
        ['Turn the telephone during payment', 'What was entered is kept'],
      ],
    },
    {
      key: 'slow-line',
      name: 'Search over a slow line',
      kind: 'performance',
      priority: 3,
      minutes: 7,
      script: 'devices/slow-line.spec.ts > shows the list within four seconds',
      steps: [
        ['Limit the line to 400 kbit/s and search', 'The list is shown within four seconds'],
        ['Interrupt the line during the search', 'The page offers to try again and keeps the input'],
        ['Look at what was loaded', 'The pictures of the ships come last'],
      ],
    },
    {
      key: 'browsers',
      name: 'The start page in the browsers that we support',
      kind: 'compatibility',
      priority: 2,
      minutes: 12,
      script: 'devices/browsers.spec.ts > looks the same in three engines',
      parameters: { browser: 'Firefox' },
      steps: [
        ['Open the start page in ${browser}', 'It looks as in the reference picture'],
        ['Search for a crossing', 'The calendar begins with the first day of the week of the country'],
        ['Print a ticket', 'The ticket fits on one page'],
      ],
    },
    {
      key: 'languages',
      name: 'Switch the language in the middle of a booking',
      kind: 'functional',
      priority: 3,
      minutes: 6,
      script: 'devices/languages.spec.ts > keeps the booking',
      steps: [
        ['Switch from English to Danish on the booking page', 'Texts change, what was entered stays'],
        ['Go on to payment', 'The bank page opens in Danish'],
        ['Open the confirmation e-mail', 'It is in Danish'],
      ],
    },
  ],
};
