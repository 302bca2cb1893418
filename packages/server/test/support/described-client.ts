import { expect } from 'vitest';
import { type RawAnswer, sendRaw } from './raw-request.ts';
import type { SpiraServer } from './spira-server.ts';

// Clients of which no recording is at hand, as what is known of them says: their way to give credentials, their
// headers in order and letter case, how they send a body. What all of them need of every answer is checked here.

/** How a client speaks. */
export interface Manner {
  /** What comes before the path, as the client joins its configured address: `/Spira/services/v6_0/RestService.svc/`. */
  base: string;
  /** Where name and key go; `rawQuery` leaves the braces of the key as they are. */
  credentials: 'query' | 'rawQuery' | 'headers' | 'basic' | 'none';
  headers?: readonly (readonly [name: string, value: string])[];
  /** Sends bodies chunked, without a length. */
  isChunked?: true;
  /** Cuts each character to its low byte, as Java's writeBytes does. */
  cutsToBytes?: true;
  key?: string;
}

/** An answer, checked for what every client needs of one. */
export interface ClientAnswer extends RawAnswer {
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  json: any;
}

export interface DescribedClient {
  get(path: string): Promise<ClientAnswer>;
  /** Text is sent as it is, everything else as JSON. */
  post(path: string, body?: unknown): Promise<ClientAnswer>;
  put(path: string, body: unknown): Promise<ClientAnswer>;
  send(method: string, path: string, body?: unknown): Promise<ClientAnswer>;
}

/** Returns a client of this server that speaks in this manner with the key of the server's owner. */
export async function describedClient(server: SpiraServer, manner: Manner): Promise<DescribedClient> {
  const port = await server.port();
  const send = async (method: string, path: string, body?: unknown): Promise<ClientAnswer> => {
    const bytes = bytesOf(body, manner);
    const answer = await sendRaw(port, {
      method,
      target: targetOf(server, manner, path),
      headers: [['Host', '127.0.0.1'], ...headersOf(server, manner), ...lengthOf(method, bytes, manner)],
      body: bytes,
    });
    return checked(`${method} ${path}`, answer);
  };
  return {
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, body),
    put: (path, body) => send('PUT', path, body),
    send,
  };
}

function bytesOf(body: unknown, { cutsToBytes }: Manner): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body), cutsToBytes ? 'latin1' : 'utf8');
}

/** Credentials are appended to what the client wrote, as all clients of this kind do. */
function targetOf({ owner }: SpiraServer, { base, credentials, key = owner.apiKey }: Manner, path: string): string {
  if (credentials !== 'query' && credentials !== 'rawQuery') return `${base}${path}`;
  const sent = credentials === 'query' ? encodeURIComponent(key) : key;
  const joint = /[?&]$/.test(path) ? '' : path.includes('?') ? '&' : '?';
  return `${base}${path}${joint}username=${owner.login}&api-key=${sent}`;
}

function headersOf({ owner }: SpiraServer, { credentials, headers = [], key = owner.apiKey }: Manner) {
  if (credentials === 'headers') return [...headers, ['username', owner.login], ['api-key', key]] as const;
  if (credentials !== 'basic') return headers;
  return [['Authorization', `Basic ${Buffer.from(`${owner.login}:${key}`).toString('base64')}`], ...headers] as const;
}

function lengthOf(method: string, bytes: Buffer, { isChunked }: Manner): (readonly [string, string])[] {
  if (method === 'GET' || method === 'OPTIONS') return [];
  return isChunked && bytes.length > 0
    ? [['Transfer-Encoding', 'chunked']]
    : [['Content-Length', String(bytes.length)]];
}

/** Whole, with its length (or sendRaw fails); JSON; never 201 or 204; an error says what is wrong. */
function checked(call: string, answer: RawAnswer): ClientAnswer {
  const told = `${call}: ${answer.status} ${answer.body.slice(0, 300)}`;
  expect(answer.headers.has('transfer-encoding'), told).toBe(false);
  expect(answer.status === 200 || answer.status >= 400, told).toBe(true);
  expect(answer.status, told).toBeLessThan(500);
  const json = answer.body === '' ? undefined : JSON.parse(answer.body);
  if (answer.body !== '') expect(answer.headers.get('content-type'), told).toMatch(/^application\/json/);
  if (answer.status !== 200) expect(json?.Message, told).toMatch(/\S/);
  return { ...answer, json };
}

/** Fails, with what was answered, unless the answer is exactly 200. */
export function expectSuccess(answer: ClientAnswer): ClientAnswer {
  expect(answer.status, answer.body.slice(0, 500)).toBe(200);
  return answer;
}

/** Dates as the strictest reader wants them: a fraction of exactly three digits. */
export const THREE_DIGITS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z?$/;

/** Fails unless every date of an object, and there are some, has three digits of a fraction. */
export function expectThreeDigits(object: Record<string, unknown>): void {
  const dates = Object.entries(object).filter(([name, value]) => name.endsWith('Date') && value !== null);
  expect(dates.length).toBeGreaterThan(0);
  for (const [name, value] of dates) expect(value, name).toMatch(THREE_DIGITS);
}
