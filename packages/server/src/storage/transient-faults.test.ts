import { expect, test } from 'vitest';
import { isTransientFault } from './transient-faults.ts';

const fault = (code: string | undefined, message = 'x', more: object = {}) =>
  Object.assign(new Error(message), code === undefined ? {} : { code }, more);

test.each(['40001', '40P01', '55P03', '53100', '53300', '57P01', '25006', '08006', 'ECONNRESET', 'EHOSTUNREACH'])(
  '%s is worth another try (DT-5)',
  (code) => {
    expect(isTransientFault(fault(code))).toBe(true);
  },
);

test.each(['23505', '42P01', '22003', '57014'])('%s is not worth another try', (code) => {
  expect(isTransientFault(fault(code))).toBe(false);
});

test('a connection lost without a code is worth another try, other errors without a code are not', () => {
  expect(isTransientFault(fault(undefined, 'Connection terminated unexpectedly'))).toBe(true);
  expect(isTransientFault(fault(undefined, 'x is not a function'))).toBe(false);
  expect(isTransientFault('Connection terminated')).toBe(false);
});

test('a missing socket is a connection fault, a missing file is not', () => {
  expect(isTransientFault(fault('ENOENT', 'x', { syscall: 'connect' }))).toBe(true);
  expect(isTransientFault(fault('ENOENT', 'x', { syscall: 'open' }))).toBe(false);
});
