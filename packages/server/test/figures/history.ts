import fc from 'fast-check';
import { addTestSetRow } from '../../src/commands/add-test-set-row.ts';
import { addCoverage, removeCoverage } from '../../src/commands/change-coverage.ts';
import type { ProjectCommand } from '../../src/commands/context.ts';
import { deleteRelease } from '../../src/commands/delete-release.ts';
import { deleteTestCase, restoreTestCase } from '../../src/commands/delete-test-case.ts';
import { deleteTestCaseFolder } from '../../src/commands/delete-test-case-folder.ts';
import { deleteTestRun, restoreTestRun } from '../../src/commands/delete-test-run.ts';
import { editTestRun } from '../../src/commands/edit-test-run.ts';
import { mapTestCases, unmapTestCase } from '../../src/commands/map-test-cases.ts';
import { moveRelease } from '../../src/commands/move-release.ts';
import { moveTestCase } from '../../src/commands/move-test-case.ts';
import { recordTestRuns } from '../../src/commands/record-test-runs.ts';
import { removeTestSetRow } from '../../src/commands/remove-test-set-row.ts';
import { restoreRelease } from '../../src/commands/restore-release.ts';
import { saveManualTestRuns } from '../../src/commands/save-manual-test-runs.ts';
import { updateRelease } from '../../src/commands/update-release.ts';
import { DomainError } from '../../src/domain/errors.ts';
import type { AutomatedTestRunInput } from '../../src/domain/test-run.ts';
import type { Database } from '../../src/storage/database.ts';
import { aProduct, type ProductIds } from './product.ts';

// Random histories of commands. A step is a few numbers; what it does with them depends on what is there when it runs,
// so that every sequence is possible and shrinks well. What a command refuses is part of the history: it must not show.

export interface Step {
  kind: StepKind;
  /** Random numbers that the step picks things with. */
  dice: readonly number[];
}

const stepKinds = [
  'record',
  'bulk',
  'refusedBulk',
  'save',
  'deleteOrRestoreRun',
  'editRun',
  'moveRelease',
  'retypeRelease',
  'deleteOrRestoreRelease',
  'mapOrUnmap',
  'addRow',
  'removeRow',
  'coverOrUncover',
  'deleteOrRestoreCase',
  'moveCase',
  'deleteFolder',
] as const;
type StepKind = (typeof stepKinds)[number];

const often: readonly StepKind[] = ['record', 'bulk', 'bulk', 'save', 'mapOrUnmap', 'addRow'];

export const anyStep: fc.Arbitrary<Step> = fc.record({
  kind: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...often) },
    { weight: 5, arbitrary: fc.constantFrom(...stepKinds) },
  ),
  dice: fc.array(fc.nat(10_000), { minLength: 60, maxLength: 60 }),
});

export const anyHistory = (length: number) => fc.array(anyStep, { minLength: 1, maxLength: length });

/** Hands out the dice of a step one after the other. */
class Dice {
  private next = 0;
  private readonly values: readonly number[];
  constructor(values: readonly number[]) {
    this.values = values;
  }
  /** Returns 0 to sides - 1. */
  roll(sides: number): number {
    const value = this.values[this.next % this.values.length] ?? 0;
    this.next += 1;
    return value % sides;
  }
  /** Returns true in one of `sides` rolls. */
  chance(sides: number): boolean {
    return this.roll(sides) === 0;
  }
  pick(ids: readonly number[]): number {
    return ids[this.roll(Math.max(ids.length, 1))] ?? 0;
  }
}

/** One product on which histories are played. */
export class Product {
  readonly projectId: number;
  private readonly db: Database;
  private readonly ids: ProductIds;
  private readonly command: ProjectCommand;

  private constructor(db: Database, ids: ProductIds) {
    this.db = db;
    this.ids = ids;
    this.projectId = ids.projectId;
    this.command = {
      db,
      projectId: ids.projectId,
      actor: { userId: 1, login: 'administrator', isSystemAdmin: true },
      now: () => new Date('2026-03-02T12:00:00Z'),
      // The test refreshes, now and then; a command must not.
      figures: { afterCommit: async () => {} },
    };
  }

  static async create(db: Database): Promise<Product> {
    return new Product(db, await aProduct(db));
  }

  /** Returns ids that runs of this product may have in a field. */
  idsOf(field: 'releaseId' | 'testSetId' | 'testSetTestCaseId' | 'testCaseId'): readonly number[] {
    const { releases, sets, cases } = this.ids;
    return { releaseId: releases, testSetId: sets, testCaseId: cases, testSetTestCaseId: cases }[field];
  }

