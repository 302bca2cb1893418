import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { bareApiKey } from './api-keys.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

// Bulk calls pay for this; at level 1 an answer of 500 runs takes a few milliseconds, off the main thread.
const quickly = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** What an answer is sealed with: the API key of the caller, of which the database holds a hash only. */
export interface Seal {
  apiKey: string;
  /** Differs from request to request. */
  salt: Buffer;
}

/** Returns an answer as it is stored: compressed and, where it holds a secret, readable with the caller's key only. */
export async function packAnswer(text: string, seal?: Seal): Promise<Buffer> {
  const packed = await compress(Buffer.from(text), quickly);
  if (!seal) return packed;
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, secretOf(seal), nonce);
  const sealed = Buffer.concat([cipher.update(packed), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/** Returns the text of a stored answer; undefined when it is sealed with another key. */
export async function unpackAnswer(stored: Buffer, seal?: Seal): Promise<string | undefined> {
  const packed = seal ? opened(stored, seal) : stored;
  return packed && (await decompress(packed)).toString();
}

function opened(stored: Buffer, seal: Seal): Buffer | undefined {
  const decipher = createDecipheriv(CIPHER, secretOf(seal), stored.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(stored.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  const start = decipher.update(stored.subarray(NONCE_BYTES + TAG_BYTES));
  try {
    return Buffer.concat([start, decipher.final()]);
  } catch {
    return undefined;
  }
}

const secretOf = ({ apiKey, salt }: Seal): Buffer =>
  Buffer.from(hkdfSync('sha256', bareApiKey(apiKey), salt, 'answer under an Idempotency-Key', 32));
