import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Convert } from 'typebox/value';

/** What is wrong at one place of a value. `path` reads like `projectIds[2]`; empty: the value as a whole. */
export interface ValueFault {
  path: string;
  message: string;
}

export type CheckedValue = { value: unknown; faults?: undefined } | { value?: undefined; faults: ValueFault[] };

export interface CheckOptions {
  /** The value comes from a URL: text that looks like a number or boolean is taken as one where the schema wants it. */
  fromText: boolean;
}

interface SchemaError {
  keyword: string;
  instancePath: string;
  params: object;
  message: string;
}

/** Returns a function that checks values by a schema and says, place by place, what is wrong. */
export function valueChecker(schema: TSchema, { fromText }: CheckOptions): (value: unknown) => CheckedValue {
  const compiled = Compile(schema);
  return (given) => {
    const value = fromText ? Convert(schema, structuredClone(given)) : given;
    if (compiled.Check(value)) return { value };
    const byPath = Map.groupBy(placed(compiled.Errors(value) as SchemaError[]), (error) => error.instancePath);
    return { faults: [...byPath].map(([path, errors]) => ({ path: spokenPath(path), message: spoken(errors) })) };
  };
}

/** The same errors, a missing member told where it should be; what only repeats another is left out. */
function placed(errors: readonly SchemaError[]): SchemaError[] {
  return errors.flatMap((error) => {
    if (error.keyword === 'additionalProperties') return [];
    if (error.keyword !== 'required') return [error];
    const { requiredProperties = [] } = error.params as { requiredProperties?: string[] };
    return requiredProperties.map((name) => ({ ...error, instancePath: `${error.instancePath}/${name}` }));
  });
}

function spoken(errors: readonly SchemaError[]): string {
  const [first] = errors;
  const words = errors.find((error) => error.keyword === 'enum');
  if (words) {
    const { allowedValues = [] } = words.params as { allowedValues?: unknown[] };
    return `must be one of ${allowedValues.join(', ')}`;
  }
  if (first?.keyword === 'boolean') return 'is not known here';
  if (first?.keyword === 'required') return 'is missing';
  return first?.message ?? 'is not allowed';
}

/** `/projectIds/2` becomes `projectIds[2]`. */
function spokenPath(pointer: string): string {
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~').slice(0, 100))
    .reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : path === '' ? part : `${path}.${part}`), '');
}