  /** Plays one step. What the command refuses, because of what other steps did, changes nothing. */
  async play(step: Step): Promise<void> {
    try {
      await this.steps[step.kind](new Dice(step.dice));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
  }

  private readonly steps: Record<StepKind, (dice: Dice) => Promise<unknown>> = {
    record: async (dice) => recordTestRuns(this.command, { runs: [await this.aRun(dice)], kind: 'runs' }),
    bulk: async (dice) =>
      recordTestRuns(this.command, { runs: await this.someRuns(dice, 1 + dice.roll(8)), kind: 'bulk' }),
    refusedBulk: async (dice) => {
      const runs = await this.someRuns(dice, 3);
      return recordTestRuns(this.command, { runs: [...runs, { ...runs[0], executionStatusId: 7 }], kind: 'bulk' });
    },
    save: async (dice) => {
      const run = await this.aRun(dice);
      const steps = run.testRunSteps?.length ? run.testRunSteps : [{ executionStatusId: 2 }];
      return saveManualTestRuns(this.command, {
        runs: [{ ...run, endDate: dice.chance(4) ? null : (run.endDate ?? null), testRunSteps: steps }],
      });
    },
    deleteOrRestoreRun: async (dice) => {
      const run = await this.anyRun(dice);
      return run?.isDeleted ? restoreTestRun(this.command, run.id) : deleteTestRun(this.command, run?.id ?? 0);
    },
    editRun: async (dice) => {
      const run = await this.anyRun(dice);
      const place = dice.chance(2)
        ? await this.placeOf(run?.caseId ?? 0, dice)
        : { testSetId: null, testSetTestCaseId: null };
      const edit = {
        releaseId: dice.chance(4) ? null : dice.pick(this.ids.releases),
        actualDuration: dice.roll(9),
        ...place,
      };
      return editTestRun(this.command, { testRunId: run?.id ?? 0, edit, stamp: run?.stamp });
    },
    moveRelease: (dice) => {
      const releaseId = dice.pick(this.ids.releases);
      const before = dice.chance(4) ? null : dice.pick(this.ids.releases);
      return moveRelease(this.command, {
        releaseId,
        to: (['indent', 'outdent', { before }] as const)[dice.roll(3)] ?? 'indent',
      });
    },
    retypeRelease: async (dice) => {
      const releaseId = dice.pick(this.ids.releases);
      const [stored] = await this.db.query<{ stamp: Date }>(
        'select concurrency_date as stamp from release where project_id = $1 and release_id = $2',
        [this.projectId, releaseId],
      );
      return updateRelease(this.command, {
        releaseId,
        releaseTypeId: 1 + dice.roll(4),
        concurrencyDate: stored?.stamp ?? null,
      });
    },
    deleteOrRestoreRelease: (dice) => {
      const change = dice.chance(2) ? deleteRelease : restoreRelease;
      return change(this.command, dice.pick(this.ids.releases));
    },
    mapOrUnmap: (dice) => {
      const [releaseId, testCaseId] = [dice.pick(this.ids.releases), dice.pick(this.ids.cases)];
      return dice.chance(3)
        ? unmapTestCase(this.command, { releaseId, testCaseId })
        : mapTestCases(this.command, { releaseId, testCaseIds: [testCaseId] });
    },
    addRow: (dice) =>
      addTestSetRow(this.command, { testSetId: dice.pick(this.ids.sets), testCaseId: dice.pick(this.ids.cases) }),
    removeRow: async (dice) => {
      const { testSetId, testSetTestCaseId } = await this.placeOf(dice.pick(this.ids.cases), dice);
      return removeTestSetRow(this.command, { testSetId: testSetId ?? 0, rowId: testSetTestCaseId ?? 0 });
    },
    coverOrUncover: (dice) => {
      const coverage = { requirementId: dice.pick(this.ids.requirements), testCaseId: dice.pick(this.ids.cases) };
      return dice.chance(3) ? removeCoverage(this.command, coverage) : addCoverage(this.command, coverage);
    },
    deleteOrRestoreCase: (dice) => {
      const change = dice.chance(2) ? deleteTestCase : restoreTestCase;
      return change(this.command, dice.pick(this.ids.cases));
    },
    moveCase: (dice) =>
      moveTestCase(this.command, {
        testCaseId: dice.pick(this.ids.cases),
        testCaseFolderId: dice.chance(4) ? null : dice.pick(this.ids.folders),
      }),
    deleteFolder: (dice) => deleteTestCaseFolder(this.command, dice.pick(this.ids.folders)),
  };

  private async someRuns(dice: Dice, count: number): Promise<AutomatedTestRunInput[]> {
    const runs: AutomatedTestRunInput[] = [];
    for (let made = 0; made < count; made += 1) runs.push(await this.aRun(dice));
    return runs;
  }

  /** Few different end dates, so that ties are common; some runs hold steps, also of other cases. */
  private async aRun(dice: Dice): Promise<AutomatedTestRunInput> {
    const testCaseId = dice.pick(this.ids.cases);
    const endDate = new Date(1_700_000_000_000 + dice.roll(12) * 60_000);
    return {
      testCaseId,
      endDate,
      startDate: new Date(endDate.getTime() - dice.roll(9) * 60_000),
      releaseId: dice.chance(4) ? null : dice.pick(this.ids.releases),
      executionStatusId: 1 + dice.roll(6),
      runnerName: 'History',
      ...(dice.chance(2) ? await this.placeOf(testCaseId, dice) : {}),
      testRunSteps: Array.from({ length: dice.roll(5) }, () => ({
        testStepId: dice.chance(4) ? null : dice.pick(this.ids.steps),
        executionStatusId: 1 + dice.roll(6),
        position: dice.roll(3),
      })),
    };
  }

  private async anyRun(dice: Dice) {
    const runs = await this.db.query<{ id: number; caseId: number; isDeleted: boolean; stamp: Date }>(
      `select test_run_id as id, test_case_id as "caseId", is_deleted as "isDeleted", concurrency_date as stamp
         from test_run where project_id = $1 order by test_run_id`,
      [this.projectId],
    );
    return runs[dice.roll(Math.max(runs.length, 1))];
  }

  /** A row of a set that holds the case, if there is one. */
  private async placeOf(testCaseId: number, dice: Dice): Promise<{ testSetId?: number; testSetTestCaseId?: number }> {
    const rows = await this.db.query<{ testSetId: number; testSetTestCaseId: number }>(
      `select test_set_id as "testSetId", test_set_row_id as "testSetTestCaseId" from test_set_row
        where project_id = $1 and test_case_id = $2 and not is_removed order by test_set_row_id`,
      [this.projectId, testCaseId],
    );
    return rows[dice.roll(Math.max(rows.length, 1))] ?? {};
  }
}
