import type { SampleFolder } from '../test-case.ts';
import { passengers } from './passengers.ts';
import { vehicles } from './vehicles.ts';

export const booking: SampleFolder = {
  name: 'Booking',
  description: 'From a selected crossing to a confirmed booking.',
  runner: 'Playwright',
  cases: [
    {
      key: 'book-foot-passenger',
      name: 'Book a crossing for one foot passenger',
      kind: 'acceptance',
      priority: 1,
      minutes: 9,
      script: 'booking/foot-passenger.spec.ts > books and confirms',
      steps: [
        ['Select a crossing for one adult', 'The booking page shows ship, times and price'],
        [
          'Enter name, birth date and e-mail address',
          'The fields are accepted without a warning',
          'Ada Holm, 12 May 1987',
        ],
        ['Accept the conditions of carriage', 'The button "To payment" becomes active'],
        ['Pay with the test card', 'The confirmation shows a booking number of six letters', '4000 0000 0000 0077'],
        ['Open the e-mail that arrives', 'It holds the ticket with the same booking number'],
      ],
    },
    {
      key: 'book-return-family',
      name: 'Book a return crossing for a family with a car',
      kind: 'scenario',
      priority: 1,
      minutes: 18,
      script: 'booking/family.spec.ts > books a return for four and a car',
      steps: [
        { linksTo: 'sign-in', values: { login: 'family@harbour.example' } },
        [
          'Search a return for two adults, two children and a car',
          'The children pay half, the car is priced by length',
        ],
        ['Choose an outer cabin for the way out', 'The price of the cabin is added once'],
        ['Enter the passengers from the address book', 'Names and birth dates are filled in'],
        ['Pay and open the confirmation', 'Both crossings, the cabin and the car are on one booking'],
      ],
    },
    {
      key: 'hold-seats',
      name: 'Seats are held for fifteen minutes',
      kind: 'functional',
      priority: 1,
      minutes: 17,
      script: 'booking/hold.spec.ts > gives seats back after fifteen minutes',
      steps: [
        ['Select the last two seats of a crossing', 'The page shows how long they are held'],
        ['Search for the same crossing in a second browser', 'It is shown as sold out'],
        ['Wait until the time has run out', 'The first browser says that the seats were given back'],
        ['Search again in the second browser', 'Two seats are offered'],
      ],
    },
    {
      key: 'change-booking',
      name: 'Move a booking to another day',
      kind: 'functional',
      priority: 2,
      minutes: 10,
      script: 'booking/change.spec.ts > moves a booking and charges the difference',
      steps: [
        [
          'Open a flexible booking and choose "Change"',
          'The crossings of the following days are listed with the difference',
        ],
        ['Choose a dearer crossing', 'The difference is to be paid, no change fee is added'],
        ['Pay the difference', 'The booking number stays, the ticket shows the new day'],
        ['Look for the old crossing in the sales list', 'Its seat is free again'],
      ],
    },
    {
      key: 'cancel-booking',
      name: 'Cancel a booking within the free period',
      kind: 'functional',
      priority: 2,
      minutes: 8,
      script: 'booking/cancel.spec.ts > refunds all within the free period',
      steps: [
        ['Open a booking that was made yesterday', 'The button "Cancel free of charge" is shown'],
        ['Cancel it', 'The page names the amount and the card it goes back to'],
        ['Open the booking again', 'It is marked as cancelled and cannot be changed'],
      ],
    },
    {
      key: 'group-booking',
      name: 'Book for a group of more than nine',
      kind: 'functional',
      priority: 2,
      minutes: 14,
      script: 'booking/group.spec.ts > takes a passenger list as a file',
      steps: [
        ['Search for a crossing for twelve passengers', 'The group price is shown for every crossing'],
        ['Upload a passenger list', 'Twelve names are read, a missing birth date is pointed out', 'rowing-club.csv'],
        ['Enter the missing birth date', 'The list is complete'],
        ['Choose payment by invoice', 'The booking is confirmed with a date for the payment'],
      ],
    },
    {
      key: 'voucher',
      name: 'Redeem a voucher',
      kind: 'functional',
      priority: 3,
      minutes: 6,
      script: 'booking/voucher.spec.ts > keeps the rest of a voucher',
      steps: [
        ['Enter a voucher worth more than the booking', 'Nothing is left to pay', 'HARBOUR-50'],
        ['Confirm the booking', 'The confirmation names what is left on the voucher'],
        ['Enter the same voucher for a second booking', 'Only the rest is taken off'],
      ],
    },
  ],
  folders: [passengers, vehicles],
};
