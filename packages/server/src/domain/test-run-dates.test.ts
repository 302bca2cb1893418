import { describe, expect, test } from 'vitest';
import { automatedDates, manualDates } from './test-run-dates.ts';

const now = new Date('2024-05-14T15:00:00Z');
const before = new Date('2024-05-14T14:00:00Z');
const earlier = new Date('2024-05-14T13:00:00Z');
const later = new Date('2024-05-14T16:00:00Z');

describe('dates of an automated run', () => {
  test('AU-7: what was sent is kept, even an end before the start', () => {
    expect(automatedDates({ startDate: later, endDate: before }, now)).toEqual({ startDate: later, endDate: before });
  });

  test('AU-3: a missing start is the end', () => {
    expect(automatedDates({ startDate: null, endDate: before }, now)).toEqual({ startDate: before, endDate: before });
  });

  test('AU-3, AU-5: without any date both are the time of receipt', () => {
    expect(automatedDates({}, now)).toEqual({ startDate: now, endDate: now });
  });

  test('AU-5: a missing end is the time of receipt', () => {
    expect(automatedDates({ startDate: before }, now)).toEqual({ startDate: before, endDate: now });
  });

  test('AU-5: a missing end is the start when that is later', () => {
    expect(automatedDates({ startDate: later, endDate: null }, now)).toEqual({ startDate: later, endDate: later });
  });
});

describe('dates of a manual run (rest-v7 12.4)', () => {
  const stepStartDates = [null, before, earlier, undefined];

  test('its own end wins over the end of the call', () => {
    const dates = manualDates({ startDate: before, endDate: now, stepStartDates: [] }, later, now);
    expect(dates).toEqual({ startDate: before, endDate: now });
  });

  test('the end of the call is for runs that lack their own', () => {
    expect(manualDates({ startDate: before, stepStartDates: [] }, later, now).endDate).toBe(later);
  });

  test('ED-3: without any end the run is not completed', () => {
    expect(manualDates({ startDate: before, endDate: null, stepStartDates: [] }, null, now).endDate).toBeNull();
  });

  test('a missing start is the earliest start of a step', () => {
    expect(manualDates({ endDate: now, stepStartDates }, null, now).startDate).toBe(earlier);
  });

  test('a missing start without dates in the steps is the end, else the server time', () => {
    expect(manualDates({ endDate: before, stepStartDates: [null] }, null, now).startDate).toBe(before);
    expect(manualDates({ stepStartDates: [] }, null, now).startDate).toBe(now);
  });
});
