/** How the program ends when it cannot start; documented for people who write service units. */
export const exitCodes = {
  /** Anything not listed below. */
  failure: 1,
  /** An option that does not exist or has a value that is not allowed. */
  configuration: 2,
  /** The schema of the database is newer than this program, or was changed by hand. */
  schema: 3,
  /** The database cannot be started or reached. */
  database: 4,
  /** Another server works on the same data directory. */
  inUse: 5,
} as const;

/** A reason not to start that the administrator can mend: the message says how. */
export class StartupError extends Error {
  readonly exitCode: number;

  constructor(kind: keyof typeof exitCodes, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartupError';
    this.exitCode = exitCodes[kind];
  }
}
