import { compileWriter } from './json-writer.ts';
import {
  type FilterKind,
  type Member,
  type MemberKind,
  type MemberOptions,
  memberDecoder,
  memberEncoder,
  memberWriter,
  type ObjectLike,
} from './member.ts';
import { Decoding } from './scalars.ts';

// biome-ignore lint/suspicious/noExplicitAny: any member; its value type matters only where it is read.
type AnyMember = Member<any, any, any>;
export type Members = Record<string, AnyMember>;

type FieldName<Name extends string, M> = M extends { fieldType: infer F }
  ? F extends string
    ? F
    : Uncapitalize<Name>
  : never;
type IsWritable<M> = M extends { writableType: infer W } ? W : never;

/** What a body decodes to: the writable members that were sent, by domain name. Missing and null are two cases. */
export type DecodedOf<M extends Members> = {
  [Name in keyof M & string as IsWritable<M[Name]> extends false ? never : FieldName<Name, M[Name]>]?:
    | M[Name]['valueType']
    | null;
};

/** What has to stand behind the members of an object to encode it: every domain field it names. */
export type RowOf<M extends Members> = {
  [Name in keyof M & string as M[Name]['valueType'] extends never ? never : FieldName<Name, M[Name]>]:
    | M[Name]['valueType']
    | null
    | undefined;
};

interface Compiled {
  wireName: string;
  field: string;
  options: MemberOptions;
  decode: (raw: unknown, decoding: Decoding) => unknown;
  encode: (value: unknown) => unknown;
  write: (value: unknown) => string;
  /** The JSON text of a constant. */
  constant: string | undefined;
}

export interface ObjectInfo {
  /** One sentence for the reference page. */
  description: string;
}

/**
 * One object of the wire, declared once. Decoding, JSON and XML encoding, filters, sorting and the reference page are
 * derived from it; a new object is a declaration and its routes.
 */
export class SpiraObject<M extends Members> implements ObjectLike {
  readonly name: string;
  readonly info: ObjectInfo;
  readonly members: readonly Compiled[];
  private readonly byWireName: ReadonlyMap<string, Compiled>;
  /** Those that must be sent on create. */
  private readonly required: readonly Compiled[];
  private writer: ((row: object) => string) | undefined;

  constructor(name: string, info: ObjectInfo, members: M) {
    this.name = name;
    this.info = info;
    this.members = Object.entries(members).map(([wireName, member]) => ({
      wireName,
      field: member.options.field ?? wireName.charAt(0).toLowerCase() + wireName.slice(1),
      options: member.options,
      decode: memberDecoder(member.options),
      encode: memberEncoder(member.options),
      write: memberWriter(member.options),
      constant: member.options.constant === undefined ? undefined : JSON.stringify(member.options.constant),
    }));
    this.byWireName = new Map(
      this.members.flatMap((member) => [
        [member.wireName.toLowerCase(), member],
        [member.wireName, member],
      ]),
    );
    this.required = this.members.filter(({ options }) => options.required && !options.readOnly);
  }

  /**
   * Returns the writable members that were sent, by domain name; what is wrong is reported to `decoding`. Unknown and
   * read-only members are ignored, member names match in any case.
   */
  decode(json: unknown, decoding: Decoding = new Decoding()): DecodedOf<M> | undefined {
    if (json === null || typeof json !== 'object' || Array.isArray(json)) {
      decoding.report('invalid', `an object (${this.name}) is wanted here`);
      return undefined;
    }
    const decoded: Record<string, unknown> = {};
    const sent = json as Record<string, unknown>;
    for (const name of Object.keys(sent)) {
      const member = this.byWireName.get(name) ?? this.byWireName.get(name.toLowerCase());
      if (!member || member.options.readOnly) continue;
      const value = member.decode(sent[name], decoding.at(member.field));
      if (value !== undefined) decoded[member.field] = value;
    }
    return decoded as DecodedOf<M>;
  }

  /**
   * Reports every required member that is missing, null or blank. Called for creates, after decoding: a value that
   * could not be read was sent, and is not reported once more as missing.
   */
  requireMembers(decoded: DecodedOf<M>, decoding: Decoding): void {
    for (const member of this.required) {
      const value = (decoded as Record<string, unknown>)[member.field];
      const isBlank = typeof value === 'string' && value.trim() === '';
      if (value !== undefined && value !== null && !isBlank) continue;
      const place = decoding.at(member.field);
      if (place.isReported()) continue;
      const { required = 'invalid' } = member.options;
      place.report(
        required,
        required === 'notFound' ? `${member.wireName} names nothing that exists` : `${member.wireName} is required`,
      );
    }
  }

  /** Returns the JSON object of a row: every member, null where nothing is set. */
  encode(row: object): Record<string, unknown> {
    const encoded: Record<string, unknown> = {};
    const source = row as Record<string, unknown>;
    for (const member of this.members) {
      encoded[member.wireName] =
        member.options.constant === undefined ? member.encode(source[member.field]) : member.options.constant;
    }
    return encoded;
  }

  /** Returns the JSON text of a row: that of `encode`, written at once, since an answer may hold thousands of rows. */
  json(row: object): string {
    // Compiled when first used: most objects are never written in a short life of the program.
    this.writer ??= compileWriter(this.members);
    return this.writer(row);
  }

  /** Returns the domain field and filter kind behind a wire name, undefined when it cannot be filtered by. */
  filterOf(wireName: string): { field: string; filter: FilterKind; kind: MemberKind } | undefined {
    const member = this.byWireName.get(wireName.trim().toLowerCase());
    if (!member?.options.filter) return undefined;
    return { field: member.field, filter: member.options.filter, kind: member.options.kind };
  }

  /** Returns whether some member stands for this domain field. */
  hasField(field: string): boolean {
    return this.members.some((member) => member.field === field);
  }

  /** Returns the domain field to sort by, undefined when there is none of that name. */
  sortFieldOf(wireName: string): string | undefined {
    const member = this.byWireName.get(wireName.trim().toLowerCase());
    return member?.options.sortable && member.options.constant === undefined ? member.field : undefined;
  }

  /** Returns the names that can be filtered by, for messages. */
  filterNames(): string[] {
    return this.members.filter((member) => member.options.filter).map((member) => member.wireName);
  }
}

/** Declares a wire object. */
export function spiraObject<M extends Members>(name: string, info: ObjectInfo, members: M): SpiraObject<M> {
  return new SpiraObject(name, info, members);
}

/** Returns what the writable members of an object decode to. */
export type Decoded<O> = O extends SpiraObject<infer M> ? DecodedOf<M> : never;
/** Returns the row that an object is encoded from. */
export type RowFor<O> = O extends SpiraObject<infer M> ? RowOf<M> : never;
