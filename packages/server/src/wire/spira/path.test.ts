import { describe, expect, test } from 'vitest';
import { DomainError } from '../../domain/errors.ts';
import { PathValues, parseSpiraTarget } from './path.ts';

const inside: [target: string, segments: string[], prefix: string][] = [
  ['/Services/v7_0/RestService.svc/projects', ['projects'], ''],
  ['/services/v6_0/restservice.svc/projects/', ['projects'], ''],
  ['/SERVICES/V5_0/RESTSERVICE.SVC/Projects', ['Projects'], ''],
  ['/spira/Services/v7_0/RestService.svc/projects', ['projects'], '/spira'],
  ['/a/b/Services/v7_0/RestService.svc/projects', ['projects'], '/a/b'],
  ['//Services/v7_0/RestService.svc//test-sets', ['test-sets'], ''],
  ['/Services/v7_0/RestService.svc/test-runs/record%20', ['test-runs', 'record'], ''],
  ['/Services/v7_0/RestService.svc/projects?username=a', ['projects'], ''],
  ['/Services/v7_0/RestService.svc', [], ''],
  ['http://host:81/Spira/Services/v7_0/RestService.svc/users', ['users'], '/Spira'],
  ['/Services/v7_0/RestService.svc/a%2Fb', ['a/b'], ''],
];

describe('parseSpiraTarget', () => {
  test.each(inside)('%s lies on the Spira face', (target, segments, prefix) => {
    expect(parseSpiraTarget(target)).toMatchObject({ segments, prefix });
  });

  test.each([['/'], ['/health/live'], ['/Services/v7_0/'], ['/Services/v7_0/RestService.svcx/a'], ['*'], ['']])(
    '%s does not',
    (target) => {
      expect(parseSpiraTarget(target)).toBeUndefined();
    },
  );

  test.each([
    ['5', 5],
    ['6', 6],
    ['7', 7],
    ['4', undefined],
    ['8', undefined],
  ])('v%s_0 is version %s', (number, version) => {
    expect(parseSpiraTarget(`/Services/v${number}_0/RestService.svc/projects`)?.version).toBe(version);
  });

  test('v7_1 is no version', () => {
    expect(parseSpiraTarget('/Services/v7_1/RestService.svc/projects')?.version).toBeUndefined();
  });

  test('broken percent-encoding leaves no segments', () => {
    expect(parseSpiraTarget('/Services/v7_0/RestService.svc/%E0%A4%A/x')?.segments).toBeUndefined();
  });

  test('a target of a million slashes is taken apart at once', () => {
    const start = performance.now();
    parseSpiraTarget('/'.repeat(1_000_000));
    parseSpiraTarget('/services'.repeat(100_000));
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});

describe('PathValues', () => {
  const path = (value: string) => new PathValues(new Map([['thing_id', value]]));

  test.each([
    ['1', 1],
    ['2147483647', 2147483647],
    ['007', 7],
  ])('%s is the id %i', (text, id) => {
    expect(path(text).id('thing_id', 'Thing')).toBe(id);
  });

  test.each([['0'], ['-1'], ['null'], ['abc'], ['1.5'], ['2147483648'], ['99999999999999999999'], ['1e3'], ['+1']])(
    '%s is no id of anything (404)',
    (text) => {
      expect(() => path(text).id('thing_id', 'Thing')).toThrow(DomainError);
    },
  );

  test.each([
    ['null', undefined],
    ['NULL', undefined],
    ['0', undefined],
    ['-1', undefined],
    ['5', 5],
  ])('the optional id %s is %s', (text, id) => {
    expect(path(text).optionalId('thing_id')).toBe(id);
  });

  test('an optional id that is no number is a thing that does not exist', () => {
    expect(() => path('abc').optionalId('thing_id')).toThrow(DomainError);
  });
});
