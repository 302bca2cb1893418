import { expect, test } from 'vitest';
import { closedDateAfter } from './incident-closing.ts';

const now = new Date('2026-03-02T12:00:00.000Z');
const stored = new Date('2026-02-01T00:00:00.000Z');
const sent = new Date('2026-01-01T00:00:00.000Z');

test('an incident is closed now when its status becomes a closed one, and keeps that date', () => {
  expect(closedDateAfter({ statusId: 5, sent: undefined, stored: null, now })).toEqual(now);
  expect(closedDateAfter({ statusId: 5, sent: null, stored, now })).toEqual(stored);
  expect(closedDateAfter({ statusId: 5, sent, stored, now })).toEqual(sent);
});

test.each([1, 2, 3, 8])('an incident in the open status %i has no closed date', (statusId) => {
  expect(closedDateAfter({ statusId, sent, stored, now })).toBeNull();
});
