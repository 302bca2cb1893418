import type { ErrorCode, Issue } from '../../domain/errors.ts';
import { plainInstant } from './instant.ts';

/** Where decoding stands in the body, and where it reports what is wrong. */
export class Decoding {
  readonly issues: Issue[];
  private readonly index: number | undefined;
  private readonly above: Decoding | undefined;
  private readonly step: string;

  constructor(issues: Issue[] = [], index?: number, above?: Decoding, step = '') {
    this.issues = issues;
    this.index = index;
    this.above = above;
    this.step = step;
  }

  /** Returns the decoding of a member or list item below this place. */
  at(step: string): Decoding {
    return new Decoding(this.issues, this.index, this, step);
  }

  /** Returns the decoding of an item of the list that was sent. */
  item(index: number): Decoding {
    return new Decoding(this.issues, index);
  }

  /** Returns whether something is known to be wrong with the value at this very place. */
  isReported(): boolean {
    return (
      this.issues.length > 0 && this.issues.some((issue) => issue.field === this.path && issue.index === this.index)
    );
  }

  report(code: ErrorCode, message: string): void {
    this.issues.push({ code, field: this.path, message, ...(this.index === undefined ? {} : { index: this.index }) });
  }

  /** The members on the way to this place. Put together for reports only: most values have nothing to report. */
  private get path(): string {
    const above = this.above?.path ?? '';
    return above === '' || this.step.startsWith('[') ? above + this.step : `${above}.${this.step}`;
  }
}

/** The largest id any table can hold; an id beyond it exists nowhere, and so it stands for every such id. */
export const LARGEST_ID = 2_147_483_647;

const shown = (raw: unknown): string => {
  const shownText = JSON.stringify(raw) ?? String(raw);
  return shownText.length > 60 ? `${shownText.slice(0, 57)}...` : shownText;
};

/** Returns the number a JSON value stands for: `20`, `20.0`, `"20"`; missing for null and empty text. */
function numberOf(raw: unknown, decoding: Decoding, what: string): number | null | undefined {
  if (raw === undefined || raw === '') return undefined;
  if (raw === null) return null;
  if (typeof raw === 'number' && Number.isFinite(raw)) return raw;
  if (typeof raw === 'string' && /^\s*[+-]?\d+(\.\d+)?\s*$/.test(raw)) return Number(raw);
  decoding.report('invalid', `${shown(raw)} is not ${what}`);
  return undefined;
}

/** A whole number that fits 32 bits; minutes, counts, positions and values of tables. */
export function decodeInteger(raw: unknown, decoding: Decoding): number | null | undefined {
  const value = numberOf(raw, decoding, 'a whole number');
  if (value === null || value === undefined) return value;
  if (!Number.isInteger(value) || Math.abs(value) > LARGEST_ID) {
    decoding.report('invalid', `${shown(raw)} is not a whole number between -${LARGEST_ID} and ${LARGEST_ID}`);
    return undefined;
  }
  return value;
}

/**
 * The id of another thing: 0 and below mean none and decode to null; an id beyond 32 bits decodes to one that no
 * table holds, so that it is reported as not existing (rest-v7 5.3).
 */
export function decodeReference(raw: unknown, decoding: Decoding): number | null | undefined {
  const value = numberOf(raw, decoding, 'an id (a whole number)');
  if (value === null || value === undefined) return value;
  if (!Number.isInteger(value)) {
    decoding.report('invalid', `${shown(raw)} is not an id (a whole number)`);
    return undefined;
  }
  return value <= 0 ? null : Math.min(value, LARGEST_ID);
}

export function decodeDecimal(raw: unknown, decoding: Decoding): number | null | undefined {
  const value = numberOf(raw, decoding, 'a number');
  if (typeof value === 'number' && Math.abs(value) > 1e12) {
    decoding.report('invalid', `${shown(raw)} is too large a number`);
    return undefined;
  }
  return value;
}

export function decodeBoolean(raw: unknown, decoding: Decoding): boolean | null | undefined {
  if (raw === undefined || raw === '') return undefined;
  if (raw === null || typeof raw === 'boolean') return raw;
  if (raw === 1 || raw === '1' || (typeof raw === 'string' && raw.toLowerCase() === 'true')) return true;
  if (raw === 0 || raw === '0' || (typeof raw === 'string' && raw.toLowerCase() === 'false')) return false;
  decoding.report('invalid', `${shown(raw)} is neither true nor false`);
  return undefined;
}

// Tab, line feed and carriage return stay; the other C0 characters are illegal in XML and in PostgreSQL texts (NUL).
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are dropped.
const unwanted = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g;

