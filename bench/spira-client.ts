import { Agent, request } from 'node:http';

/** A client of the Spira face that keeps its connections. */
export class SpiraClient {
  private readonly base: URL;
  private readonly headers: Record<string, string>;
  private readonly agent: Agent;

  constructor({ url, user, key, connections }: { url: string; user: string; key: string; connections: number }) {
    this.base = new URL(url);
    this.headers = { username: user, 'api-key': key, accept: 'application/json', 'content-type': 'application/json' };
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Posts JSON and returns the answer read as JSON; anything but 200 is an error. */
  async post<Answer>(path: string, body: unknown): Promise<Answer> {
    const text = await this.send(path, Buffer.from(JSON.stringify(body)));
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  }

  /** Posts bytes that were made before and returns the text of the answer. */
  send(path: string, body: Buffer): Promise<string> {
    const prefix = this.base.pathname.replace(/\/$/, '');
    const target = `${prefix}/Services/v7_0/RestService.svc/${path}`;
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          agent: this.agent,
          host: this.base.hostname,
          port: this.base.port || 80,
          method: 'POST',
          path: target,
          headers: { ...this.headers, 'content-length': body.length },
        },
        (answer) => {
          const parts: Buffer[] = [];
          answer.on('data', (part: Buffer) => parts.push(part));
          answer.on('error', reject);
          answer.on('end', () => {
            const text = Buffer.concat(parts).toString('utf8');
            if (answer.statusCode === 200) resolve(text);
            else reject(new Error(`POST ${path} answered ${answer.statusCode}: ${text.slice(0, 300)}`));
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
