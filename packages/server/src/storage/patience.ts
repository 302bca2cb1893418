import { AsyncLocalStorage } from 'node:async_hooks';

/** How long a caller may still wait for free connections, in milliseconds: all waits of its call together. */
export interface Patience {
  leftMs: number;
}

/** Each wait may last so long, however little is left: a new connection takes some of that to open. */
const LEAST_MS = 250;

const current = new AsyncLocalStorage<Patience | undefined>();

/** Returns what the work returns; its waits for connections are counted together. Undefined: each for itself. */
export function withPatience<Result>(patience: Patience | undefined, work: () => Result): Result {
  return current.run(patience, work);
}

/** Runs a part of one call and returns its result. */
export type InCall = <Result>(part: () => Result) => Result;

/** Returns what runs the parts of a call that begins now: they wait for connections so many milliseconds together. */
export function beginCall(limitMs: number): InCall {
  const patience: Patience = { leftMs: limitMs };
  return (part) => withPatience(patience, part);
}

/**
 * Returns the connection that is asked for. Rejects as the pool does when that takes longer than the caller of the moment
 * can wait.
 */
export async function connectedInTime<Client extends { release(): void }>(
  connect: () => Promise<Client>,
): Promise<Client> {
  const patience = current.getStore();
  if (!patience) return connect();
  const startedAt = performance.now();
  const tooLate = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => tooLate.reject(new Error('timeout exceeded when trying to connect')),
    Math.max(patience.leftMs, LEAST_MS),
  );
  const connecting = connect();
  try {
    return await Promise.race([connecting, tooLate.promise]);
  } catch (error) {
    // It may come all the same, and is given back.
    connecting.then(
      (late) => late.release(),
      () => {},
    );
    throw error;
  } finally {
    clearTimeout(timer);
    patience.leftMs -= performance.now() - startedAt;
  }
}
