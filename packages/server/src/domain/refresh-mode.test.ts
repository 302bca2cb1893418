import { expect, test } from 'vitest';
import {
  defaultServerRefresh,
  effectiveRefreshMode,
  isRefreshMode,
  isTimeZone,
  refreshPolicy,
} from './refresh-mode.ts';

test("a project without a mode of its own follows the server's (DC-5)", () => {
  const project = { mode: null, rollupsDisabled: false };
  expect(effectiveRefreshMode(defaultServerRefresh, project)).toBe('nightly');
  expect(effectiveRefreshMode({ ...defaultServerRefresh, mode: 'continuous' }, project)).toBe('continuous');
});

test("a project's own mode wins over the server's (DC-5)", () => {
  const project = { mode: 'immediate', rollupsDisabled: false } as const;
  expect(effectiveRefreshMode(defaultServerRefresh, project)).toBe('immediate');
});

test('roll-ups switched off for the server or the project win over every mode (5.9)', () => {
  const project = { mode: 'immediate', rollupsDisabled: false } as const;
  expect(effectiveRefreshMode({ ...defaultServerRefresh, rollupsDisabled: true }, project)).toBe('disabled');
  expect(effectiveRefreshMode(defaultServerRefresh, { ...project, rollupsDisabled: true })).toBe('disabled');
});

test('names are recognised, and nothing else is', () => {
  expect(['manual', 'nightly', 'continuous', 'immediate'].every(isRefreshMode)).toBe(true);
  expect([null, '', 'Nightly', 'disabled', 3].some(isRefreshMode)).toBe(false);
  expect([isTimeZone('Europe/Vienna'), isTimeZone('UTC'), isTimeZone('Mars/Base'), isTimeZone('')]).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test('only immediate takes bulk results along, only disabled refreshes nothing (BK-5, BK-8)', () => {
  const deferred = { isEnabled: true, bulkAtOnce: false, includeBulk: false };
  expect((['manual', 'nightly', 'continuous'] as const).map(refreshPolicy)).toEqual([deferred, deferred, deferred]);
  expect(refreshPolicy('immediate')).toEqual({ isEnabled: true, bulkAtOnce: true, includeBulk: true });
  expect(refreshPolicy('disabled').isEnabled).toBe(false);
});