/** A text; an object or list sent in its place is kept as its JSON text (rest-v7 5.3). */
export function decodeText(raw: unknown, _decoding: Decoding, maxLength?: number): string | null | undefined {
  if (raw === undefined || raw === null) return raw;
  const whole = typeof raw === 'string' ? raw : typeof raw === 'object' ? JSON.stringify(raw) : String(raw);
  const clean = unwanted.test(whole) ? whole.replace(unwanted, '') : whole;
  unwanted.lastIndex = 0;
  return maxLength !== undefined && clean.length > maxLength ? clean.slice(0, maxLength) : clean;
}

const wcfDate = /^\/Date\((-?\d+)([+-][\d.:]+)?\)\/$/;
const isoDate = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * Returns the instant a date text means, undefined when it is none. WCF offsets only say how the sender shows the
 * instant and do not shift it; ISO without a zone means UTC; digits finer than milliseconds are cut off (rest-v7 5.1).
 */
export function parseDate(text: string): Date | undefined {
  const plain = plainInstant(text);
  if (plain) return validDate(plain);
  const wcf = wcfDate.exec(text);
  if (wcf) return validDate(new Date(Number(wcf[1])));
  const iso = isoDate.exec(text.trim());
  if (!iso) return undefined;
  const [, day, minutes = '00:00', seconds = '00', fraction = '', zone = 'Z'] = iso;
  const offset =
    zone.toUpperCase() === 'Z' || zone.includes(':') ? zone.toUpperCase() : `${zone.slice(0, 3)}:${zone.slice(3)}`;
  const milliseconds = fraction.padEnd(3, '0').slice(0, 3);
  const parsed = new Date(`${day}T${minutes}:${seconds}.${milliseconds}${offset}`);
  // Date.parse accepts the 30th of February; a day that comes back changed was none.
  const inZone = validDate(parsed);
  return inZone && new Date(`${day}T00:00:00Z`).toISOString().startsWith(day ?? '') ? inZone : undefined;
}

/** Instants that PostgreSQL and JSON both hold: years 1 to 9999. */
function validDate(parsed: Date): Date | undefined {
  const time = parsed.getTime();
  return time >= -62_135_596_800_000 && time <= 253_402_300_799_999 ? parsed : undefined;
}

export function decodeDate(raw: unknown, decoding: Decoding): Date | null | undefined {
  if (raw === undefined || raw === '') return undefined;
  if (raw === null) return null;
  const parsed = typeof raw === 'string' ? parseDate(raw) : undefined;
  if (!parsed)
    decoding.report('invalid', `${shown(raw)} is not a date (like 2024-05-14T14:06:00.000Z or /Date(1715688000000)/)`);
  return parsed;
}

export function decodeIdList(raw: unknown, decoding: Decoding): number[] | null | undefined {
  if (raw === undefined || raw === null) return raw;
  if (!Array.isArray(raw)) {
    decoding.report('invalid', `${shown(raw)} is not a list of ids`);
    return undefined;
  }
  return raw.map((item, position) => decodeReference(item, decoding.at(`[${position}]`)) ?? LARGEST_ID);
}

/**
 * Bytes: base64 text, or a list of numbers, from 0 to 255 or signed as Java has them. Empty text is no bytes. Texts of
 * tens of megabytes come here, so a good one is decoded once and not looked at otherwise.
 */
export function decodeBinary(raw: unknown, decoding: Decoding): Uint8Array | null | undefined {
  if (raw === undefined || raw === null) return raw;
  const bytes = typeof raw === 'string' ? base64Bytes(raw) : Array.isArray(raw) ? listedBytes(raw) : undefined;
  if (!bytes) decoding.report('invalid', `${start(raw)} is neither base64 text nor a list of bytes`);
  return bytes;
}

/** Node skips what is not base64, so a text that holds such characters gives fewer bytes than its length promises. */
function base64Bytes(text: string): Uint8Array | undefined {
  const decoded = Buffer.from(text, 'base64');
  if (decoded.length === promisedBytes(text)) return decoded;
  return decoded.length === promisedBytes(text.replace(/\s+/g, '')) ? decoded : undefined;
}

function promisedBytes(base64: string): number | undefined {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  const digits = base64.length - padding;
  return digits % 4 === 1 || (padding > 0 && base64.length % 4 !== 0) ? undefined : Math.floor((digits * 3) / 4);
}

function listedBytes(list: readonly unknown[]): Uint8Array | undefined {
  const isByte = (item: unknown) => typeof item === 'number' && Number.isInteger(item) && item >= -128 && item <= 255;
  // -1 becomes 255: Uint8Array keeps the low byte.
  return list.every(isByte) ? Uint8Array.from(list as number[]) : undefined;
}

function start(raw: unknown): string {
  return typeof raw === 'string' ? shown(raw.slice(0, 60)) : Array.isArray(raw) ? shown(raw.slice(0, 20)) : shown(raw);
}
