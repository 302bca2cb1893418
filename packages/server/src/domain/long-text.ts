/**
 * From this length on, a text of a run is stored apart from it, once for all runs of the product that brought it. About
 * where PostgreSQL begins to move values out of the row; shorter texts are cheaper to store again than to look up.
 */
const LONG_LENGTH = 2_000;

/** Returns whether a text of a run is stored apart from it. */
export function isLongText(text: string | null | undefined): text is string {
  return text !== null && text !== undefined && text.length >= LONG_LENGTH;
}

/** A JSON value of fewer bytes holds no long text. */
export const LEAST_LONG_TEXT_BYTES = LONG_LENGTH;
