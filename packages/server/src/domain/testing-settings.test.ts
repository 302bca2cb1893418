import { expect, test } from 'vitest';
import { testingSettings } from './testing-settings.ts';

test('DU-4, TC-4: without stored settings durations are recorded and passing unassigns', () => {
  expect(testingSettings({})).toEqual({
    disableActualDuration: false,
    passingUnassignsCase: true,
    completingUnassignsSet: true,
  });
  expect(testingSettings(null)).toEqual(testingSettings({}));
});

test('a stored setting counts, a value of another kind does not', () => {
  const stored = { disableActualDuration: true, passingUnassignsCase: 'no' };
  expect(testingSettings(stored)).toMatchObject({ disableActualDuration: true, passingUnassignsCase: true });
});
