import { connect } from 'node:net';

/** An answer as it came over the socket. */
export interface RawAnswer {
  status: number;
  /** In order and letter case as sent. */
  headers: [name: string, value: string][];
  header(name: string): string | undefined;
  body: Buffer;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  json: any;
  /** Whether `100 Continue` came first. */
  wasContinued: boolean;
}

/**
 * Sends bytes to a port of the loopback address and reads until the server closes the connection, so a well-formed
 * request should say `Connection: close`. For what HTTP clients would not send, or would tidy up.
 */
export async function rawHttp(port: number, ...pieces: (string | Buffer)[]): Promise<RawAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const received: Buffer[] = [];
  const socket = connect(port, '127.0.0.1');
  socket.on('data', (chunk: Buffer) => received.push(chunk));
  socket.on('end', () => resolve(Buffer.concat(received)));
  socket.on('close', () => resolve(Buffer.concat(received)));
  socket.on('error', reject);
  for (const piece of pieces) socket.write(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece);
  try {
    return parsed(await promise);
  } finally {
    socket.destroy();
  }
}

/** Returns the head of a request; `Connection: close` and, for a body, its length are added. */
export function head(requestLine: string, headers: readonly string[] = [], bodyLength?: number): string {
  const length = bodyLength === undefined ? [] : [`Content-Length: ${bodyLength}`];
  return `${[`${requestLine} HTTP/1.1`, 'Host: localhost', ...headers, ...length, 'Connection: close'].join('\r\n')}\r\n\r\n`;
}

function parsed(all: Buffer): RawAnswer {
  const interim = 'HTTP/1.1 100 Continue\r\n\r\n';
  const wasContinued = all.subarray(0, interim.length).toString('latin1') === interim;
  const answer = wasContinued ? all.subarray(interim.length) : all;
  const end = answer.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = answer.subarray(0, Math.max(end, 0)).toString('latin1').split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  const body = end < 0 ? Buffer.alloc(0) : answer.subarray(end + 4);
  const text = body.toString('utf8');
  return {
    status: Number(statusLine.split(' ')[1] ?? 0),
    headers,
    header: (name) => headers.find(([given]) => given.toLowerCase() === name.toLowerCase())?.[1],
    body,
    text,
    json: jsonOrNothing(text),
    wasContinued,
  };
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
