import { connect } from 'node:net';

/** A request exactly as it goes over the wire. */
export interface RawRequest {
  method: string;
  target: string;
  headers: readonly (readonly [string, string])[];
  body: Buffer;
}

export interface RawAnswer {
  status: number;
  headers: Map<string, string>;
  body: string;
  /** How many pieces came over the connection: clients that count `data` events need exactly one. */
  pieces: number;
}

const END_OF_HEAD = '\r\n\r\n';
const CONTINUE = /^HTTP\/1\.1 100 [^\r]*\r\n\r\n$/;

/**
 * Sends the bytes of a request over a connection of its own and returns the final answer, read by its Content-Length.
 * The body of a request with `Expect: 100-continue` is held back until the server asks for it.
 */
export function sendRaw(port: number, request: RawRequest): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let received: Buffer = Buffer.alloc(0);
    socket.on('error', reject);
    socket.on('close', () =>
      reject(new Error(`The connection closed after ${received.length} bytes without a whole answer`)),
    );
    const isExpecting = request.headers.some(([name]) => name.toLowerCase() === 'expect');
    const { head, body } = bytesOf(request);
    let pieces = 0;
    socket.on('connect', () => socket.write(isExpecting ? head : Buffer.concat([head, body])));
    socket.on('data', (data: Buffer) => {
      pieces += 1;
      const isAsked = isExpecting && pieces === 1 && CONTINUE.test(data.toString('latin1'));
      if (isAsked) socket.write(body);
      received = Buffer.concat([received, data]);
      const answer = answerIn(received);
      if (!answer) return;
      socket.removeAllListeners('close');
      socket.destroy();
      resolve({ ...answer, pieces: isAsked ? pieces - 1 : pieces });
    });
  });
}

function bytesOf({ method, target, headers, body }: RawRequest): { head: Buffer; body: Buffer } {
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  const head = Buffer.from([`${method} ${target} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
  const isChunked = headers.some(
    ([name, value]) => name.toLowerCase() === 'transfer-encoding' && value.toLowerCase() === 'chunked',
  );
  if (!isChunked) return { head, body };
  const first = body.length > 0 ? `${body.length.toString(16)}\r\n` : '';
  const last = body.length > 0 ? '\r\n0\r\n\r\n' : '0\r\n\r\n';
  return { head, body: Buffer.concat([Buffer.from(first), body, Buffer.from(last)]) };
}

/** Returns the answer once all of it is there; interim answers (100 Continue) are passed over. */
function answerIn(received: Buffer): Omit<RawAnswer, 'pieces'> | undefined {
  const end = received.indexOf(END_OF_HEAD);
  if (end < 0) return undefined;
  const [statusLine = '', ...lines] = received.subarray(0, end).toString('latin1').split('\r\n');
  const status = Number(statusLine.split(' ')[1]);
  const rest = received.subarray(end + END_OF_HEAD.length);
  if (status < 200) return answerIn(rest);
  const headers = new Map(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const length = headers.get('content-length');
  if (length === undefined) throw new Error(`The answer ${statusLine} has no Content-Length`);
  return rest.length < Number(length)
    ? undefined
    : { status, headers, body: rest.subarray(0, Number(length)).toString('utf8') };
}
