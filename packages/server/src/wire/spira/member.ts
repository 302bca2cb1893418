import type { ErrorCode } from '../../domain/errors.ts';
import { instantText } from './instant.ts';
import {
  type Decoding,
  decodeBinary,
  decodeBoolean,
  decodeDate,
  decodeDecimal,
  decodeIdList,
  decodeInteger,
  decodeReference,
  decodeText,
} from './scalars.ts';

/** How values of a member look on the wire; decides decoding, encoding, filtering and the reference page. */
export type MemberKind =
  | 'integer'
  | 'reference'
  | 'enumeration'
  | 'decimal'
  | 'text'
  | 'date'
  | 'boolean'
  | 'ids'
  | 'binary'
  | 'json'
  | 'object'
  | 'objects';

/** What a filter may ask of a member (the public reference lists the filterable fields of each object). */
export type FilterKind = 'ids' | 'range' | 'text' | 'words' | 'dates' | 'boolean' | 'overlap';

export interface MemberOptions {
  kind: MemberKind;
  description: string;
  /** The domain field; by default the wire name with a small first letter. */
  field?: string;
  /** Filled by the server, ignored on input. */
  readOnly: boolean;
  /** Must be sent on create. The code tells what a missing value is: bad input, or something that does not exist. */
  required?: ErrorCode;
  nullable: boolean;
  /** Always this value; no field stands behind it. */
  constant?: unknown;
  /** Values allowed for an enumeration. */
  table?: ReadonlyMap<number, string>;
  /** Longest text kept; the rest is cut off silently. */
  maxLength?: number;
  filter?: FilterKind;
  sortable: boolean;
  /** The object behind `object` and `objects`; late, so that objects may nest. */
  of?: () => ObjectLike;
}

/** What nesting needs to know of an object declaration (declared here to keep the two files from importing each other). */
export interface ObjectLike {
  readonly name: string;
  decode(json: unknown, decoding: Decoding): Record<string, unknown> | undefined;
  encode(row: object): Record<string, unknown>;
  /** The JSON text of what `encode` returns. */
  json(row: object): string;
  /** The members, in the order of the declaration; for XML and for naming members in messages. */
  readonly members: readonly { wireName: string; field: string; options: MemberOptions }[];
}

/**
 * One member of a wire object. Builders return a new member, so that a declaration reads as one line:
 * `OwnerId: reference('Who works on it').filter('ids')`.
 */
export class Member<Value, Field extends string | undefined = undefined, Writable extends boolean = true> {
  declare readonly valueType: Value;
  declare readonly fieldType: Field;
  declare readonly writableType: Writable;
  readonly options: MemberOptions;

  constructor(options: MemberOptions) {
    this.options = options;
  }

  private with<V = Value, F extends string | undefined = Field, W extends boolean = Writable>(
    change: Partial<MemberOptions>,
  ): Member<V, F, W> {
    return new Member<V, F, W>({ ...this.options, ...change });
  }

  /** The domain field behind the member, where it is not the wire name with a small first letter. */
  as<Name extends string>(field: Name): Member<Value, Name, Writable> {
    return this.with<Value, Name>({ field });
  }

  /** Filled by the server; a value sent is ignored. */
  readOnly(): Member<Value, Field, false> {
    return this.with<Value, Field, false>({ readOnly: true });
  }

  /** Must be sent on create. A missing required reference is a thing that does not exist: pass `notFound`. */
  required(code: ErrorCode = 'invalid'): Member<Value, Field, Writable> {
    return this.with({ required: code });
  }

  /** Never null in an answer. */
  notNull(): Member<Value, Field, Writable> {
    return this.with({ nullable: false });
  }

  filter(filter: FilterKind): Member<Value, Field, Writable> {
    return this.with({ filter });
  }

  unsortable(): Member<Value, Field, Writable> {
    return this.with({ sortable: false });
  }
}

const base = (kind: MemberKind, description: string): MemberOptions => ({
  kind,
  description,
  readOnly: false,
  nullable: true,
  sortable: true,
});

/** A whole number: minutes, counts, positions. */
export const integer = (description: string) => new Member<number>(base('integer', description));
/** The id of another thing. 0 and negative numbers mean none; ids too large for any table do not exist. */
export const reference = (description: string) => new Member<number>(base('reference', description));
/** A value of a fixed table. */
export const enumeration = (table: ReadonlyMap<number, string>, description: string) =>
  new Member<number>({ ...base('enumeration', description), table });
export const decimal = (description: string) => new Member<number>(base('decimal', description));
/** A text; by default of any length. */
export const text = (description: string, maxLength?: number) =>
  new Member<string>({ ...base('text', description), ...(maxLength === undefined ? {} : { maxLength }) });
