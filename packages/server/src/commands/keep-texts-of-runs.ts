import { isLongText } from '../domain/long-text.ts';
import { keepLongTexts } from '../storage/long-texts.ts';
import type { ProjectCommand } from './context.ts';

interface Texts {
  runnerMessage?: string | null;
  runnerStackTrace?: string | null;
}

/** Returns the long texts that runs bring. */
export function* longTextsOf(runs: Iterable<Texts | undefined>): Generator<string> {
  for (const run of runs) {
    if (isLongText(run?.runnerMessage)) yield run.runnerMessage;
    if (isLongText(run?.runnerStackTrace)) yield run.runnerStackTrace;
  }
}

/** Returns whether any of the runs brings a long text. */
export function bringLongTexts(runs: Iterable<Texts | undefined>): boolean {
  return longTextsOf(runs).next().done !== true;
}

/** Of a call with many long texts, so many characters are in memory at a time. */
const MOST_CHARACTERS = 1_000_000;

/**
 * Stores the long texts of runs that are about to be recorded, so that the recording only has to refer to them. Not part
 * of it: what it stores for a recording that then fails is deleted by the nightly round after some days.
 */
export async function keepTextsOfRuns(
  { db, projectId }: Pick<ProjectCommand, 'db' | 'projectId'>,
  runs: Iterable<Texts | undefined>,
): Promise<void> {
  let texts: string[] = [];
  let characters = 0;
  for (const text of longTextsOf(runs)) {
    texts.push(text);
    characters += text.length;
    if (characters < MOST_CHARACTERS) continue;
    await keepLongTexts(db, projectId, texts);
    texts = [];
    characters = 0;
  }
  await keepLongTexts(db, projectId, texts);
}
