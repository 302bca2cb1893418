import { AsyncLocalStorage } from 'node:async_hooks';

/** How long a caller may still wait for free connections, in milliseconds: all waits of its call together. */
export interface Patience {
  leftMs: number;
}

/**
 * Of one call. With what else it may wait for (a twin of its request, its figures) it stays below the 15 s after which
 * clients give up; each wait for itself would not.
 */
const CALL_MS = 4_000;
/** Each wait may last so long, however little is left: a new connection takes some of that to open. */
const LEAST_MS = 250;

const current = new AsyncLocalStorage<Patience | undefined>();

/** Returns the patience of a call that begins. */
export const patienceOfCall = (): Patience => ({ leftMs: CALL_MS });

/** Returns what the work returns; its waits for connections are counted together. Undefined: each for itself. */
export function withPatience<Result>(patience: Patience | undefined, work: () => Result): Result {
  return current.run(patience, work);
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
