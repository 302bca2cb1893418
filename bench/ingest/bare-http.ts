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
  const [port] = (await once(child, 'message')) as [number];
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid,
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}
