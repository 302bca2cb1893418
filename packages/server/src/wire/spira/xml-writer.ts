import type { Fault } from './fault.ts';
import type { MemberKind, MemberOptions, ObjectLike } from './member.ts';

/** What is to be written: one object, a list of objects, or a bare value. */
export type XmlShape =
  | { kind: 'one'; object: ObjectLike }
  | { kind: 'list'; object: ObjectLike }
  | { kind: 'scalar'; type: 'int' | 'string' | 'boolean' };

const declaration = '<?xml version="1.0" encoding="utf-8"?>';
const instance = 'http://www.w3.org/2001/XMLSchema-instance';
const arrays = 'http://schemas.microsoft.com/2003/10/Serialization/Arrays';
const scalars = 'http://schemas.microsoft.com/2003/10/Serialization/';
const dataObjects = (version: number) =>
  `http://schemas.datacontract.org/2004/07/Inflectra.SpiraTest.Web.Services.v${version}_0.DataObjects`;

/** Members of the base class come before those of the class, each group in alphabetical order (rest-v7 4.3). */
const baseMembers: ReadonlySet<string> = new Set([
  'ArtifactTypeId',
  'ConcurrencyDate',
  'CustomProperties',
  'Guid',
  'IsAttachments',
  'ProjectGuid',
  'ProjectId',
  'Tags',
]);

/** Returns the XML document of an answer; `value` is what the JSON answer would hold. */
export function resultXml(shape: XmlShape, value: unknown, version: number): string {
  if (shape.kind === 'scalar')
    return `${declaration}<${shape.type} xmlns="${scalars}">${escaped(value)}</${shape.type}>`;
  const { name } = shape.object;
  const namespaces = `xmlns="${dataObjects(version)}" xmlns:i="${instance}"`;
  if (shape.kind === 'one') {
    return `${declaration}<${name} ${namespaces}>${membersXml(shape.object, value)}</${name}>`;
  }
  const items = (value as unknown[]).map((item) => `<${name}>${membersXml(shape.object, item)}</${name}>`);
  return `${declaration}<ArrayOf${name} ${namespaces}>${items.join('')}</ArrayOf${name}>`;
}

/** Returns the XML document of a failure. */
export function faultXml(fault: Fault): string {
  const root = fault.Type === 'ValidationFaultMessage' ? 'ValidationFaultMessage' : 'ServiceFaultMessage';
  const messages = fault.Messages.map(
    ({ FieldName, Message }) =>
      `<ValidationFaultMessageItem><FieldName>${escaped(FieldName)}</FieldName><Message>${escaped(Message)}</Message></ValidationFaultMessageItem>`,
  );
  return (
    `${declaration}<${root} xmlns:i="${instance}"><Message>${escaped(fault.Message)}</Message>` +
    `<Messages>${messages.join('')}</Messages><StackTrace i:nil="true"/><Summary>${escaped(fault.Summary)}</Summary>` +
    `<Type>${escaped(fault.Type)}</Type></${root}>`
  );
}

type Ordered = readonly { wireName: string; options: MemberOptions }[];

const orders = new WeakMap<ObjectLike, Ordered>();

function orderedMembers(object: ObjectLike): Ordered {
  const known = orders.get(object);
  if (known) return known;
  const isArtifact = object.members.some((member) => member.wireName === 'ArtifactTypeId' && member.options.constant);
  const group = (name: string) => (isArtifact && baseMembers.has(name) ? 0 : 1);
  const ordered = object.members.toSorted(
    (a, b) => group(a.wireName) - group(b.wireName) || (a.wireName < b.wireName ? -1 : 1),
  );
  orders.set(object, ordered);
  return ordered;
}

function membersXml(object: ObjectLike, value: unknown): string {
  const members = value as Record<string, unknown>;
  return orderedMembers(object)
    .map(({ wireName, options }) => memberXml(wireName, options, members[wireName]))
    .join('');
}

function memberXml(name: string, options: MemberOptions, value: unknown): string {
  if (value === null || value === undefined) return `<${name} i:nil="true"/>`;
  const nested = options.of?.();
  if (nested && Array.isArray(value)) {
    const items = value.map((item) => `<${nested.name}>${membersXml(nested, item)}</${nested.name}>`);
    return `<${name}>${items.join('')}</${name}>`;
  }
  if (nested) return `<${name}>${membersXml(nested, value)}</${name}>`;
  if (Array.isArray(value) && options.kind === 'ids') {
    return `<${name} xmlns:a="${arrays}">${value.map((item) => `<a:int>${escaped(item)}</a:int>`).join('')}</${name}>`;
  }
  return `<${name}>${plainXml(value, options.kind)}</${name}>`;
}

/** A value without a declaration of its own: objects by their keys, lists as items. */
function plainXml(value: unknown, kind: MemberKind): string {
  if (kind !== 'json' || value === null || typeof value !== 'object') return escaped(value);
  if (Array.isArray(value)) return value.map((item) => `<Item>${plainXml(item, kind)}</Item>`).join('');
  return Object.entries(value)
    .filter(([name]) => /^[A-Za-z_][\w.-]*$/.test(name))
    .map(([name, item]) => (item === null ? `<${name} i:nil="true"/>` : `<${name}>${plainXml(item, kind)}</${name}>`))
    .join('');
}

// Legal in JSON, not in XML at all, escaped or not.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are dropped.
const illegal = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#xD;' };

function escaped(value: unknown): string {
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text
    .toWellFormed()
    .replace(illegal, '')
    .replace(/[&<>"\r]/g, (character) => entities[character] ?? character);
}
