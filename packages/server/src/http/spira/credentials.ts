import type { IncomingHttpHeaders } from 'node:http';
import type { Credentials } from '../../views/actor.ts';

/** Returns the credentials of a request: the header pair, then Basic, then the query; the first complete one decides. */
export function credentialsOf(headers: IncomingHttpHeaders, query: string): Credentials | undefined {
  return fromHeaders(headers) ?? fromBasic(headers.authorization) ?? fromQuery(query);
}

/** Returns whether the request carried HTTP Basic; only then a 401 may make a browser open its login box. */
export function usesBasic(headers: IncomingHttpHeaders): boolean {
  return /^basic\b/i.test(headers.authorization ?? '');
}

function complete(logins: readonly string[], apiKey: string): Credentials | undefined {
  const given = logins.map((login) => login.trim()).filter((login) => login !== '');
  return given.length > 0 && apiKey.trim() !== '' ? { logins: given, apiKey } : undefined;
}

function fromHeaders(headers: IncomingHttpHeaders): Credentials | undefined {
  const login = String(headers['username'] ?? '');
  // Node reads header bytes as Latin-1; a client that wrote UTF-8 means its UTF-8 reading.
  const asUtf8 = Buffer.from(login, 'latin1').toString('utf8');
  return complete(asUtf8 === login ? [login] : [login, asUtf8], String(headers['api-key'] ?? ''));
}

function fromBasic(authorization: string | undefined): Credentials | undefined {
  const encoded = /^basic\s+([A-Za-z0-9+/=_-]+)\s*$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon < 0 ? undefined : complete([pair.slice(0, colon)], pair.slice(colon + 1));
}

function fromQuery(query: string): Credentials | undefined {
  const login = parameter(query, 'username');
  const apiKey = parameter(query, 'api-key');
  // A plus is a space in form encoding, but add-ons paste logins unencoded.
  const literal = query.includes('+') ? parameter(query.replaceAll('+', '%2B'), 'username') : login;
  return complete(literal === login ? [login] : [login, literal], apiKey);
}

function parameter(query: string, name: string): string {
  for (const [given, value] of new URLSearchParams(query)) {
    if (given.toLowerCase() === name && value !== '') return value;
  }
  return '';
}
