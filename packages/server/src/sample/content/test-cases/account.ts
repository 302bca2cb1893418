import type { SampleFolder } from '../test-case.ts';

export const account: SampleFolder = {
  name: 'Account and messages',
  description: 'Signing in, the address book, what is sent to travellers.',
  runner: 'Playwright',
  cases: [
    {
      key: 'sign-in',
      name: 'Sign in',
      kind: 'functional',
      priority: 1,
      minutes: 3,
      script: 'account/sign-in.spec.ts > signs in and remembers the page',
      parameters: { login: 'traveller@harbour.example' },
      steps: [
        ['Press "Sign in" and enter ${login} with the test password', 'The page that was open before is shown again'],
        ['Look at the corner of the page', 'It shows the name that belongs to ${login}'],
        ['Reload the page', 'The traveller is still signed in'],
      ],
    },
    {
      key: 'sign-in-limit',
      name: 'Signing in is slowed down after five wrong passwords',
      kind: 'security',
      priority: 1,
      minutes: 6,
      script: 'account/sign-in.spec.ts > slows down after five failures',
      steps: [
        ['Enter a wrong password five times', 'The answer is the same for known and unknown addresses'],
        ['Enter the right password at once', 'The page asks to wait a minute'],
        ['Wait and enter it again', 'The traveller is signed in'],
      ],
    },
    {
      key: 'reset-password',
      name: 'Reset a forgotten password',
      kind: 'security',
      priority: 2,
      minutes: 6,
      script: 'account/reset.spec.ts > sends a link that works once',
      steps: [
        ['Ask for a new password', 'The page does not say whether the address is known'],
        ['Open the link in the e-mail', 'A new password can be set'],
        ['Open the link a second time', 'The link is no longer valid'],
        ['Sign in with the old password', 'It is refused'],
      ],
    },
    {
      key: 'address-book',
      name: 'Keep travellers in the address book',
      kind: 'functional',
      priority: 3,
      minutes: 5,
      script: 'account/address-book.spec.ts > offers known travellers',
      steps: [
        ['Save a traveller during a booking', 'The traveller is in the address book'],
        ['Book again', 'The traveller is offered by name'],
        ['Delete the traveller', 'Old bookings keep the name'],
      ],
    },
    {
      key: 'delete-account',
      name: 'Delete an account and what is known of it',
      kind: 'security',
      priority: 2,
      minutes: 9,
      steps: [
        ['Ask for the deletion of an account with a booking ahead', 'The page says that it happens after the journey'],
        ['Ask for it without a booking ahead', 'The account is gone at once'],
        ['Look for the e-mail address at the service desk', 'Only anonymous bookings are found'],
      ],
    },
    {
      key: 'newsletter',
      name: 'Messages respect what the traveller chose',
      kind: 'functional',
      priority: 4,
      minutes: 4,
      script: 'account/messages.spec.ts > sends offers only to those who want them',
      steps: [
        ['Switch offers off', 'The choice is saved without a further question'],
        ['Send the weekly offer to the test list', 'The traveller gets none'],
        ['Enter a delay for a crossing of the traveller', 'The message is sent all the same'],
      ],
    },
  ],
};
