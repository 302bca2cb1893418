import fc from 'fast-check';
import { appendChange } from '../../src/changes/change-log.ts';
import type { Database, Transaction } from '../../src/storage/database.ts';
import { lockTrees } from '../../src/storage/locks.ts';

// Random histories of facts. A step is a few numbers; what it does with them depends on what is there when it runs, so
// that every sequence is valid and shrinks well.

export interface Step {
  kind: StepKind;
  /** Random numbers that the step picks things with. */
  dice: readonly number[];
  /** The transaction is rolled back at its end: nothing of it may show. */
  isRolledBack: boolean;
}

/** A product small enough that things meet often: everything below is shared by many steps. */
export const world = { cases: 9, releases: 7, sets: 3, folders: 4, requirements: 4, steps: 1 } as const;

const stepKinds = [
  'record',
  'bulk',
  'deleteOrRestoreRun',
  'editRun',
  'moveRelease',
  'deleteOrRestoreRelease',
  'mapOrUnmap',
  'addRow',
  'removeRow',
  'cover',
  'deleteOrRestoreCase',
  'moveCase',
] as const;
type StepKind = (typeof stepKinds)[number];

export const anyStep: fc.Arbitrary<Step> = fc.record({
  kind: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('record', 'bulk', 'bulk') },
    { weight: 5, arbitrary: fc.constantFrom(...stepKinds) },
  ) as fc.Arbitrary<StepKind>,
  dice: fc.array(fc.nat(10_000), { minLength: 60, maxLength: 60 }),
  isRolledBack: fc.nat(9).map((die) => die === 0),
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
}

/** One product with its own ids, on which histories are played. */
export class Product {
  readonly db: Database;
  readonly projectId: number;
  private readonly ids: Record<keyof typeof world, number[]>;

  private constructor(db: Database, projectId: number, ids: Record<keyof typeof world, number[]>) {
    this.db = db;
    this.projectId = projectId;
    this.ids = ids;
  }

  static async create(db: Database): Promise<Product> {
    return db.transaction(async (transaction) => {
      const [project] = await transaction.query<{ id: number }>(
        `insert into project (name) values ('history') returning project_id as id`,
      );
      const projectId = project?.id ?? 0;
      const insert = async (count: number, sql: string) => {
        const rows = await transaction.query<{ id: number }>(
          sql.replace('ROWS', `from generate_series(1, ${count}) i`),
          [projectId],
        );
        return rows.map((row) => row.id);
      };
      const ids = {
        folders: await insert(
          world.folders,
          `insert into test_case_folder (project_id, name) select $1, 'F' || i ROWS returning test_case_folder_id as id`,
        ),
        cases: await insert(
          world.cases,
          `insert into test_case (project_id, name, author_id) select $1, 'TC' || i, 1 ROWS returning test_case_id as id`,
        ),
        releases: await insert(
          world.releases,
          `insert into release (project_id, indent_level, name, version_number, creator_id, release_type_id, release_status_id, start_date, end_date)
           select $1, 'AA' || chr(64 + i), 'RL' || i, i, 1, 1 + i % 4, 1, now(), now() ROWS returning release_id as id`,
        ),
        sets: await insert(
          world.sets,
          `insert into test_set (project_id, name, creator_id) select $1, 'TX' || i, 1 ROWS returning test_set_id as id`,
        ),
        requirements: await insert(
          world.requirements,
          `insert into requirement (project_id, indent_level, name, author_id) select $1, 'AA' || chr(64 + i), 'RQ' || i, 1 ROWS returning requirement_id as id`,
        ),
        steps: [] as number[],
      };
      for (const testCaseId of ids.cases) {
        const steps = await transaction.query<{ id: number }>(
          `insert into test_step (project_id, test_case_id, position, description) select $1, $2, i, 'step' from generate_series(1, $3) i returning test_step_id as id`,
          [projectId, testCaseId, world.steps],
        );
        ids.steps.push(...steps.map((step) => step.id));
      }
      await appendChange(transaction, projectId, { kind: 'cases', testCaseIds: ids.cases });
      return new Product(db, projectId, ids);
    });
  }

  /** Plays one step: facts and change row in one transaction, like a command. */
  async play(step: Step): Promise<void> {
    const rolledBack = new Error('rolled back on purpose');
    try {
      await this.db.transaction(async (transaction) => {
        await this.steps[step.kind](transaction, new Dice(step.dice));
        if (step.isRolledBack) throw rolledBack;
      });
    } catch (error) {
      if (error !== rolledBack) throw error;
    }
  }

