import http from 'node:http';
import https from 'node:https';

export interface SpiraClientOptions {
  /** Of the server, up to where `/Services/...` begins. */
  url: string;
  user: string;
  key: string;
  /** Connections that are kept open; more calls than these at once wait. */
  connections: number;
}

/** What a server said. */
export class Answer {
  readonly status: number;
  private readonly parts: readonly Buffer[];

  constructor(status: number, parts: readonly Buffer[]) {
    this.status = status;
    this.parts = parts;
  }

  /** The body; a load that does not read it does not pay for it. */
  get text(): string {
    return Buffer.concat(this.parts).toString('utf8');
  }
}

/**
 * Connections that are idle for longer are given up. With any limit the agent also keeps below the one that a server
 * announces; without, a call could go to a connection that the server is just closing, and fail.
 */
const LONGEST_IDLE_MS = 60_000;

/** A client of the Spira face that keeps its connections, as a load needs it. */
export class SpiraClient implements Disposable {
  private readonly base: URL;
  private readonly headers: Record<string, string>;
  private readonly agent: http.Agent;
  private readonly send: typeof http.request;

  constructor({ url, user, key, connections }: SpiraClientOptions) {
    this.base = new URL(url);
    this.headers = { username: user, 'api-key': key, accept: 'application/json', 'content-type': 'application/json' };
    const protocol = this.base.protocol === 'https:' ? https : http;
    this.agent = new protocol.Agent({ keepAlive: true, maxSockets: connections, timeout: LONGEST_IDLE_MS });
    this.send = protocol.request;
  }

  /** Posts JSON and returns the answer read as JSON; anything but 200 is an error. */
  async post<Result>(path: string, body: unknown): Promise<Result> {
    return resultOf(await this.record(path, Buffer.from(JSON.stringify(body))));
  }

  async get<Result>(path: string): Promise<Result> {
    return resultOf(accepted('GET', path, await this.call('GET', `${SERVICE}/${path}`)));
  }

  /** Posts bytes that were made before, and returns the answer unread; anything but 200 is an error. */
  async record(path: string, body: Buffer): Promise<Answer> {
    return accepted('POST', path, await this.call('POST', `${SERVICE}/${path}`, body));
  }

  /** Changes something on the own face of a ledger. */
  async putNative(path: string, body: unknown): Promise<void> {
    const whole = `/api/v1/${path}`;
    accepted('PUT', whole, await this.call('PUT', whole, Buffer.from(JSON.stringify(body))));
  }

  /** Calls any path below the server's address and returns whatever it answers. */
  call(method: string, path: string, body?: Buffer): Promise<Answer> {
    const target = {
      agent: this.agent,
      host: this.base.hostname,
      port: this.base.port,
      method,
      path: this.base.pathname.replace(/\/$/, '') + path,
      headers: body ? { ...this.headers, 'content-length': body.length } : this.headers,
    };
    return new Promise((resolve, reject) => {
      const outgoing = this.send(target, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () => resolve(new Answer(answer.statusCode ?? 0, parts)));
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

const SERVICE = '/Services/v7_0/RestService.svc';

function accepted(method: string, path: string, answer: Answer): Answer {
  if (answer.status === 200) return answer;
  throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text.slice(0, 300)}`);
}

function resultOf<Result>({ text }: Answer): Result {
  return (text === '' ? undefined : JSON.parse(text)) as Result;
}
