import { DomainError } from '../domain/errors.ts';

const LONGEST_KEY = 255;

/** A string of RFC 8941, 3.3.3, with the parameters that any item may have (3.1.2). */
const quoted =
  /^"((?:[ !#-[\]-~]|\\["\\])*)"(?: *; *[a-z*][a-z0-9_.*-]*(?:=(?:"(?:[ !#-[\]-~]|\\["\\])*"|[!#-+.-:<-~-]+))?)*$/;
/** What clients write instead: the key alone. Whatever would be read in two ways is left out. */
const bare = /^[!#-+\-./0-9:<-[\]-~=]+$/;

/**
 * Returns the key in the Idempotency-Key header of a request; undefined without the header. After the draft "The
 * Idempotency-Key HTTP Header Field" of the IETF (2.1) it is a Structured Fields string, `"8e03978e-40d5"`; without
 * the quotes it is taken as well, as the same key. Refuses a key of no or of more than 255 characters, and a value that
 * is neither, so two headers in one request, too.
 */
export function idempotencyKey(header: string | readonly string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const value = (typeof header === 'string' ? header : header.join(', ')).replace(/^[ \t]+|[ \t]+$/g, '');
  const key = quoted.exec(value)?.[1]?.replace(/\\(["\\])/g, '$1') ?? bare.exec(value)?.[0];
  if (key === undefined && value !== '') {
    throw new DomainError(
      'malformed',
      'The header Idempotency-Key is one string, such as "8e03978e-40d5-43e8-bc93-6894a57f9324", in visible ASCII characters',
    );
  }
  if (key === undefined || key === '') throw new DomainError('malformed', 'The header Idempotency-Key is empty');
  if (key.length > LONGEST_KEY) {
    throw new DomainError(
      'malformed',
      `The header Idempotency-Key has ${key.length} characters, ${LONGEST_KEY} at most`,
    );
  }
  return key;
}
