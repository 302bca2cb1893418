import { expect, test } from 'vitest';
import { wantsXml } from './media.ts';

const cases: [accept: string | undefined, contentType: string | undefined, xml: boolean][] = [
  [undefined, undefined, false],
  ['*/*', undefined, false],
  ['*/*', 'application/json', false],
  ['*/*', 'application/xml; charset=utf-8', true],
  [undefined, 'text/xml', true],
  ['application/json', 'application/xml', false],
  ['application/json; charset=utf-8', undefined, false],
  ['application/xml', undefined, true],
  ['text/xml', 'application/json', true],
  ['application/xml, application/json', undefined, false],
  ['application/xml;q=0.9, application/json;q=0.5', undefined, true],
  ['application/json;q=0.9, application/xml', undefined, true],
  ['text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2', undefined, false],
  ['text/html', 'application/xml', false],
  ['application/xml;q=0', undefined, false],
  ['application/xml;q=nonsense', undefined, true],
];

test.each(cases)('Accept %s with Content-Type %s: XML %s (rest-v7 4.1)', (accept, contentType, xml) => {
  expect(wantsXml(accept, contentType)).toBe(xml);
});
