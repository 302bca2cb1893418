import type { FastifyRequest } from 'fastify';
import { type DestinationStream, type Logger, pino } from 'pino';

export interface LogOptions {
  level: string;
  /** Where lines go; standard output by default. */
  destination?: DestinationStream;
}

/** Headers that carry keys or sessions. They are not logged anyway; should somebody log headers, these stay out. */
const secretHeaders = ['authorization', 'api-key', 'username', 'cookie', 'set-cookie'];

/** Returns the server's logger: one JSON object a line. */
export function createLogger({ level, destination }: LogOptions): Logger {
  const redact = secretHeaders.flatMap((header) => [`headers["${header}"]`, `*.headers["${header}"]`]);
  const options = {
    level,
    redact,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: levelName },
  };
  return destination ? pino(options, destination) : pino(options);
}

const levelName = (label: string) => ({ level: label });

const secretParameters = /^(api-?key|rss-?token|token|password|username|access_token)$/i;

/** Returns a URL as it may be logged: most clients send their key in the query. */
export function urlWithoutSecrets(url: string): string {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query =
    mark < 0
      ? ''
      : `?${url
          .slice(mark + 1)
          .split('&')
          .map(withoutSecret)
          .join('&')}`;
  return (path + query).replace(/(?:\{|%7b)[0-9a-f-]{36}(?:\}|%7d)/gi, '***').slice(0, 2_000);
}

function withoutSecret(part: string): string {
  const equals = part.indexOf('=');
  const name = equals < 0 ? part : part.slice(0, equals);
  let decoded = name;
  try {
    decoded = decodeURIComponent(name);
  } catch {
    // A name that cannot be decoded is compared as it stands.
  }
  return secretParameters.test(decoded.trim()) ? `${name}=***` : part;
}

/** Returns what a log line says of a request. */
export function loggedRequest(request: FastifyRequest): object {
  return {
    method: request.method,
    url: urlWithoutSecrets(request.originalUrl),
    from: request.ip,
    agent: request.headers['user-agent'],
  };
}
