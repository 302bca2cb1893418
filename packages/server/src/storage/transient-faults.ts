// Faults of the moment: the same work may succeed when it is tried again (DT-5).
const transientStates = new Set([
  '40001', // serialization failure
  '40P01', // deadlock
  '55P03', // lock not available
  '53300', // too many connections
  '57P01', // terminated by an administrator: the server restarts, or a standby takes over
  '57P02', // crash of another backend
  '57P03', // starting up
  '26000', // a prepared statement that another program sharing the pooler's sessions has removed
  '42P05',
  '25006', // read-only: a primary that has just become a standby
]);

const connectionFaults = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

// The driver gives these no code.
const connectionTexts =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error/i;

/** Returns whether an error says that the database could not do something just now, not that it cannot be done. */
export function isTransientFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as Error & { code?: unknown; syscall?: unknown };
  if (typeof code !== 'string') return connectionTexts.test(error.message);
  if (connectionFaults.has(code)) return code !== 'ENOENT' || syscall === 'connect';
  return transientStates.has(code) || code.startsWith('08') || connectionTexts.test(error.message);
}