  private pick(kind: keyof typeof world, dice: Dice): number {
    const ids = this.ids[kind];
    return ids[dice.roll(ids.length)] ?? 0;
  }

  private readonly steps: Record<StepKind, (transaction: Transaction, dice: Dice) => Promise<void>> = {
    record: (transaction, dice) => this.recordRuns(transaction, dice, { count: 1, kind: 'runs' }),
    bulk: (transaction, dice) => this.recordRuns(transaction, dice, { count: 1 + dice.roll(8), kind: 'bulk' }),
    deleteOrRestoreRun: async (transaction, dice) => {
      const run = await this.anyRun(transaction, dice);
      if (!run) return;
      await transaction.query(
        'update test_run set is_deleted = not is_deleted where project_id = $1 and test_run_id = $2',
        [this.projectId, run.id],
      );
      await appendChange(transaction, this.projectId, { kind: 'edited', runIds: [run.id] });
    },
    editRun: async (transaction, dice) => {
      const run = await this.anyRun(transaction, dice);
      if (!run) return;
      const row = await this.anyRowOf(transaction, run.caseId, dice);
      await transaction.query(
        'update test_run set release_id = $3, test_set_id = $4, test_set_row_id = $5, actual_duration = $6 where project_id = $1 and test_run_id = $2',
        [
          this.projectId,
          run.id,
          dice.chance(4) ? null : this.pick('releases', dice),
          row?.set ?? null,
          row?.id ?? null,
          dice.roll(9),
        ],
      );
      await appendChange(transaction, this.projectId, { kind: 'edited', runIds: [run.id] });
    },
    moveRelease: async (transaction, dice) => {
      const tree = await this.releaseTree(transaction);
      const moved = this.pick('releases', dice);
      const parent = dice.chance(4) ? null : this.pick('releases', dice);
      const before = tree.around(moved);
      if (parent !== null && tree.below(moved).includes(parent)) return;
      await transaction.query(
        'update release set parent_release_id = $3, release_type_id = $4 where project_id = $1 and release_id = $2',
        [this.projectId, moved, parent, 1 + dice.roll(4)],
      );
      const after = (await this.releaseTree(transaction)).around(moved);
      await appendChange(transaction, this.projectId, {
        kind: 'releases',
        releaseIds: [...new Set([...before, ...after])],
      });
    },
    deleteOrRestoreRelease: async (transaction, dice) => {
      const tree = await this.releaseTree(transaction);
      const subtree = tree.below(this.pick('releases', dice));
      await transaction.query('update release set is_deleted = $3 where project_id = $1 and release_id = any ($2)', [
        this.projectId,
        subtree,
        dice.chance(2),
      ]);
      await appendChange(transaction, this.projectId, {
        kind: 'releases',
        releaseIds: [...new Set(subtree.flatMap((id) => tree.around(id)))],
      });
    },
    mapOrUnmap: async (transaction, dice) => {
      const [release, testCase] = [this.pick('releases', dice), this.pick('cases', dice)];
      const sql = dice.chance(3)
        ? 'delete from release_test_case where project_id = $1 and release_id = $2 and test_case_id = $3'
        : 'insert into release_test_case (project_id, release_id, test_case_id) values ($1, $2, $3) on conflict do nothing';
      await transaction.query(sql, [this.projectId, release, testCase]);
      await appendChange(transaction, this.projectId, { kind: 'cases', testCaseIds: [testCase] });
    },
    addRow: async (transaction, dice) => {
      const testCase = this.pick('cases', dice);
      await transaction.query(
        'insert into test_set_row (project_id, test_set_id, test_case_id, position) values ($1, $2, $3, 1)',
        [this.projectId, this.pick('sets', dice), testCase],
      );
      await appendChange(transaction, this.projectId, { kind: 'cases', testCaseIds: [testCase] });
    },
    removeRow: async (transaction, dice) => {
      const row = await this.anyRowOf(transaction, this.pick('cases', dice), dice);
      if (!row) return;
      await transaction.query(
        'update test_set_row set is_removed = true where project_id = $1 and test_set_row_id = $2',
        [this.projectId, row.id],
      );
      await appendChange(transaction, this.projectId, { kind: 'cases', testCaseIds: [row.caseId] });
    },
    cover: async (transaction, dice) => {
      const [requirement, testCase] = [this.pick('requirements', dice), this.pick('cases', dice)];
      const sql = dice.chance(3)
        ? 'delete from requirement_test_case where project_id = $1 and requirement_id = $2 and test_case_id = $3'
        : 'insert into requirement_test_case (project_id, requirement_id, test_case_id) values ($1, $2, $3) on conflict do nothing';
      await transaction.query(sql, [this.projectId, requirement, testCase]);
      await appendChange(transaction, this.projectId, { kind: 'requirements', requirementIds: [requirement] });
    },
    deleteOrRestoreCase: async (transaction, dice) => {
      const testCase = this.pick('cases', dice);
      await transaction.query(
        'update test_case set is_deleted = not is_deleted where project_id = $1 and test_case_id = $2',
        [this.projectId, testCase],
      );
      await appendChange(transaction, this.projectId, { kind: 'cases', testCaseIds: [testCase] });
    },
    moveCase: async (transaction, dice) => {
      const testCase = this.pick('cases', dice);
      const folder = dice.chance(4) ? null : this.pick('folders', dice);
      await transaction.query(
        'update test_case set test_case_folder_id = $3 where project_id = $1 and test_case_id = $2',
        [this.projectId, testCase, folder],
      );
      await appendChange(transaction, this.projectId, { kind: 'cases', testCaseIds: [testCase] });
    },
  };

