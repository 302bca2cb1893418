import { expect, test } from 'vitest';
import { Report } from './report.ts';
import { atLeast, atMost, exactly } from './target.ts';

const full = () => new Report('ingest', { isShort: false });

test.each([
  { target: atLeast(0.7), measured: 0.7, verdict: 'met' },
  { target: atLeast(0.7), measured: 0.699, verdict: 'missed' },
  { target: atMost(500), measured: 500, verdict: 'met' },
  { target: atMost(500), measured: 501, verdict: 'missed' },
  { target: atMost(500), measured: Number.NaN, verdict: 'missed' },
  { target: exactly(0), measured: 0, verdict: 'met' },
  { target: exactly(0), measured: 1, verdict: 'missed' },
])('$measured against $target.text is $verdict', ({ target, measured, verdict }) => {
  const report = full();
  report.under('here')('figure', measured, { target });
  expect(report.figures).toMatchObject([{ where: 'here', figure: 'figure', target: target.text, verdict }]);
});

test('a figure without a target has no verdict', () => {
  const report = full();
  report.under('')('rate', 12_345.678, { unit: 'runs/s' });
  expect(report.figures).toEqual([{ where: '', figure: 'rate', measured: 12_346, unit: 'runs/s' }]);
});

test('a short run judges what may never happen, and no speed', () => {
  const report = new Report('ingest', { isShort: true });
  const add = report.under('');
  add('ratio', 0.1, { target: atLeast(0.7) });
  add('errors', 1, { target: exactly(0) });
  expect(report.figures.map(({ verdict }) => verdict)).toEqual([undefined, 'missed']);
});

test('a missed speed is told, what may never happen breaks the run', () => {
  const report = full();
  report.under('')('ratio', 0.1, { target: atLeast(0.7) });
  expect(report.isBroken).toBe(false);
  report.under('')('lost', 1, { target: exactly(0) });
  expect(report.isBroken).toBe(true);
});

test('what was counted is told in the notes, equal texts once, where the target is missed', () => {
  const report = full();
  const add = report.under('8 connections');
  add('errors', 3, { target: exactly(0), texts: ['Timeout', 'Reset', 'Reset'] });
  add('errors', 0, { target: exactly(0), texts: [] });
  expect(report.notes).toEqual(['8 connections, errors: 2 × Reset', '8 connections, errors: 1 × Timeout']);
});

test('of many different texts a few are told', () => {
  const report = full();
  const texts = Array.from({ length: 100 }, (_, number) => `Error ${number}`);
  report.under('')('errors', texts.length, { target: exactly(0), texts });
  expect(report.notes).toHaveLength(5);
});

test('small figures are shown with three significant digits', () => {
  const report = full();
  report.under('')('ratio', 0.123456);
  expect(report.figures[0]?.measured).toBe(0.123);
});
