import { expect, test } from 'vitest';
import { plain } from './program-log.ts';

function written(entry: object): string {
  const lines: string[] = [];
  plain((line) => lines.push(line)).write(JSON.stringify(entry));
  return lines.join('');
}

test('a plain line begins with time, level and message, and keeps the rest', () => {
  const entry = { level: 'info', time: '2026-03-02T12:00:00.000Z', msg: 'answered', status: 200 };
  expect(written(entry)).toBe('2026-03-02T12:00:00.000Z INFO  answered {"status":200}\n');
});

test('an error is followed by its stack', () => {
  const entry = { level: 'error', time: 't', msg: 'failed', err: { message: 'no', stack: 'Error: no\n    at x' } };
  expect(written(entry)).toBe('t ERROR failed\nError: no\n    at x\n');
});
