/** Somebody does not want the run to go on. */
export class Interrupted extends Error {}

/**
 * Rejects with `Interrupted` when the run is to end before its time: by a signal, or because nobody reads any more what it
 * prints (`npm run bench | head`).
 */
export function interruption(): Promise<never> {
  return new Promise((_, reject) => {
    const interrupt = () => reject(new Interrupted());
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, interrupt);
    process.stdout.on('error', interrupt);
    process.stderr.on('error', interrupt);
  });
}
