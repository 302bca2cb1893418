import { describe, expect, test } from 'vitest';
import {
  type CaseStep,
  expandedSteps,
  type GivenValue,
  ownParameterValues,
  type StepLibrary,
} from './step-expansion.ts';

let nextStepId = 1;
const step = (testCaseId: number, description: string, linkedTestCaseId: number | null = null): CaseStep => {
  const testStepId = nextStepId++;
  return { testStepId, testCaseId, linkedTestCaseId, description, expectedResult: null, sampleData: null };
};

function library(
  steps: CaseStep[],
  { passed = [], defaults = [] }: { passed?: [CaseStep, object][]; defaults?: [number, object][] } = {},
): StepLibrary {
  return {
    steps: Map.groupBy(steps, (one) => one.testCaseId),
    passedValues: new Map(passed.map(([link, values]) => [link.testStepId, new Map(Object.entries(values))])),
    defaults: new Map(defaults.map(([testCaseId, values]) => [testCaseId, new Map(Object.entries(values))])),
  };
}

const given = (testCaseId: number, name: string, value: string): GivenValue => ({
  testCaseId,
  testCaseParameterId: 1,
  name,
  value,
});

const texts = (testCaseId: number, of: StepLibrary, sources: GivenValue[][] = []) =>
  expandedSteps(testCaseId, of, sources)?.map((one) => `${one.testCaseId}: ${one.description}`);

describe('linked steps', () => {
  test('SP-2: a linked case is expanded in place, recursively, and its steps keep their case', () => {
    const steps = [step(1, 'open'), step(1, 'link', 2), step(1, 'close'), step(2, 'log in'), step(2, 'link', 3)];
    const all = library([...steps, step(3, 'look')]);
    expect(texts(1, all)).toEqual(['1: open', '2: log in', '3: look', '1: close']);
  });

  test('SP-2: the same case may be linked twice', () => {
    expect(texts(1, library([step(1, 'a', 2), step(1, 'b', 2), step(2, 'x')]))).toEqual(['2: x', '2: x']);
  });

  test('SP-3: a cycle, a deleted case and a case without steps contribute nothing', () => {
    expect(texts(1, library([step(1, 'a'), step(1, 'b', 2), step(2, 'c', 1), step(2, 'd')]))).toEqual(['1: a', '2: d']);
    expect(texts(1, library([step(1, 'self', 1), step(1, 'gone', 9), step(1, 'a')]))).toEqual(['1: a']);
  });

  test('links that double at every level are given up instead of filling the memory', () => {
    const levels = Array.from({ length: 40 }, (_, level) => [step(level, 'a', level + 1), step(level, 'b', level + 1)]);
    expect(expandedSteps(0, library(levels.flat()), [])).toBeUndefined();
  });
});

test('links without end, and values that double at every level, are given up, too', () => {
  const chain = Array.from({ length: 200 }, (_, level) => step(level, 'a', level + 1));
  expect(expandedSteps(0, library([...chain, step(200, 'end')]), [])).toBeUndefined();
  const links = chain.slice(0, 60);
  const passed = links.map((link): [CaseStep, object] => [link, { a: '${a}${a}' }]);
  expect(expandedSteps(0, library([...links, step(60, '${a}')], { passed }), [])).toHaveLength(1);
});

describe('parameters (SP-5, first hit wins)', () => {
  const link = step(1, 'link', 2);
  const inner = step(2, 'go to ${Url}');

  test('SP-4: tokens are replaced in description, expected result and sample data', () => {
    const one = { ...step(1, '${a}'), expectedResult: 'see ${a}', sampleData: '${ A }/${b}' };
    const [filled] = expandedSteps(1, library([one], { defaults: [[1, { a: 'x' }]] }), []) ?? [];
    expect(filled).toMatchObject({ description: 'x', expectedResult: 'see x', sampleData: 'x/${b}' });
  });

  test('the nearest linking step wins over everything', () => {
    const all = library([link, inner], { passed: [[link, { url: 'passed' }]], defaults: [[2, { url: 'default' }]] });
    expect(texts(1, all, [[given(2, 'url', 'outside')]])).toEqual(['2: go to passed']);
  });

  test('of two links on the way the nearer one wins, and the farther one still counts', () => {
    const outer = step(1, 'link', 2);
    const nearer = step(2, 'link', 3);
    const leaf = step(3, '${a} ${b}');
    const passed: [CaseStep, object][] = [
      [outer, { a: 'far', b: 'far' }],
      [nearer, { a: 'near' }],
    ];
    expect(texts(1, library([outer, nearer, leaf], { passed }))).toEqual(['3: near far']);
  });

  test('what a link passes may hold tokens of the case that holds the link', () => {
    const all = library([link, inner], { passed: [[link, { url: '${host}/in' }]], defaults: [[1, { host: 'h' }]] });
    expect(texts(1, all)).toEqual(['2: go to h/in']);
  });

  test('values from outside count in their order, before the default', () => {
    const all = library([inner], { defaults: [[2, { url: 'default' }]] });
    expect(texts(2, all, [[], [given(2, 'URL', 'row')], [given(2, 'url', 'set')]])).toEqual(['2: go to row']);
    expect(texts(2, all, [[], [], []])).toEqual(['2: go to default']);
  });

  test('within a source the value for the step’s own case comes first', () => {
    const source = [given(7, 'url', 'other'), given(1, 'url', 'linking'), given(2, 'url', 'own')];
    expect(texts(1, library([link, inner]), [source])).toEqual(['2: go to own']);
    expect(texts(1, library([link, inner]), [source.slice(0, 2)])).toEqual(['2: go to linking']);
    expect(texts(1, library([link, inner]), [source.slice(0, 1)])).toEqual(['2: go to other']);
  });

  test('the default of the linking case serves where the linked one declares none; else the token stays', () => {
    expect(texts(1, library([link, inner], { defaults: [[1, { url: 'outer' }]] }))).toEqual(['2: go to outer']);
    expect(texts(1, library([link, inner]))).toEqual(['2: go to ${Url}']);
  });

  test('the parameters of a case get the value from outside, else their default', () => {
    const declared = [
      { testCaseParameterId: 5, name: 'url', defaultValue: 'default' },
      { testCaseParameterId: 6, name: 'user', defaultValue: null },
    ];
    expect(ownParameterValues(declared, 2, [[given(2, 'user', 'fred')]])).toEqual([
      { testCaseParameterId: 5, name: 'url', value: 'default' },
      { testCaseParameterId: 6, name: 'user', value: 'fred' },
    ]);
  });
});
