import type { Queryable } from '../storage/database.ts';
import { type RunValues, readRunValues } from '../storage/figure-facts.ts';
import {
  type BlockExtent,
  type BlockSpans,
  findBlockExtent,
  readBlockParts,
  readBlocks,
  readBlockValues,
  type StoredBlock,
  type StoredExtremes,
  type StoredValue,
} from '../storage/run-blocks.ts';
import { MOST_PLACES, type RunDimensionName, runDimensions } from '../storage/run-dimensions.ts';
import { readBlockSums, readValueTotals, type ValueTotal } from '../storage/value-totals.ts';
import type { Difference } from './verify.ts';

const dimensions = Object.entries(runDimensions) as [RunDimensionName, { id: number }][];

/** Counts the blocks of a project by itself, run by run, and returns what differs from what is stored. */
export async function verifyBlocks(
  snapshot: Queryable,
  projectId: number,
): Promise<{ differences: Difference[]; compared: number }> {
  const extent = await findBlockExtent(snapshot, projectId);
  const { span, countedBelow } = extent;
  const stored = new Map((await readBlocks(snapshot, projectId)).map((block) => [block.block, block]));
  const blockNumber = (run: RunValues | undefined) => Math.floor((run?.testRunId ?? 0) / span);
  const differences: Difference[] = [];
  let compared = 0;
  const check = async (block: StoredBlock | undefined, runs: readonly RunValues[]) => {
    if (!block) {
      differences.push({ figure: `block ${blockNumber(runs[0])}`, stored: undefined, expected: `${runs.length} runs` });
      return;
    }
    stored.delete(block.block);
    if (!block.isCurrent) return;
    const isTexts = await storedTexts(snapshot, projectId, block);
    const shouldTexts = expectedTexts(block, runs, extent);
    for (const figure of new Set([...isTexts.keys(), ...shouldTexts.keys()])) {
      compared += 1;
      const [is, should] = [isTexts.get(figure), shouldTexts.get(figure)];
      if (is !== should) differences.push({ figure: `block ${block.block} ${figure}`, stored: is, expected: should });
    }
  };
  let runs: RunValues[] = [];
  for await (const batch of readRunValues(snapshot, projectId, countedBelow * span)) {
    for (const run of batch) {
      if (runs.length > 0 && blockNumber(runs[0]) !== blockNumber(run)) {
        await check(stored.get(blockNumber(runs[0])), runs);
        runs = [];
      }
      runs.push(run);
    }
  }
  if (runs.length > 0) await check(stored.get(blockNumber(runs[0])), runs);
  for (const block of [...stored.values()]) await check(block, []);
  const totals = await verifyTotals(snapshot, projectId);
  return { differences: [...differences, ...totals.differences], compared: compared + totals.compared };
}

/** The blocks were compared with the runs; the totals have to be their sums, those of blocks that are not current too. */
async function verifyTotals(
  snapshot: Queryable,
  projectId: number,
): Promise<{ differences: Difference[]; compared: number }> {
  const textsOf = (totals: readonly ValueTotal[]) =>
    new Map(totals.map(({ dimension, value, typeId, count }) => [keyOf(dimension, value, typeId), String(count)]));
  const stored = textsOf(await readValueTotals(snapshot, projectId));
  const expected = textsOf(await readBlockSums(snapshot, projectId));
  const figures = [...new Set([...stored.keys(), ...expected.keys()])];
  const differences = figures
    .map((figure) => ({ figure: `all blocks ${figure}`, stored: stored.get(figure), expected: expected.get(figure) }))
    .filter((each) => each.stored !== each.expected);
  return { differences, compared: figures.length };
}

async function storedTexts(snapshot: Queryable, projectId: number, block: StoredBlock): Promise<Map<string, string>> {
  const texts = new Map([['runs', extremesText(block)]]);
  for (const [part, extremes] of await readBlockParts(snapshot, projectId, block.block))
    texts.set(partKey(part), extremesText(extremes));
  for (const { dimension, value, typeId, count, places, partCounts } of await readBlockValues(
    snapshot,
    projectId,
    block.block,
  )) {
    texts.set(keyOf(dimension, value, typeId), valueText(count, { places, partCounts }));
  }
  return texts;
}

function expectedTexts(
  block: StoredBlock,
  runs: readonly RunValues[],
  { span, partSpan }: BlockExtent,
): Map<string, string> {
  const placeOf = (run: RunValues) => run.testRunId - block.block * span;
  const values = new Map<string, number[]>();
  for (const run of runs) {
    for (const [name, { id }] of dimensions) {
      if (block.uncounted.includes(id)) continue;
      const key = keyOf(id, run[name], run.typeId);
      const places = values.get(key);
      if (places) places.push(placeOf(run));
      else values.set(key, [placeOf(run)]);
    }
  }
  const parts = Map.groupBy(runs, (run) => Math.floor(placeOf(run) / partSpan));
  return new Map([
    ['runs', extremesText(extremesOf(runs))],
    ...[...parts].map(([part, some]) => [partKey(part), extremesText(extremesOf(some))] as const),
    ...[...values].map(([key, places]) => {
      const found =
        places.length <= MOST_PLACES
          ? { places, partCounts: null }
          : { places: null, partCounts: partCountsOf(places, { span, partSpan }) };
      return [key, valueText(places.length, found)] as const;
    }),
  ]);
}

const partKey = (part: number) => `part ${part}`;

const keyOf = (dimension: number, value: number | string | null, typeId: number) =>
  `dimension ${dimension} type ${typeId} value ${JSON.stringify(value)}`;

function partCountsOf(places: readonly number[], { span, partSpan }: BlockSpans): number[] {
  const counts = Array.from({ length: Math.ceil(span / partSpan) }, () => 0);
  for (const place of places) counts[Math.floor(place / partSpan)]! += 1;
  return counts;
}

function valueText(count: number, { places, partCounts }: Pick<StoredValue, 'places' | 'partCounts'>): string {
  const where = [
    ...(places ? [`at ${places.toSorted((a, b) => a - b).join(' ')}`] : []),
    ...(partCounts ? [`by part ${partCounts.join(' ')}`] : []),
  ];
  return `${count} ${where.join(', ')}`;
}

const extremesText = ({ manual, automated, zones }: StoredExtremes) =>
  `${manual} manual, ${automated} automated, dates ${zones.map((zone) => zone ?? 'none').join(' ')}`;

function extremesOf(runs: readonly RunValues[]): StoredExtremes {
  const manual = runs.filter((run) => run.typeId === 1).length;
  const zones = (['startMs', 'endMs', 'stampMs'] as const).flatMap((zone) =>
    firstAndLast(runs.map((run) => run[zone])),
  );
  return { manual, automated: runs.length - manual, zones };
}

function firstAndLast(values: readonly number[]): (number | null)[] {
  if (values.length === 0) return [null, null];
  return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
}