  private async recordRuns(
    transaction: Transaction,
    dice: Dice,
    { count, kind }: { count: number; kind: 'runs' | 'bulk' },
  ): Promise<void> {
    const runIds: number[] = [];
    for (let i = 0; i < count; i += 1) runIds.push(await this.recordRun(transaction, dice));
    await appendChange(transaction, this.projectId, { kind, runIds });
  }

  /** Few different end dates, so that ties are common; some runs never ended; some hold steps, also of other cases. */
  private async recordRun(transaction: Transaction, dice: Dice): Promise<number> {
    const testCase = this.pick('cases', dice);
    const row = dice.chance(2) ? await this.anyRowOf(transaction, testCase, dice) : undefined;
    const end = dice.chance(8) ? null : new Date(1_700_000_000_000 + dice.roll(12) * 60_000);
    const [run] = await transaction.query<{ id: number }>(
      `insert into test_run (project_id, test_case_id, release_id, test_set_id, test_set_row_id, tester_id, test_run_type_id, name, start_date,
                             execution_status_id, end_date, actual_duration)
       values ($1, $2, $3, $4, $5, 1, 2, 'run', now(), $6, $7, $8) returning test_run_id as id`,
      [
        this.projectId,
        testCase,
        dice.chance(4) ? null : this.pick('releases', dice),
        row?.set ?? null,
        row?.id ?? null,
        1 + dice.roll(6),
        end,
        end ? dice.roll(9) : null,
      ],
    );
    const runId = run?.id ?? 0;
    for (let steps = dice.roll(5); steps > 0; steps -= 1) {
      await transaction.query(
        `insert into test_run_step (project_id, test_run_id, position, test_step_id, test_case_id, execution_status_id) values ($1, $2, $3, $4, $5, $6)`,
        [
          this.projectId,
          runId,
          dice.roll(3),
          dice.chance(4) ? null : this.pick('steps', dice),
          testCase,
          1 + dice.roll(6),
        ],
      );
    }
    return runId;
  }

  private async anyRun(transaction: Transaction, dice: Dice): Promise<{ id: number; caseId: number } | undefined> {
    const runs = await transaction.query<{ id: number; caseId: number }>(
      'select test_run_id as id, test_case_id as "caseId" from test_run where project_id = $1 order by test_run_id',
      [this.projectId],
    );
    return runs[dice.roll(Math.max(runs.length, 1))];
  }

  private async anyRowOf(transaction: Transaction, testCaseId: number, dice: Dice) {
    const rows = await transaction.query<{ id: number; set: number; caseId: number }>(
      `select test_set_row_id as id, test_set_id as set, test_case_id as "caseId" from test_set_row
        where project_id = $1 and test_case_id = $2 and not is_removed order by test_set_row_id`,
      [this.projectId, testCaseId],
    );
    return rows[dice.roll(Math.max(rows.length, 1))];
  }

  private async releaseTree(transaction: Transaction) {
    await lockTrees(transaction, this.projectId);
    const nodes = await transaction.query<{ id: number; parent: number | null }>(
      'select release_id as id, parent_release_id as parent from release where project_id = $1',
      [this.projectId],
    );
    const above = (id: number): number[] => {
      const parent = nodes.find((node) => node.id === id)?.parent ?? null;
      return parent === null ? [id] : [id, ...above(parent)];
    };
    const below = (id: number) => nodes.filter((node) => above(node.id).includes(id)).map((node) => node.id);
    return { above, below, around: (id: number) => [...above(id), ...below(id)] };
  }
}
