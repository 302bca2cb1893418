import { DomainError } from '../../domain/errors.ts';
import { repairJson } from './json-repair.ts';

/** Deeper nesting has no use on this wire, and would exhaust the stack of whatever walks it later. */
export const DEEPEST_NESTING = 64;
/** More objects and lists than that in one body only serve to fill the memory. */
export const MOST_CONTAINERS = 1_000_000;

/**
 * Returns the value of a JSON text. What a strict reader refuses is read once more with the repairs that shipped
 * clients need (trailing commas, raw control characters inside strings); what is left is `malformed`, with the
 * position (rest-v7 5.5).
 */
export function parseLenientJson(text: string): unknown {
  refuseExcessiveNesting(text);
  try {
    return JSON.parse(text);
  } catch {
    const repaired = repairJson(text);
    if ('text' in repaired) return JSON.parse(repaired.text);
    const { line, column } = positionOf(text, repaired.offset);
    throw new DomainError(
      'malformed',
      `The body is not valid JSON: line ${line}, column ${column}: found ${shown(text, repaired.offset)}, expected ${repaired.expected}`,
    );
  }
}

/** Counts brackets outside strings before anything is built from them; one pass, no memory. */
function refuseExcessiveNesting(text: string): void {
  let depth = 0;
  let containers = 0;
  for (let offset = 0; offset < text.length; offset++) {
    const code = text.charCodeAt(offset);
    if (code === 0x22) {
      offset = endOfString(text, offset);
    } else if (code === 0x5b || code === 0x7b) {
      depth += 1;
      containers += 1;
      if (depth > DEEPEST_NESTING) throw tooDeep(text, offset);
      if (containers > MOST_CONTAINERS) {
        throw new DomainError('tooLarge', `The body holds more than ${MOST_CONTAINERS} objects and lists`);
      }
    } else if (code === 0x5d || code === 0x7d) {
      depth -= 1;
    }
  }
}

function tooDeep(text: string, offset: number): DomainError {
  const { line, column } = positionOf(text, offset);
  return new DomainError(
    'malformed',
    `The body is nested more than ${DEEPEST_NESTING} levels deep: line ${line}, column ${column}`,
  );
}

/** Returns the offset of the quote that ends the string opened at `start`, the text's length when none does. */
function endOfString(text: string, start: number): number {
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return text.length;
    let backslashes = 0;
    while (quote - 1 - backslashes > start && text.charCodeAt(quote - 1 - backslashes) === 0x5c) backslashes += 1;
    if (backslashes % 2 === 0) return quote;
    from = quote + 1;
  }
}

/** Returns line and column (characters, from 1) of an offset. */
export function positionOf(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let lineStart = 0;
  for (let end = text.indexOf('\n'); end >= 0 && end < offset; end = text.indexOf('\n', end + 1)) {
    line += 1;
    lineStart = end + 1;
  }
  return { line, column: offset - lineStart + 1 };
}

function shown(text: string, offset: number): string {
  if (offset >= text.length) return 'the end';
  const character = String.fromCodePoint(text.codePointAt(offset) ?? 0);
  return /^[\x21-\x7e]$/.test(character)
    ? character
    : `${/\p{C}|\s/u.test(character) ? 'the character' : character} U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
