import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A server that only reads and answers. Disposing stops it. */
export interface BareServer extends AsyncDisposable {
  url: string;
  pid: number | undefined;
}

const program = fileURLToPath(new URL('bare-server.ts', import.meta.url));

/** Starts the bare server, which answers every call with this JSON. */
export async function startBareServer(answer: string): Promise<BareServer> {
  const child = fork(program);
  child.send(answer);
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const tooSoon = ended.then(([code]) => Promise.reject(new Error(`The bare server ended with ${code}`)));
  const [port] = (await Promise.race([once(child, 'message'), tooSoon])) as [number];
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid,
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await ended;
    },
  };
}
