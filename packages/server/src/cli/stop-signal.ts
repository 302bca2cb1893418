/** Under npm, one Ctrl-C arrives twice: from the terminal and from npm. What follows later is a second one. */
const SAME_PRESS_MS = 500;
const PARENT_POLL_MS = 500;

/**
 * Resolves when the server is to stop, with the reason: the first Ctrl-C or SIGTERM, the end of the terminal, or that
 * of npm. A second Ctrl-C or SIGTERM ends the process at once: the embedded database then stays up, and the next start
 * adopts it.
 */
export function stopSignal(): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let firstAt: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      const now = performance.now();
      firstAt ??= now;
      if (now - firstAt > SAME_PRESS_MS) process.exit(130);
      resolve(signal);
    });
  }
  process.on('SIGHUP', () => resolve('SIGHUP'));
  if (process.env['npm_lifecycle_event']) watchParent(() => resolve('npm has ended'));
  return promise;
}

/** npm starts us through a shell, which does not pass on the SIGTERM that npm passes to it: it ends, and we would stay. */
function watchParent(onGone: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, PARENT_POLL_MS);
  timer.unref();
}
