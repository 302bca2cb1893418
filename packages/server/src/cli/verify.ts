import type { Command } from 'commander';
import { type Difference, verifyFigures } from '../rollups/verify.ts';
import { print, withLedger, withOptions } from './command-line.ts';
import { projectIdOf } from './lookups.ts';

/** `verify`: recounts all figures and prints what differs; the exit status is 1 when something does. */
export function addVerify(program: Command): void {
  const command = program
    .command('verify')
    .description(
      'Count every figure anew and print each difference. Changes nothing; exits with 1 if something differs.',
    )
    .option('--product <id or name>', 'only this product');
  withOptions(command, 'shared').action(({ product }: { product?: string }) =>
    withLedger(command, async ({ db }) => {
      const projectIds = product === undefined ? await allProjects(db) : [await projectIdOf(db, product)];
      for (const projectId of projectIds) {
        const found = await verifyFigures(db, projectId);
        const lines = [...found.differences, ...found.orphans].map(differenceLine);
        for (const line of lines) print(`product ${projectId}: ${line}`);
        if (lines.length > 0) process.exitCode = 1;
        print(
          `product ${projectId}: ${found.runs} runs, ${found.compared} figures compared, ${found.pending} wait for a ` +
            `refresh, ${found.differences.length} differ, ${found.orphans.length} without counterpart`,
        );
      }
    }),
  );
}

async function allProjects(db: Parameters<typeof projectIdOf>[0]): Promise<number[]> {
  const rows = await db.query<{ id: number }>('select project_id as id from project order by project_id');
  return rows.map(({ id }) => id);
}

const differenceLine = ({ figure, stored, expected }: Difference): string =>
  `${figure} is ${stored ?? 'missing'} and should be ${expected ?? 'missing'}`;
