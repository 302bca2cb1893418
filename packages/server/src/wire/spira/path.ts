import { DomainError, notFound } from '../../domain/errors.ts';
import { LARGEST_ID } from './scalars.ts';

/** The versions whose paths are answered, all alike; the number only shows in the XML namespace. */
export type SpiraVersion = 5 | 6 | 7;

/** A request target of the Spira face, taken apart. */
export interface SpiraTarget {
  version: SpiraVersion | undefined;
  /** What comes before `/Services`: the virtual directory a client was configured with. */
  prefix: string;
  /** Decoded and trimmed segments below RestService.svc; undefined when the percent-encoding is broken. */
  segments: readonly string[] | undefined;
  query: string;
}

const servicePath = /\/services\/v(\d{1,4})_(\d{1,4})\/restservice\.svc(?=\/|$)/i;

/** Returns the target without scheme and host, repeated slashes collapsed, and the query apart. */
export function splitTarget(target: string): { path: string; query: string } {
  const [beforeFragment = ''] = target.split('#', 1);
  const mark = beforeFragment.indexOf('?');
  const rawPath = mark < 0 ? beforeFragment : beforeFragment.slice(0, mark);
  const path = rawPath.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '').replace(/\/{2,}/g, '/');
  return { path: path.startsWith('/') ? path : `/${path}`, query: mark < 0 ? '' : beforeFragment.slice(mark + 1) };
}

/**
 * Returns the parts of a request target when it lies below `/services/vN_0/restservice.svc`, in any letter case and
 * under any directory (rest-v7 2.3), else undefined.
 */
export function parseSpiraTarget(target: string): SpiraTarget | undefined {
  const { path, query } = splitTarget(target);
  const found = servicePath.exec(path);
  if (!found) return undefined;
  const version = Number(found[1]);
  const isServed = found[2] === '0' && (version === 5 || version === 6 || version === 7);
  return {
    version: isServed ? version : undefined,
    prefix: path.slice(0, found.index),
    segments: decodedSegments(path.slice(found.index + found[0].length)),
    query,
  };
}

/** Clients send `record%20` and `test-sets/`: segments are trimmed after decoding, empty ones dropped. */
function decodedSegments(path: string): string[] | undefined {
  try {
    return path
      .split('/')
      .map((segment) => decodeURIComponent(segment).trim())
      .filter((segment) => segment !== '');
  } catch {
    return undefined;
  }
}

/** The values behind the `{names}` of an operation's path. */
export class PathValues {
  private readonly values: ReadonlyMap<string, string>;

  constructor(values: ReadonlyMap<string, string>) {
    this.values = values;
  }

  text(name: string): string {
    const value = this.values.get(name);
    if (value === undefined) throw new Error(`The path of this operation has no {${name}}`);
    return value;
  }

  id(name: string, what: string): number {
    const value = this.text(name);
    const id = wholeNumber(value);
    if (id === undefined || id < 1 || id > LARGEST_ID) throw notFound(`${what} ${value.slice(0, 40)}`);
    return id;
  }

  optionalId(name: string): number | undefined {
    const value = this.text(name);
    const id = value.toLowerCase() === 'null' ? 0 : wholeNumber(value);
    if (id === undefined || id > LARGEST_ID) {
      throw new DomainError('notFound', `${name} ${value.slice(0, 40)} does not exist in this project`);
    }
    return id < 1 ? undefined : id;
  }
}

function wholeNumber(text: string): number | undefined {
  return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
}
