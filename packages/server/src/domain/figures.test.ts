import { expect, test } from 'vitest';
import {
  counters,
  countersOf,
  foldIntoCells,
  foldIntoSteps,
  latestFigures,
  type RunFact,
  type StructureFacts,
} from './figures.ts';

const at = (time: string) => Date.parse(`2026-02-03T${time}:00Z`);

/** The product of semantics 3.9: releases 1-5, cases 1-4, rows 1-3 of set 1, folders 1 and 2 (below 1), requirements 1-3. */
const facts: StructureFacts = {
  releases: [
    { releaseId: 1, parentReleaseId: null, releaseTypeId: 1, isDeleted: false },
    { releaseId: 2, parentReleaseId: 1, releaseTypeId: 3, isDeleted: false },
    { releaseId: 3, parentReleaseId: 1, releaseTypeId: 2, isDeleted: false },
    { releaseId: 4, parentReleaseId: 3, releaseTypeId: 3, isDeleted: false },
    { releaseId: 5, parentReleaseId: 1, releaseTypeId: 1, isDeleted: false },
  ],
  cases: [
    { testCaseId: 1, folderId: 1 },
    { testCaseId: 2, folderId: 1 },
    { testCaseId: 3, folderId: 2 },
    { testCaseId: 4, folderId: null },
  ],
  mappings: [
    [1, 1],
    [1, 2],
    [1, 3],
    [2, 1],
    [3, 2],
    [4, 2],
    [5, 3],
  ].map(([releaseId = 0, testCaseId = 0]) => ({ releaseId, testCaseId })),
  rows: [1, 2, 3].map((testSetRowId) => ({ testSetRowId, testSetId: 1, testCaseId: testSetRowId === 2 ? 2 : 1 })),
  coverage: [
    [1, 2],
    [1, 3],
    [2, 1],
    [2, 2],
  ].map(([requirementId = 0, testCaseId = 0]) => ({ requirementId, testCaseId })),
};

const run = (
  testRunId: number,
  testCaseId: number,
  releaseId: number,
  executionStatusId: number,
  time: string,
  testSetRowId: number | null = null,
): RunFact => ({
  testRunId,
  testCaseId,
  releaseId,
  testSetRowId,
  executionStatusId,
  endMs: at(time),
  actualDuration: 5,
});

const six = [
  run(1, 1, 2, 2, '10:00', 1),
  run(2, 2, 4, 1, '10:05'),
  run(3, 3, 5, 5, '10:10'),
  run(4, 1, 1, 6, '09:30'),
  run(5, 4, 1, 2, '10:20'),
  run(6, 1, 2, 1, '10:30', 3),
];

const letters = ['', 'F', 'P', 'NR', 'NA', 'B', 'C'];
const shown = (byStatus: Record<number, number> | undefined) =>
  Object.entries(byStatus ?? {})
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${letters[Number(status)]}${count}`)
    .join(' ');

function figuresOf(runs: readonly RunFact[]) {
  const latest = latestFigures(facts, foldIntoCells(new Map(), runs));
  const counted = counters(facts, latest);
  const all = (parents: Map<number, { byStatus: Record<number, number> }>) =>
    Object.fromEntries([...parents].map(([id, { byStatus }]) => [id, shown(byStatus)]));
  return {
    cases: [...latest.cases.values()].map((result) => letters[result?.executionStatusId ?? 3]).join(' '),
    releases: all(counted.releases),
    sets: all(counted.sets),
    folders: all(counted.folders),
    requirements: all(counted.requirements),
    setDate: counted.sets.get(1)?.earliestEndMs ?? null,
  };
}

test('3.9: the figures after #1 to #5', () => {
  expect(figuresOf(six.slice(0, 5))).toEqual({
    cases: 'P F B P',
    releases: { 1: 'F1 P1 NR1', 2: 'P1', 3: 'F1', 4: 'F1', 5: 'B1' },
    sets: { 1: 'P1 NR2' },
    folders: { 1: 'F1 P1', 2: 'B1' },
    requirements: { 1: 'F1 B1', 2: 'F1 P1' },
    setDate: at('10:00'),
  });
});

test('3.9: the figures after #6', () => {
  expect(figuresOf(six)).toEqual({
    cases: 'F F B P',
    releases: { 1: 'F2 NR1', 2: 'F1', 3: 'F1', 4: 'F1', 5: 'B1' },
    sets: { 1: 'F1 P1 NR1' },
    folders: { 1: 'F2', 2: 'B1' },
    requirements: { 1: 'F1 B1', 2: 'F2' },
    setDate: at('10:00'),
  });
});

test('3.9: the figures after #6 and #1 are deleted', () => {
  expect(figuresOf(six.slice(1, 5))).toEqual({
    cases: 'C F B P',
    releases: { 1: 'F1 NR1 C1', 2: 'NR1', 3: 'F1', 4: 'F1', 5: 'B1' },
    sets: { 1: 'NR3' },
    folders: { 1: 'F1 C1', 2: 'B1' },
    requirements: { 1: 'F1 B1', 2: 'F1 C1' },
    setDate: null,
  });
});

test('DL-4: runs of a deleted case count nowhere, its rows neither', () => {
  const withoutOne = { ...facts, cases: facts.cases.slice(1) };
  const latest = latestFigures(withoutOne, foldIntoCells(new Map(), six));
  const counted = counters(withoutOne, latest);
  expect(shown(counted.sets.get(1)?.byStatus)).toBe('NR1');
  expect(shown(counted.releases.get(1)?.byStatus)).toBe('F1 NR1');
  expect(counted.releases.has(2)).toBe(false);
});

test('RL-2: a deleted release has no figures', () => {
  const releases = facts.releases.map((release) => ({ ...release, isDeleted: release.releaseId === 2 }));
  const latest = latestFigures({ ...facts, releases }, foldIntoCells(new Map(), six));
  expect(latest.mappings.has('1:2')).toBe(false);
  expect(latest.mappings.get('1:1')).toMatchObject({ testRunId: 4 });
});

test('TX-3, TX-7, FO-3: a set shows its earliest latest date, a folder its newest; durations are sums', () => {
  const member = (endMs: number, actualDuration: number | null) => ({
    testRunId: 1,
    executionStatusId: 2,
    endMs,
    actualDuration,
  });
  expect(countersOf([member(300, 78), member(100, 90), undefined, member(200, 90)])).toMatchObject({
    earliestEndMs: 100,
    latestEndMs: 300,
    actualDuration: 258,
  });
  expect(countersOf([undefined, member(5, null)]).actualDuration).toBeNull();
  expect(countersOf([member(1, 2_000_000_000), member(2, 2_000_000_000)]).actualDuration).toBe(2_147_483_647);
});

test('TC-5: the latest run that contains a step decides; twice in one run, the later position', () => {
  const fact = (testRunId: number, endMs: number, position: number, executionStatusId: number) => ({
    testStepId: 1,
    testCaseId: 1,
    testRunId,
    endMs,
    position,
    executionStatusId,
    actualDuration: null,
  });
  const fold = (...results: ReturnType<typeof fact>[]) => foldIntoSteps(new Map(), results).get(1)?.executionStatusId;
  expect(fold(fact(1, 200, 1, 2), fact(2, 100, 1, 1))).toBe(2);
  expect(fold(fact(1, 100, 2, 5), fact(1, 100, 1, 2))).toBe(5);
});