/** An instant; UTC, milliseconds. */
export const date = (description: string) => new Member<Date>(base('date', description));
export const boolean = (description: string) => new Member<boolean>(base('boolean', description));
/** A list of ids. */
export const ids = (description: string) => new Member<number[]>({ ...base('ids', description), sortable: false });
/** Bytes: base64 text or a list of numbers. Read from bodies only. */
export const binary = (description: string) =>
  new Member<Uint8Array>({ ...base('binary', description), sortable: false });
/** Anything, kept as it is. */
export const json = (description: string) => new Member<unknown>({ ...base('json', description), sortable: false });
/** Always the same value. */
export const constant = (value: unknown, description: string) =>
  new Member<never, undefined, false>({
    ...base(typeof value === 'number' ? 'integer' : 'text', description),
    readOnly: true,
    constant: value,
    sortable: false,
  });
/** One nested object. */
export const object = <Value>(of: () => ObjectLike, description: string) =>
  new Member<Value>({ ...base('object', description), of, sortable: false });
/** A list of nested objects. */
export const objects = <Value>(of: () => ObjectLike, description: string) =>
  new Member<Value[]>({ ...base('objects', description), of, sortable: false });

/** Returns the decoder of a member: raw JSON value in, domain value out; undefined means missing. */
export function memberDecoder(options: MemberOptions): (raw: unknown, decoding: Decoding) => unknown {
  switch (options.kind) {
    case 'integer':
    case 'enumeration':
      return decodeInteger;
    case 'reference':
      return decodeReference;
    case 'decimal':
      return decodeDecimal;
    case 'text':
      return (raw, decoding) => decodeText(raw, decoding, options.maxLength);
    case 'date':
      return decodeDate;
    case 'boolean':
      return decodeBoolean;
    case 'ids':
      return decodeIdList;
    case 'binary':
      return decodeBinary;
    case 'json':
      return (raw) => raw;
    case 'object':
      return (raw, decoding) => (raw === null ? null : options.of?.().decode(raw, decoding));
    case 'objects':
      return (raw, decoding) => decodeObjects(raw, decoding, options);
  }
}

/** A bare object is taken as a list of one, as at the top of a body. */
function decodeObjects(raw: unknown, decoding: Decoding, options: MemberOptions): unknown {
  if (raw === null || raw === undefined) return raw;
  if (typeof raw !== 'object') {
    decoding.report('invalid', `a list of ${options.of?.().name} is wanted here`);
    return undefined;
  }
  const list: unknown[] = Array.isArray(raw) ? raw : [raw];
  return list.map((item, position) => options.of?.().decode(item, decoding.at(`[${position}]`)));
}

/** Returns the encoder of a member: domain value in, JSON value out. */
export function memberEncoder(options: MemberOptions): (value: unknown) => unknown {
  switch (options.kind) {
    case 'date':
      return (value) => (value instanceof Date ? instantText(value) : (value ?? null));
    case 'object':
      return (value) => (value ? options.of?.().encode(value as object) : null);
    case 'objects':
      return (value) => (Array.isArray(value) ? value.map((item) => options.of?.().encode(item)) : null);
    default:
      return (value) => value ?? null;
  }
}

/** Returns the writer of a member: domain value in, the JSON text of its encoded value out. */
export function memberWriter(options: MemberOptions): (value: unknown) => string {
  switch (options.kind) {
    case 'date':
      // An ISO text holds nothing that JSON would have to escape.
      return (value) => (value instanceof Date ? `"${instantText(value)}"` : jsonText(value));
    case 'object':
      return (value) => (value ? (options.of?.().json(value as object) ?? 'null') : 'null');
    case 'objects':
      return (value) => (Array.isArray(value) ? jsonList(value.map((item) => options.of?.().json(item))) : 'null');
    default:
      return jsonText;
  }
}

/** Returns the JSON text of a list whose items are JSON texts already. */
export function jsonList(items: readonly (string | undefined)[]): string {
  return `[${items.join(',')}]`;
}

/** Texts that JSON has to write differently: quotes, backslashes, control characters, halves of characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are among the characters that are escaped.
const escapedInJson = /["\\\u0000-\u001f\ud800-\udfff]/;
/** Looking through a longer text costs more than having it written. */
const LOOKED_THROUGH = 200;

function jsonText(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') {
    return value.length <= LOOKED_THROUGH && !escapedInJson.test(value) ? `"${value}"` : JSON.stringify(value);
  }
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : JSON.stringify(value);
}
