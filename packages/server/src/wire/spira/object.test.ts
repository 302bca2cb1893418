import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boolean, constant, date, ids, integer, json, object, objects, text } from './member.ts';
import { spiraObject } from './object.ts';
import { RemoteRelease } from './objects/release.ts';
import { RemoteAutomatedTestRun } from './objects/test-run.ts';
import { Decoding } from './scalars.ts';

describe('requireMembers', () => {
  it('says one thing of a member whose value was unreadable, not also that it is missing', () => {
    const decoding = new Decoding();
    const release = { Name: 'R', ReleaseStatusId: 1, ReleaseTypeId: 1, StartDate: 'xx', EndDate: '2024-01-02' };
    RemoteRelease.requireMembers(RemoteRelease.decode(release, decoding) ?? {}, decoding);
    expect(decoding.issues).toMatchObject([{ code: 'invalid', field: 'startDate' }]);
  });

  it('looks at each item of a list by itself', () => {
    const all = new Decoding();
    const run = { ExecutionStatusId: 2, RunnerName: 'x' };
    for (const [index, item] of [{ ...run, TestCaseId: 'abc' }, run].entries()) {
      const decoding = all.item(index);
      RemoteAutomatedTestRun.requireMembers(RemoteAutomatedTestRun.decode(item, decoding) ?? {}, decoding);
    }
    expect(all.issues).toMatchObject([
      { code: 'invalid', index: 0, field: 'testCaseId' },
      { code: 'notFound', index: 1, field: 'testCaseId' },
    ]);
  });
});

describe('json', () => {
  const Inner = spiraObject('Inner', { description: 'An inner thing' }, { Label: text('A label') });
  const Thing = spiraObject(
    'Thing',
    { description: 'One member of each kind' },
    {
      Kind: constant('a "kind"', 'Always the same'),
      Number: integer('A number'),
      Label: text('A text'),
      At: date('An instant'),
      Flag: boolean('A flag'),
      List: ids('Some ids'),
      Any: json('Anything'),
      One: object(() => Inner, 'One thing'),
      Many: objects(() => Inner, 'Many things'),
    },
  );
  const label = fc.record({ label: fc.option(fc.string({ unit: 'binary' })) });
  const row = fc.record(
    {
      number: fc.option(fc.oneof(fc.integer(), fc.double(), fc.string())),
      label: fc.option(fc.string({ unit: 'binary' })),
      at: fc.option(fc.date()),
      flag: fc.option(fc.boolean()),
      list: fc.option(fc.array(fc.nat())),
      any: fc.option(fc.jsonValue()),
      one: fc.option(label),
      many: fc.option(fc.array(label)),
    },
    { requiredKeys: [] },
  );

  it('writes what encode returns, whatever the row holds', () => {
    fc.assert(
      fc.property(row, (generated) => {
        const { at, ...rest } = generated;
        const thing = at && Number.isNaN(at.getTime()) ? rest : generated;
        return Thing.json(thing) === JSON.stringify(Thing.encode(thing));
      }),
    );
  });

  it('writes halves of characters escaped, so that the answer stays UTF-8', () => {
    expect(Inner.json({ label: 'a\ud800b' })).toBe('{"Label":"a\\ud800b"}');
  });
});
