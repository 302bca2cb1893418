import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { nullable, oneOf } from './basics.ts';
import { valueChecker } from './check-value.ts';

const schema = Type.Object(
  {
    count: Type.Optional(Type.Integer({ minimum: 1 })),
    mode: Type.Optional(nullable(oneOf(['fast', 'slow']))),
    list: Type.Optional(Type.Array(Type.Integer())),
    name: Type.String(),
  },
  { additionalProperties: false },
);
const body = valueChecker(schema, { fromText: false });
const query = valueChecker(schema, { fromText: true });

test('a value that fits is returned', () => {
  expect(body({ name: 'x', count: 2, mode: null, list: [1] })).toEqual({
    value: { name: 'x', count: 2, mode: null, list: [1] },
  });
});

test('every place that is wrong is named, with what would be allowed', () => {
  expect(body({ count: 0, mode: 'medium', list: [1, 'two'], more: true }).faults?.toSorted(byPath)).toEqual([
    { path: 'count', message: 'must be >= 1' },
    { path: 'list[1]', message: 'must be integer' },
    { path: 'mode', message: 'must be one of fast, slow' },
    { path: 'more', message: 'is not known here' },
    { path: 'name', message: 'is missing' },
  ]);
});

test('a body is taken as it is, text of a URL as what it looks like', () => {
  expect(body({ name: 'x', count: '2' }).faults).toEqual([{ path: 'count', message: 'must be integer' }]);
  expect(query({ name: 'x', count: '2' })).toEqual({ value: { name: 'x', count: 2 } });
  expect(query({ name: 'x', count: 'two' }).faults).toEqual([{ path: 'count', message: 'must be integer' }]);
});

test('a value of quite another kind is a fault of the whole', () => {
  expect(body([]).faults).toEqual([{ path: '', message: 'must be object' }]);
  expect(body(null).faults).toEqual([{ path: '', message: 'must be object' }]);
});

const byPath = (a: { path: string }, b: { path: string }) => a.path.localeCompare(b.path);
