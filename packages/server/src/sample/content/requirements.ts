/** A requirement of the sample product. */
export interface SampleRequirement {
  name: string;
  kind: keyof typeof requirementKinds;
  status: keyof typeof requirementStates;
  importance: 1 | 2 | 3 | 4;
  /** Key of the release that it is planned for. */
  release?: string;
  /** Keys of the test cases that cover it. */
  coveredBy?: readonly string[];
  children?: readonly SampleRequirement[];
}

export const requirementKinds = { feature: 2, story: 4, quality: 5 } as const;
export const requirementStates = {
  requested: 1,
  planned: 2,
  inProgress: 3,
  developed: 4,
  tested: 9,
  released: 13,
} as const;

const story = (
  name: string,
  status: SampleRequirement['status'],
  rest: Partial<Omit<SampleRequirement, 'name' | 'status'>>,
): SampleRequirement => ({ name, status, kind: 'story', importance: 2, ...rest });

const feature = (name: string, importance: 1 | 2 | 3, children: SampleRequirement[]): SampleRequirement => ({
  name,
  kind: 'feature',
  status: 'inProgress',
  importance,
  children,
});

export const requirements: readonly SampleRequirement[] = [
  feature('Travellers find their crossing', 1, [
    story('Search by harbours and day', 'released', {
      importance: 1,
      release: '3.0-pilot',
      coveredBy: ['single-crossing', 'return-crossing', 'harbour-suggestions', 'api-search'],
    }),
    story('Days without a ship offer an alternative', 'released', {
      release: '3.0-s1',
      coveredBy: ['no-crossing', 'connection'],
    }),
    story('The timetable of the day of departure holds', 'tested', { release: '4.0-s2', coveredBy: ['season-change'] }),
    story('One price from the list to the receipt', 'developed', {
      release: '4.0-s2',
      coveredBy: ['price-preview', 'currencies', 'api-prices'],
    }),
  ]),
  feature('Travellers book in one go', 1, [
    story('Book for foot passengers', 'released', {
      importance: 1,
      release: '3.0-pilot',
      coveredBy: ['book-foot-passenger', 'api-book'],
    }),
    story('Book for families with a car', 'released', {
      release: '3.0-s1',
      coveredBy: ['book-return-family', 'child-fare', 'car-by-plate', 'roof-box'],
    }),
    story('Nobody buys a seat that somebody else is paying for', 'released', {
      importance: 1,
      release: '3.0-s1',
      coveredBy: ['hold-seats', 'double-click'],
    }),
    story('Bookings can be changed and cancelled', 'released', {
      release: '3.0-s2',
      coveredBy: ['change-booking', 'cancel-booking', 'name-change', 'api-cancel'],
    }),
    story('Vouchers', 'released', { importance: 3, release: '3.0-s2', coveredBy: ['voucher'] }),
    story('Groups of more than nine', 'released', { release: '3.1-s1', coveredBy: ['group-booking'] }),
    story('Gift cards with a picture of their own', 'requested', { importance: 4 }),
  ]),
  feature('Everybody can travel', 2, [
    story('Assistance is reserved with the ticket', 'released', {
      importance: 1,
      release: '3.0-s1',
      coveredBy: ['wheelchair', 'guide-dog', 'passenger-list'],
    }),
    story('Pets', 'released', { importance: 3, release: '3.0-s2', coveredBy: ['dog'] }),
    story('Children travel with an adult', 'released', { release: '3.0-s1', coveredBy: ['unaccompanied-minor'] }),
    story('Book with keyboard and screen reader alone', 'inProgress', {
      release: '4.0',
      coveredBy: ['keyboard', 'screen-reader'],
    }),
  ]),
  feature('Money is handled once and rightly', 1, [
    story('Pay by card', 'released', {
      importance: 1,
      release: '3.0-pilot',
      coveredBy: ['card-payment', 'declined-card', 'bank-outage'],
    }),
    story('Pay by bank transfer', 'released', { release: '3.0-s1', coveredBy: ['bank-transfer'] }),
    story('Refunds in whole and in part', 'released', { release: '3.0-s2', coveredBy: ['partial-refund', 'no-show'] }),
    story('Invoices for companies', 'released', { release: '3.1-s1', coveredBy: ['invoice', 'daily-report'] }),
  ]),
  feature('The ship leaves on time', 1, [
    story('Check in at home or at the kiosk', 'released', {
      release: '3.0-pilot',
      coveredBy: ['online-check-in', 'kiosk'],
    }),
    story('Gates work without a network', 'developed', {
      importance: 1,
      release: '4.0-s2',
      coveredBy: ['gate-scan', 'gate-offline'],
    }),
    story('Travellers hear of a delay from us first', 'released', {
      release: '3.0-s2',
      coveredBy: ['delay-notice', 'newsletter', 'api-webhook'],
    }),
    story('A cancelled crossing is rebooked within the hour', 'released', {
      importance: 1,
      release: '3.1-s1',
      coveredBy: ['rebook-cancelled-crossing'],
    }),
  ]),
  feature('Freight', 1, [
    story('Book trucks and declare what they carry', 'developed', {
      importance: 1,
      release: '4.0-s1',
      coveredBy: ['truck', 'caravan'],
    }),
    story('Forwarders book on account', 'inProgress', {
      importance: 1,
      release: '4.0-s2',
      coveredBy: ['freight-account'],
    }),
    story('The weighbridge corrects weights', 'planned', { release: '4.0-s3', coveredBy: ['freight-weight'] }),
    story('Deck plans by drag and drop', 'planned', { release: '4.0-s3', coveredBy: ['deck-plan'] }),
    story('Customs papers', 'requested', { release: '4.1' }),
    story('Refrigerated trailers get a socket', 'requested', { importance: 3 }),
  ]),
  {
    name: 'Qualities that hold everywhere',
    kind: 'quality',
    status: 'inProgress',
    importance: 2,
    children: [
      story('Nobody sees what is not theirs', 'released', {
        kind: 'quality',
        importance: 1,
        coveredBy: ['sign-in-limit', 'reset-password', 'desk-rights', 'api-keys', 'delete-account'],
      }),
      story('Usable on a small telephone and a slow line', 'released', {
        kind: 'quality',
        coveredBy: ['small-phone', 'slow-line', 'browsers'],
      }),
      story('Answers within a second at the height of summer', 'planned', { kind: 'quality', release: '4.1' }),
    ],
  },
];
