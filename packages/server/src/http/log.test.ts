import { expect, test } from 'vitest';
import { urlWithoutSecrets } from './log.ts';

const KEY = '7A05FD06-83C3-4436-B37F-51BCF0060483';

test.each([
  [`/a?username=fred&api-key={${KEY}}`, '/a?username=***&api-key=***'],
  [`/a?x=1&api-key=%7B${KEY}%7D&y=2`, '/a?x=1&api-key=***&y=2'],
  [`/a?API%2DKey=${KEY}`, '/a?API%2DKey=***'],
  [`/a?&token=${KEY}&`, '/a?&token=***&'],
  [`/a/{${KEY}}/b`, '/a/***/b'],
  [`/a?other=%7b${KEY}%7d`, '/a?other=***'],
  ['/a?name=x', '/a?name=x'],
  ['/a?%zz=1', '/a?%zz=1'],
  ['/a', '/a'],
])('%s is logged as %s', (url, logged) => {
  expect(urlWithoutSecrets(url)).toBe(logged);
});
