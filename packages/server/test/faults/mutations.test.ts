import { expect, test } from 'vitest';
import { mutated } from './mutations.ts';

test('a key that is added to a list is one more item, whatever it is called', () => {
  const template = { method: 'POST', path: 'runs', headers: {}, json: [1, 2] };
  const { body } = mutated(template, [{ kind: 'addKey', place: 1, key: 'length', value: 'more' }]);
  expect(String(body)).toBe('[1,2,"more"]');
});
