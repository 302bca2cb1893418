import fc from 'fast-check';

/** A request before it is spoilt: its body as a JSON value. */
export interface FuzzRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  json?: unknown;
  /** The bytes that go out, once the request is made. */
  body?: Buffer;
}

export type Mutation =
  | { kind: 'value'; place: number; value: unknown }
  | { kind: 'removeKey'; place: number }
  | { kind: 'addKey'; place: number; key: string; value: unknown }
  | { kind: 'repeatItem'; place: number; times: number }
  | { kind: 'wholeBody'; value: unknown }
  | { kind: 'pathId'; place: number; text: string }
  | { kind: 'query'; text: string }
  | { kind: 'method'; method: string }
  | { kind: 'header'; name: string; value: string }
  | { kind: 'bytes'; place: number; bytes: number[]; cut: number };

const nasty = fc.constantFrom<unknown>(
  null,
  '',
  ' ',
  0,
  -1,
  1,
  7,
  999,
  2_147_483_647,
  2_147_483_648,
  -2_147_483_649,
  1e300,
  -0.5,
  20.5,
  9_007_199_254_740_992,
  true,
  false,
  'true',
  'null',
  '20',
  '-1',
  '1e5',
  '0x10',
  'NaN',
  [],
  {},
  [[]],
  [null],
  { a: 1 },
  '\u0000',
  '\ud800',
  'a\u0001b',
  '✓é𝄞',
  '2024-02-30T10:00:00Z',
  '0000-00-00',
  '9999-12-31T23:59:59.999Z',
  '10000-01-01T00:00:00Z',
  '/Date(99999999999999999)/',
  '/Date(-62135596800001)/',
  '/Date(x)/',
  '2024-05-14T14:06:00+99:99',
  "'; drop table test_run; --",
  '%',
  '_',
  '\\',
  '{"a":',
  'x'.repeat(5_000),
  '__proto__',
  'constructor',
);
const anyValue = fc.oneof(
  { weight: 5, arbitrary: nasty },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
);
const anyKey = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'TestRunId',
    'testcaseid',
    'CustomProperties',
    'Tags',
    'ConcurrencyDate',
    'Incident Name',
    '',
  ),
  fc.string({ maxLength: 10 }),
);
const place = fc.nat(10_000);

export const anyMutation: fc.Arbitrary<Mutation> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('value' as const), place, value: anyValue }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('removeKey' as const), place }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('addKey' as const), place, key: anyKey, value: anyValue }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('repeatItem' as const), place, times: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wholeBody' as const), value: anyValue }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('pathId' as const),
      place,
      text: fc.constantFrom(
        '0',
        '-1',
        'null',
        '999999',
        '2147483648',
        '99999999999999999999',
        'abc',
        '1.5',
        '%20',
        '%00',
        '%FF',
        '1 ',
        '..',
        '%2e%2e',
        "1'--",
        '',
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('query' as const),
      text: fc.constantFrom(
        '?',
        '&',
        '&&a',
        '&starting_row=-5',
        '&number_of_rows=99999999999',
        '&sort_field=Nope',
        '&sort_field=CustomProperties',
        '&sort_by=Name DESC DESC',
        '&release_id=abc',
        '&release_id=99999999999',
        '&end_date=nope',
        '&project_id=99999999999',
        '&starting_row=1e400',
        '&starting_row=9007199254740993',
        '&%',
        '&a=%FF',
        '&username=x',
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('method' as const),
      method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'HEAD', 'OPTIONS'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.record({
        kind: fc.constant('header' as const),
        name: fc.constant('content-type'),
        value: fc.constantFrom(
          'application/xml',
          'text/plain',
          'application/json; charset=utf-16',
          'multipart/form-data',
          ';',
          'application/json',
        ),
      }),
      fc.record({
        kind: fc.constant('header' as const),
        name: fc.constant('accept'),
        value: fc.constantFrom('application/xml', 'text/html', '*/*;q=0', ',,,', 'application/json;q=abc'),
      }),
      fc.record({
        kind: fc.constant('header' as const),
        name: fc.constant('content-encoding'),
        value: fc.constantFrom('gzip', 'deflate', 'br', 'nonsense'),
      }),
      fc.record({
        kind: fc.constant('header' as const),
        name: fc.constant('authorization'),
        value: fc.constantFrom('Basic', 'Basic !!!', 'Bearer x', 'Basic OjpbOg=='),
      }),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('bytes' as const),
      place,
      bytes: fc.array(fc.nat(255), { maxLength: 3 }),
      cut: fc.nat(4),
    }),
  },
);

