import { equalLongTexts } from './big/equal-texts.ts';
import { hugeTraceStoredAndRead } from './big/huge-trace.ts';
import { manyRunsInOneCall } from './big/many-runs.ts';
import { peakMemoryOfLargeCalls } from './big/peak-memory.ts';
import type { Suite } from './suite.ts';

export const big: Suite = {
  name: 'big',
  shows: 'what very large calls and texts take: memory of the server, time, and space on disk',
  run: async (bench) => {
    bench.report.usesPostgres((await bench.postgres.embedded()).version);
    await peakMemoryOfLargeCalls(bench);
    await hugeTraceStoredAndRead(bench);
    await manyRunsInOneCall(bench);
    await equalLongTexts(bench);
  },
};
