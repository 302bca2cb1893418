import { Agent, type IncomingMessage, request } from 'node:http';

/** What a client saw of a call. */
export type Outcome =
  | { kind: 'answered'; status: number; text: string; retryAfter: string | undefined }
  /** Nobody listens: the process is dead. */
  | { kind: 'refused' }
  /** The connection broke before the whole answer was there. */
  | { kind: 'reset' }
  /** Nothing came in the time that a client has. */
  | { kind: 'hung' };

export interface CallWords {
  method: string;
  /** Below the service's root, or from the server's root where it begins with a slash. */
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A client that waits no longer than this has met a hang. */
export const CLIENT_TIMEOUT_MS = 15_000;

/** A client that survives whatever happens to its server. */
export class Caller {
  private readonly target: { port: number; key: string };
  private readonly agent = new Agent({ keepAlive: true });

  constructor(target: { port: number; key: string }) {
    this.target = target;
  }

  call({ method, path, body, headers = {} }: CallWords): Promise<Outcome> {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const outgoing = request({
      agent: this.agent,
      host: '127.0.0.1',
      port: this.target.port,
      method,
      path: path.startsWith('/') ? path : `/Services/v7_0/RestService.svc/${path}`,
      headers: {
        username: 'administrator',
        'api-key': this.target.key,
        ...(payload ? { 'content-type': 'application/json', 'content-length': payload.length } : {}),
        ...headers,
      },
    });
    const timer = setTimeout(() => {
      resolve({ kind: 'hung' });
      outgoing.destroy();
    }, CLIENT_TIMEOUT_MS);
    outgoing.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ kind: error.code === 'ECONNREFUSED' ? 'refused' : 'reset' }),
    );
    outgoing.on('response', (answer) => void whole(answer).then(resolve));
    outgoing.end(payload);
    return promise.finally(() => clearTimeout(timer));
  }

  close(): void {
    this.agent.destroy();
  }
}

async function whole(answer: IncomingMessage): Promise<Outcome> {
  try {
    const parts: Buffer[] = [];
    for await (const part of answer) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString('utf8');
    return { kind: 'answered', status: answer.statusCode ?? 0, text, retryAfter: answer.headers['retry-after'] };
  } catch {
    return { kind: 'reset' };
  }
}
