/** Under npm, one Ctrl-C arrives twice: from the terminal and from npm. What follows later is a second one. */
const SAME_PRESS_MS = 500;

/**
 * Resolves on the first Ctrl-C or SIGTERM, with the signal's name. A second one ends the process at once: the embedded
 * database then stays up, and the next start adopts it.
 */
export function stopSignal(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let firstAt: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      const now = performance.now();
      firstAt ??= now;
      if (now - firstAt > SAME_PRESS_MS) process.exit(130);
      resolve(signal);
    });
  }
  return promise;
}