/** Returns the request with the faults in it; bytes are spoilt last. */
export function mutated(template: FuzzRequest, mutations: readonly Mutation[]): FuzzRequest {
  const request: FuzzRequest = structuredClone(template);
  // The values are shared between runs, so each gets its own copy.
  for (const mutation of mutations) apply(request, structuredClone(mutation));
  if (request.json !== undefined) request.body = Buffer.from(JSON.stringify(request.json) ?? '');
  for (const mutation of mutations)
    if (mutation.kind === 'bytes' && request.body) request.body = spoilt(request.body, mutation);
  return request;
}

function apply(request: FuzzRequest, mutation: Mutation): void {
  const slots = slotsOf(request);
  const slot = 'place' in mutation ? slots[mutation.place % Math.max(slots.length, 1)] : undefined;
  switch (mutation.kind) {
    case 'value':
      slot?.set(mutation.value);
      break;
    case 'removeKey':
      slot?.remove();
      break;
    case 'addKey':
      // The members of a list have no names of their own, and `length` is none that could be added.
      if (Array.isArray(slot?.parent)) slot.parent.push(mutation.value);
      else if (isObject(slot?.parent))
        Object.defineProperty(slot.parent, mutation.key, {
          value: mutation.value,
          enumerable: true,
          configurable: true,
          writable: true,
        });
      break;
    case 'repeatItem':
      if (Array.isArray(slot?.parent)) slot.parent.push(...Array(mutation.times).fill(slot.parent[0]));
      break;
    case 'wholeBody':
      if (request.json !== undefined) request.json = mutation.value;
      break;
    case 'pathId':
      request.path = replaceId(request.path, mutation);
      break;
    case 'query':
      request.path += request.path.includes('?') ? mutation.text : `?${mutation.text.slice(1)}`;
      break;
    case 'method':
      request.method = mutation.method;
      break;
    case 'header':
      request.headers[mutation.name] = mutation.value;
      break;
    case 'bytes':
      break;
  }
}

interface Slot {
  parent: unknown;
  set(value: unknown): void;
  remove(): void;
}

const isObject = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === 'object';

/** Returns every place in the body that holds a value. */
function slotsOf(request: FuzzRequest): Slot[] {
  const slots: Slot[] = [];
  const visit = (parent: unknown): void => {
    if (!isObject(parent)) return;
    for (const key of Object.keys(parent)) {
      slots.push({
        parent,
        set: (value) => {
          parent[key] = value;
        },
        remove: () => {
          delete parent[key];
        },
      });
      visit(parent[key]);
    }
  };
  visit(request.json);
  return slots;
}

/** Replaces one of the ids in the path; the project's, too, now and then. */
function replaceId(path: string, { place: position, text }: { place: number; text: string }): string {
  const ids = [...path.matchAll(/\/\d+/g)];
  const id = ids[position % Math.max(ids.length, 1)];
  return id ? `${path.slice(0, id.index)}/${text}${path.slice(id.index + id[0].length)}` : path;
}

function spoilt(
  body: Buffer,
  { place: position, bytes, cut }: { place: number; bytes: number[]; cut: number },
): Buffer {
  const at = position % (body.length + 1);
  return Buffer.concat([body.subarray(0, at), Buffer.from(bytes), body.subarray(at + cut)]);
}
