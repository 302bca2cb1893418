import type { Operation } from './operation.ts';

/** What a path and verb lead to. */
export type Match =
  | { kind: 'found'; operation: Operation; values: ReadonlyMap<string, string> }
  /** The path is known, but not with this verb. */
  | { kind: 'otherVerbs'; allowed: readonly string[] }
  | { kind: 'nothing' };

interface Node {
  literals: Map<string, Node>;
  parameter: Node | undefined;
  operations: Map<string, Entry>;
}

interface Entry {
  operation: Operation;
  names: readonly string[];
}

const node = (): Node => ({ literals: new Map(), parameter: undefined, operations: new Map() });

/** An older spelling of an operation's path; `names` are its parameters in order. */
export interface PathAlias {
  method: Operation['method'];
  path: string;
  names: readonly string[];
  operation: Operation;
}

/**
 * The operations by path. A literal segment wins over a parameter, in any letter case; the place that a path ends at
 * decides alone, so that a wrong verb (GET of a path that only takes POST) is told from an id that does not exist.
 */
export class RouteTable {
  private readonly root = node();

  constructor(operations: readonly Operation[], aliases: readonly PathAlias[] = []) {
    for (const operation of operations) {
      this.add(operation.method, operation.path, { operation, names: parameterNames(operation.path) });
    }
    for (const { method, path, names, operation } of aliases) this.add(method, path, { operation, names });
  }

  /** Returns the operation for a verb (HEAD reads like GET) and the decoded segments of a path. */
  match(method: string, segments: readonly string[]): Match {
    const end = endOf(this.root, segments, 0, []);
    if (!end) return { kind: 'nothing' };
    const { operations } = end.place;
    const entry = operations.get(method === 'HEAD' ? 'GET' : method);
    if (!entry) return { kind: 'otherVerbs', allowed: [...operations.keys()].sort() };
    const values = new Map(entry.names.map((name, position) => [name, end.values[position] ?? '']));
    return { kind: 'found', operation: entry.operation, values };
  }

  private add(method: string, path: string, entry: Entry): void {
    let place = this.root;
    for (const segment of path.split('/')) {
      if (segment.startsWith('{')) {
        place.parameter ??= node();
        place = place.parameter;
      } else {
        const literal = segment.toLowerCase();
        const next = place.literals.get(literal) ?? node();
        place.literals.set(literal, next);
        place = next;
      }
    }
    if (place.operations.has(method)) throw new Error(`${method} ${path} is declared twice`);
    place.operations.set(method, entry);
  }
}

/** Returns the place a path ends at, literals before parameters; no deeper than the deepest declared path. */
function endOf(
  place: Node,
  segments: readonly string[],
  depth: number,
  values: readonly string[],
): { place: Node; values: readonly string[] } | undefined {
  const segment = segments[depth];
  if (segment === undefined) return place.operations.size > 0 ? { place, values } : undefined;
  const literal = place.literals.get(segment.toLowerCase());
  return (
    (literal && endOf(literal, segments, depth + 1, values)) ??
    (place.parameter && endOf(place.parameter, segments, depth + 1, [...values, segment]))
  );
}

/** Returns the names in braces, in order. */
export function parameterNames(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? '');
}
