/**
 * What a failure of the database says about the work that met it:
 * - `unavailable`: it cannot be reached, starts or stops, has just become a standby, takes no more for now, or knows
 *   something else of the session than we do. A connection that says so is not to be used again.
 * - `conflict`: another transaction got in the way; this one was rolled back whole.
 * - `full`: it has no disk left to write on; reading goes on.
 * - `cancelled`: a limit or an administrator ended the statement.
 */
export type DatabaseFault = 'unavailable' | 'conflict' | 'full' | 'cancelled';

/** SQLSTATEs by their meaning; all of class 08 (connections) are `unavailable`. */
const states: Readonly<Record<string, DatabaseFault>> = {
  '25006': 'unavailable', // read-only: a primary that has just become a standby
  '26000': 'unavailable', // a prepared statement that another program sharing a pooler's sessions has removed
  '42P05': 'unavailable', // or has made there under the same name
  '25P03': 'unavailable', // ended for being idle in a transaction: we, or the network, were silent too long
  '53000': 'unavailable', // insufficient resources
  '53100': 'full',
  '53200': 'unavailable', // out of memory
  '53300': 'unavailable', // too many connections
  '53400': 'unavailable', // a configured limit is exceeded
  '57014': 'cancelled',
  '57P01': 'unavailable', // terminated by an administrator: the server restarts, or a standby takes over
  '57P02': 'unavailable', // crash of another backend
  '57P03': 'unavailable', // starting up
  '57P05': 'unavailable', // ended for being idle
  '58000': 'unavailable', // the operating system refused something
  '58030': 'unavailable', // error of the disk
  '40001': 'conflict', // serialization failure
  '40P01': 'conflict', // deadlock
  '55P03': 'conflict', // lock not available in time
};

const connectionFaults = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

// The driver gives these no code.
const connectionTexts =
  /connection terminated|timeout exceeded when trying to connect|timeout expired|client has encountered a connection error|client was closed|cannot use a pool after calling end/i;

/** Returns what a failure says when it is one of the database's moment, undefined when the work itself cannot be done. */
export function databaseFault(error: unknown): DatabaseFault | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, syscall } = codeOf(error);
  if (code !== undefined) {
    if (connectionFaults.has(code) || code.startsWith('08')) return 'unavailable';
    // A missing socket, not a missing file.
    if (code === 'ENOENT' && syscall === 'connect') return 'unavailable';
    const fault = states[code];
    if (fault) return fault;
  }
  return connectionTexts.test(error.message) ? 'unavailable' : undefined;
}

function codeOf(error: Error): { code: string | undefined; syscall: unknown } {
  // Several addresses of one host that all refuse come as one AggregateError.
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  const { code, syscall } = { ...(first ?? {}), ...error } as { code?: unknown; syscall?: unknown };
  return { code: typeof code === 'string' ? code : undefined, syscall };
}
