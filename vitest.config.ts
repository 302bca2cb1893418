import { defineConfig } from 'vitest/config';

const databaseTests = [
  'packages/*/{src,test}/**/*.db.test.ts',
  'packages/server/test/{http,spira,faults}/**/*.test.ts',
  'bench/**/*.db.test.ts',
];

// .ci/run adds the figures of several runs up.
const report = process.env['RUNLEDGER_TEST_REPORT'];

export default defineConfig({
  test: {
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    projects: [
      {
        // No I/O: milliseconds.
        test: {
          name: 'unit',
          include: [
            'packages/*/src/**/*.test.ts',
            'packages/server/test/boundaries.test.ts',
            'packages/server/test/product-scope/**/*.test.ts',
            'scripts/**/*.test.ts',
            'bench/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**', ...databaseTests],
        },
      },
      {
        // Needs PostgreSQL: an embedded one is started for the run, unless RUNLEDGER_TEST_DATABASE_URL names one.
        test: {
          name: 'database',
          include: databaseTests,
          globalSetup: ['packages/server/test/support/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
