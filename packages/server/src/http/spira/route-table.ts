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

/** An older spelling of a path. `names` are the parameters of the operation it stands for, in the order of this path. */
export interface PathAlias {
  method: Operation['method'];
  path: string;
  names: readonly string[];
  operation: Operation;
}

/**
 * The operations by path. A literal segment wins over a parameter, in any letter case; the verbs of a path come from
 * everything that matches it, so that a wrong verb is told from an unknown path.
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
    const verb = method === 'HEAD' ? 'GET' : method;
    const allowed = new Set<string>();
    for (const { end, values } of endsOf(this.root, segments, 0, [])) {
      const entry = end.operations.get(verb);
      if (entry) {
        return {
          kind: 'found',
          operation: entry.operation,
          values: new Map(entry.names.map((name, position) => [name, values[position] ?? ''])),
        };
      }
      for (const known of end.operations.keys()) allowed.add(known);
    }
    return allowed.size > 0 ? { kind: 'otherVerbs', allowed: [...allowed].sort() } : { kind: 'nothing' };
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

/** Yields the nodes a path can end at, literals first. Paths are at most about ten segments deep. */
function* endsOf(
  place: Node,
  segments: readonly string[],
  depth: number,
  values: readonly string[],
): Generator<{ end: Node; values: readonly string[] }> {
  const segment = segments[depth];
  if (segment === undefined) {
    if (place.operations.size > 0) yield { end: place, values };
    return;
  }
  const literal = place.literals.get(segment.toLowerCase());
  if (literal) yield* endsOf(literal, segments, depth + 1, values);
  if (place.parameter) yield* endsOf(place.parameter, segments, depth + 1, [...values, segment]);
}

/** Returns the names in braces, in order. */
export function parameterNames(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? '');
}
