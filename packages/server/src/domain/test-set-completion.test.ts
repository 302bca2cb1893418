import { describe, expect, it } from 'vitest';
import { afterCompletion, onePeriodOn } from './test-set-completion.ts';

const plannedDate = new Date('2026-01-31T08:00:00.000Z');

describe('completing a test set (semantics 3.4)', () => {
  it('clears the owner when all rows passed and the project wants it', () => {
    const set = { recurrenceId: null, plannedDate, isAllPassed: true, unassigns: true };
    expect(afterCompletion(set)).toEqual({ ownerId: null });
    expect(afterCompletion({ ...set, isAllPassed: false })).toEqual({});
    expect(afterCompletion({ ...set, unassigns: false })).toEqual({});
  });

  it('plans a recurring set one period on and starts it over, with its owner', () => {
    const set = { recurrenceId: 3, plannedDate, isAllPassed: true, unassigns: true };
    expect(afterCompletion(set)).toEqual({ testSetStatusId: 1, plannedDate: new Date('2026-02-07T08:00:00.000Z') });
    expect(afterCompletion({ ...set, plannedDate: null })).toEqual({ testSetStatusId: 1 });
  });

  it.each([
    [1, '2026-01-31T09:00:00.000Z'],
    [2, '2026-02-01T08:00:00.000Z'],
    [3, '2026-02-07T08:00:00.000Z'],
    [4, '2026-02-28T08:00:00.000Z'],
    [5, '2026-04-30T08:00:00.000Z'],
    [6, '2027-01-31T08:00:00.000Z'],
  ])('moves recurrence %i on to %s', (recurrenceId, expected) => {
    expect(onePeriodOn(plannedDate, recurrenceId).toISOString()).toBe(expected);
  });

  it('stays where no later date can be shown', () => {
    const last = new Date('9999-12-31T23:30:00.000Z');
    expect(onePeriodOn(last, 1)).toEqual(last);
  });
});
