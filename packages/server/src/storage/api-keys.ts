import { createHash, randomBytes } from 'node:crypto';

/** A new key as it is shown once, and what is stored of it. */
export interface NewApiKey {
  /** `{XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}`, 128 random bits. */
  key: string;
  hash: Buffer;
  /** The last four characters, by which a person tells two keys apart. */
  hint: string;
}

/** Returns a new random key. */
export function newApiKey(): NewApiKey {
  const digits = randomBytes(16).toString('hex').toUpperCase();
  const body = digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { key: `{${body}}`, hash: hashApiKey(body), hint: body.slice(-4) };
}

/**
 * Returns what is stored of a key: the SHA-256 of its upper-case form without braces. Letter case, braces and
 * surrounding blanks do not matter. A fast hash is enough, since a key is random and not chosen by a person.
 */
export function hashApiKey(text: string): Buffer {
  return createHash('sha256').update(bareApiKey(text)).digest();
}

/** Returns the one form of all spellings of a key. */
export function bareApiKey(text: string): string {
  const bare = text.trim().replace(/^\{(.*)\}$/, '$1');
  return bare.toUpperCase();
}
