import type { Round } from '../measure/load.ts';
import type { AddFigure } from './report.ts';
import { exactly } from './target.ts';

/** Adds how many calls of the rounds failed, which none may, and has the report say what they failed with. */
export function addErrors(add: AddFigure, rounds: readonly Pick<Round, 'errors'>[], figure = 'errors'): void {
  const texts = rounds.flatMap(({ errors }) => errors);
  add(figure, texts.length, { target: exactly(0), texts });
}
