import { XMLParser } from 'fast-xml-parser';
import { DomainError } from '../../domain/errors.ts';
import type { MemberOptions, ObjectLike } from './member.ts';

/** As for JSON: deeper nesting and more elements have no use on this wire. */
const DEEPEST_NESTING = 64;
const MOST_ELEMENTS = 1_000_000;

const NIL = '@nil';
const TEXT = '#text';

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  textNodeName: TEXT,
  maxNestedTags: DEEPEST_NESTING,
  // Members follow the declaration of the object; what is a list there is one here, whatever was sent.
  isArray: () => true,
});

/** An element as the parser returns it: its children by name, its text, its attributes; a bare text without any. */
type Element = string | Record<string, unknown>;

/**
 * Returns the JSON value that an XML body stands for: elements in any order, namespaces and unknown elements ignored,
 * `i:nil` read as null. Members keep the text of their element, which decoding takes like text in JSON.
 */
export function parseXmlBody(text: string, object: ObjectLike | undefined): unknown {
  const roots = childrenOf(parsed(text));
  const [root] = roots;
  if (!root || roots.length !== 1) throw malformed('one root element is wanted');
  const [name, element] = root;
  if (/^ArrayOf/i.test(name)) return childrenOf(element).map(([, item]) => jsonOf(item, object));
  return jsonOf(element, object);
}

function malformed(reason: string): DomainError {
  return new DomainError('malformed', `The body is not valid XML: ${reason}`);
}

function parsed(text: string): Element {
  // Nothing on this wire needs a document type, and entities of its own are only good for attacks.
  if (/<!DOCTYPE/i.test(text)) throw malformed('a document type is not taken');
  refuseTooMany(text);
  try {
    return parser.parse(text, true) as Element;
  } catch (error) {
    throw malformed((error as Error).message.slice(0, 200));
  }
}

function refuseTooMany(text: string): void {
  let elements = 0;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) elements += 1;
  if (elements > 2 * MOST_ELEMENTS) {
    throw new DomainError('tooLarge', `The body holds more than ${MOST_ELEMENTS} elements`);
  }
}

/** Returns the child elements with their names, in document order of each name. */
function childrenOf(element: Element): [string, Element][] {
  if (typeof element === 'string') return [];
  return Object.entries(element)
    .filter(([name]) => name !== TEXT && !name.startsWith('@'))
    .flatMap(([name, items]) => (items as Element[]).map((item): [string, Element] => [name, item]));
}

function textIn(element: Element): string {
  if (typeof element === 'string') return element;
  const text = element[TEXT];
  return text === undefined ? '' : Array.isArray(text) ? text.join('') : String(text);
}

function isNil(element: Element): boolean {
  if (typeof element === 'string') return false;
  const nil = element[NIL];
  return /^(true|1)$/i.test(String(Array.isArray(nil) ? nil[0] : (nil ?? '')));
}

/** An element with a declaration becomes the object's JSON; one without becomes text, an object or a list of its items. */
function jsonOf(element: Element, object: ObjectLike | undefined): unknown {
  if (isNil(element)) return null;
  const children = childrenOf(element);
  if (children.length === 0) return object ? {} : textIn(element);
  const value: Record<string, unknown> = Object.create(null);
  for (const [name, child] of children) {
    const member = object?.members.find((candidate) => candidate.wireName.toLowerCase() === name.toLowerCase());
    value[name] = member ? memberValue(child, member.options) : undeclared(name, child);
  }
  return value;
}

function memberValue(element: Element, options: MemberOptions): unknown {
  if (isNil(element)) return null;
  switch (options.kind) {
    case 'ids':
      return childrenOf(element).map(([, item]) => textIn(item));
    case 'objects':
      return childrenOf(element).map(([, item]) => jsonOf(item, options.of?.()));
    case 'object':
      return jsonOf(element, options.of?.());
    case 'json':
      return undeclared('', element);
    default:
      return textIn(element);
  }
}

/** Lists show themselves by their items: names of types (`int`, `RemoteArtifactCustomProperty`), or several alike. */
function undeclared(name: string, element: Element): unknown {
  const children = childrenOf(element);
  const [first] = children;
  const isList =
    first !== undefined &&
    children.every(([child]) => child === first[0]) &&
    (children.length > 1 || /^(int|long|string|Remote\w+|Item)$/.test(first[0]) || /^Values$/i.test(name));
  return isList ? children.map(([, item]) => jsonOf(item, undefined)) : jsonOf(element, undefined);
}
