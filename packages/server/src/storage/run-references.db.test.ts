import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aProject, aTestCase, aTestSet, aTestSetRow, aTestStep } from '../../test/support/builders.ts';
import { testDatabase } from '../../test/support/database.ts';
import type { Transaction } from './database.ts';
import { findRunReferences, noReferences, type RunReferences } from './run-references.ts';

const db = await testDatabase();

/** A case with a step, in a row of a set. */
async function aPlan(projectId: number) {
  const testCaseId = await aTestCase(db, projectId);
  const testStepId = await aTestStep(db, projectId, { testCaseId });
  const testSetId = await aTestSet(db, projectId);
  const rowId = await aTestSetRow(db, projectId, { testSetId, testCaseId });
  return { testCaseId, testStepId, testSetId, rowId };
}

type Plan = Awaited<ReturnType<typeof aPlan>>;

const wantedOf = (plans: readonly Plan[]) => ({
  ...noReferences,
  testCaseIds: plans.map(({ testCaseId }) => testCaseId),
  testSetIds: plans.map(({ testSetId }) => testSetId),
  rowIds: plans.map(({ rowId }) => rowId),
  testStepIds: plans.map(({ testStepId }) => testStepId),
});

/** What a process with this pool finds, and what one that knows nothing yet finds at the same moment. */
const foundBoth = (projectId: number, plans: readonly Plan[]) =>
  db.transaction((transaction) => foundBothIn(transaction, projectId, plans));

async function foundBothIn(transaction: Transaction, projectId: number, plans: readonly Plan[]) {
  const wanted = wantedOf(plans);
  return {
    known: named(await findRunReferences(transaction, projectId, wanted), plans),
    fresh: named(await findRunReferences(withoutKnowledge(transaction), projectId, wanted), plans),
  };
}

/** Only transactions make use of what is known. */
const withoutKnowledge = (transaction: Transaction) => ({
  kysely: transaction.kysely,
  query: transaction.query.bind(transaction),
});

const named = ({ testCases, testSets, rows, testSteps }: RunReferences, plans: readonly Plan[]) =>
  plans.map((plan) => ({
    testCase: testCases.get(plan.testCaseId),
    testSet: testSets.get(plan.testSetId),
    row: rows.get(plan.rowId),
    testStep: testSteps.get(plan.testStepId),
  }));

type Edit = readonly [table: string, column: string, value: string];

/** Everything that is kept of what runs name, by the column that it is read from. */
const edits: readonly Edit[] = [
  ['test_case', 'guid', 'gen_random_uuid()'],
  ['test_case', 'name', `name || '!'`],
  ['test_case', 'is_deleted', 'not is_deleted'],
  ['test_case', 'estimated_duration', 'coalesce(estimated_duration, 0) + 1'],
  ['test_case', 'automation_engine_id', 'coalesce(automation_engine_id, 0) + 1'],
  ['test_case', 'automation_attachment_id', 'coalesce(automation_attachment_id, 0) + 1'],
  ['test_step', 'test_case_id', 'test_case_id + 1000000'],
  ['test_set', 'guid', 'gen_random_uuid()'],
  ['test_set', 'is_deleted', 'not is_deleted'],
  ['test_set_row', 'test_case_id', 'test_case_id + 1000000'],
  ['test_set_row', 'is_removed', 'not is_removed'],
];

const change = (transaction: Pick<Transaction, 'query'>, projectId: number, [table, column, value]: Edit) =>
  transaction.query(`update ${table} set ${column} = ${value} where project_id = $1`, [projectId]);

describe('what a process knows of the references of runs', () => {
  test.each<Edit>(edits)('%s.%s is read again when it has changed', async (...edit) => {
    const projectId = await aProject(db);
    const plans = [await aPlan(projectId)];
    const before = await foundBoth(projectId, plans);
    await change(db, projectId, edit);
    const after = await foundBoth(projectId, plans);
    expect(after.known).not.toEqual(before.known);
    expect(after.known).toEqual(after.fresh);
  });

  test('is what another finds who knows nothing, after any edits, of which some are taken back', async () => {
    const projectId = await aProject(db);
    const plans = [await aPlan(projectId), await aPlan(projectId), await aPlan(projectId)];
    const step = fc.record({
      edit: fc.constantFrom(...edits),
      isTakenBack: fc.boolean(),
      // Others may be asked for, or the same once more.
      asked: fc.subarray(plans, { minLength: 1 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        for (const { edit, isTakenBack, asked } of steps) {
          const changing = db.transaction(async (transaction) => {
            await change(transaction, projectId, edit);
            const { known, fresh } = await foundBothIn(transaction, projectId, asked);
            expect(known).toEqual(fresh);
            if (isTakenBack) throw new TakenBack();
          });
          await changing.catch((error: unknown) => {
            if (!(error instanceof TakenBack)) throw error;
          });
          const { known, fresh } = await foundBoth(projectId, asked);
          expect(known).toEqual(fresh);
        }
      }),
      { numRuns: 25 },
    );
  });

  test('is not asked for again as long as nothing has changed', async () => {
    const projectId = await aProject(db);
    const plan = await aPlan(projectId);
    await foundBoth(projectId, [plan]);
    const asked = await db.transaction(async (transaction) => {
      const values: unknown[][] = [];
      const watched: Transaction = {
        ...withoutKnowledge(transaction),
        isTransaction: true,
        knownReferences: transaction.knownReferences,
        query: (statement, more) => {
          if (typeof statement !== 'string' && statement.name === 'run-references') values.push(statement.values ?? []);
          return transaction.query(statement, more);
        },
      };
      await findRunReferences(watched, projectId, wantedOf([plan]));
      return values;
    });
    // One statement, whose lists are all empty: a list without items takes 20 bytes.
    expect(asked).toHaveLength(1);
    expect(asked[0]?.slice(1).map((list) => (list as Buffer).length)).toEqual(Array(12).fill(20));
  });

  test('stays current when something else of a case changes, so that those who edit cases do not wait for each other', async () => {
    const projectId = await aProject(db);
    await aPlan(projectId);
    const version = () => db.query('select references_version from project where project_id = $1', [projectId]);
    const before = await version();
    await db.query(`update test_case set description = 'new', owner_id = 1 where project_id = $1`, [projectId]);
    await db.query('update test_step set position = position + 1 where project_id = $1', [projectId]);
    expect(await version()).toEqual(before);
  });

  test('goes with the project', async () => {
    const projectId = await aProject(db);
    const plans = [await aPlan(projectId)];
    await foundBoth(projectId, plans);
    await db.query('delete from project where project_id = $1', [projectId]);
    const { known } = await foundBoth(projectId, plans);
    expect(known).toEqual([{ testCase: undefined, testSet: undefined, row: undefined, testStep: undefined }]);
  });
});

class TakenBack extends Error {}
