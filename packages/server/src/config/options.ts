import {
  databaseAddress,
  hostName,
  type Kind,
  oneOf,
  onOff,
  origins,
  text,
  timeZone,
  url,
  wholeNumber,
} from './kinds.ts';

/** One option, declared once: the flag, the environment variable, checking, help and the README are derived from it. */
export interface Option<Value> {
  /** `--pool-size`; its variable is `RUNLEDGER_POOL_SIZE` unless `variable` says otherwise. */
  flag: string;
  variable?: string;
  kind: Kind<Value>;
  /** What holds when nothing is said; null when that depends, then `otherwise` tells on what. */
  fallback: Value;
  otherwise?: string;
  help: string;
  /** Commands that work on the database take these as well; the rest is for `serve` alone. */
  isShared?: true;
}

const option = <Value>(declared: Option<Value>): Option<Value> => declared;
const optional = <Value>(
  declared: Omit<Option<Value | null>, 'fallback'> & { otherwise: string },
): Option<Value | null> => ({ ...declared, fallback: null });

export const options = {
  host: option({
    flag: '--host',
    kind: hostName,
    fallback: '127.0.0.1',
    help: 'Address to listen on. Only this machine reaches the default; 0.0.0.0 or :: listens on all interfaces.',
  }),
  port: option({
    flag: '--port',
    kind: wholeNumber(0, 65535),
    fallback: 8480,
    help: 'Port to listen on; 0 takes any free one.',
  }),
  baseUrl: optional({
    flag: '--base-url',
    kind: url('http', 'https'),
    otherwise: 'the address of the request',
    help: 'Address at which users reach the server, where a proxy stands in between.',
  }),
  trustProxy: option({
    flag: '--trust-proxy',
    kind: onOff,
    fallback: false,
    help: 'Believe the X-Forwarded headers. Only behind a proxy that sets them.',
  }),
  corsOrigins: option<'*' | readonly string[]>({
    flag: '--cors-origins',
    kind: origins,
    fallback: '*',
    help: 'Origins of browser pages that may call the API, separated by commas; * is any.',
  }),
  data: optional({
    flag: '--data',
    kind: text('<directory>'),
    otherwise: 'data in the working directory',
    help: 'Directory of the embedded database and of the key file. Made if missing; one server uses it at a time.',
    isShared: true,
  }),
  databaseUrl: optional({
    flag: '--database-url',
    variable: 'DATABASE_URL',
    kind: databaseAddress,
    otherwise: 'the embedded database',
    help: 'An external PostgreSQL, version 15 or later. Any number of servers may share it. Of several hosts, separated by commas, the one that takes writes is used.',
    isShared: true,
  }),
  poolSize: option({
    flag: '--pool-size',
    kind: wholeNumber(2, 1000),
    fallback: 10,
    help: 'Most connections to the database that this process holds at once.',
    isShared: true,
  }),
  preparedStatements: option<'auto' | 'on' | 'off'>({
    flag: '--prepared-statements',
    kind: oneOf('auto', 'on', 'off'),
    fallback: 'auto',
    help: 'auto uses them directly and behind any pooler; on asks nothing about poolers; off does without.',
    isShared: true,
  }),
  adminKeyFile: optional({
    flag: '--admin-key-file',
    kind: text('<file>'),
    otherwise: 'administrator.key in the data directory',
    help: "File that the administrator's API key is written to on the first start, readable by its owner only.",
  }),
  sample: option({
    flag: '--sample',
    kind: onOff,
    fallback: true,
    help: 'Fill a ledger that has no product yet with a sample product to look at.',
  }),
  refresh: optional({
    flag: '--refresh',
    kind: oneOf('manual', 'nightly', 'continuous', 'immediate'),
    otherwise: 'as stored, at first nightly',
    help: 'When figures follow bulk results: on request, at night, about a second later, or before the call is answered.',
  }),
  nightlyHour: optional({
    flag: '--nightly-hour',
    kind: wholeNumber(0, 23),
    otherwise: 'as stored, at first 2',
    help: 'Hour at which the nightly refresh starts.',
  }),
  timeZone: optional({
    flag: '--time-zone',
    kind: timeZone,
    otherwise: 'as stored, at first UTC',
    help: 'Time zone of that hour.',
  }),
  bodyLimit: option({
    flag: '--body-limit',
    kind: wholeNumber(1, 1024),
    fallback: 64,
    help: 'Largest request body in MiB, as sent and as unpacked.',
  }),
  requestTimeout: option({
    flag: '--request-timeout',
    kind: wholeNumber(1, 86400),
    fallback: 300,
    help: 'Seconds within which a whole request must have come in.',
  }),
  shutdownGrace: option({
    flag: '--shutdown-grace',
    kind: wholeNumber(0, 3600),
    fallback: 30,
    help: 'Seconds that requests in flight are given when the server is told to stop.',
  }),
  logLevel: option({
    flag: '--log-level',
    kind: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
    fallback: 'info',
    help: 'Least important messages that are logged, to standard error.',
    isShared: true,
  }),
  logFormat: optional({
    flag: '--log-format',
    kind: oneOf('json', 'plain'),
    otherwise: 'plain in a terminal, else json',
    help: 'One JSON object a line, or one line of text for people.',
    isShared: true,
  }),
} as const;

export type OptionName = keyof typeof options;

/** The checked values of all options. */
export type Config = { readonly [Name in OptionName]: (typeof options)[Name]['fallback'] };

/** Returns the environment variable of an option. */
export function variableOf({ flag, variable }: Pick<Option<unknown>, 'flag' | 'variable'>): string {
  return variable ?? `RUNLEDGER_${flag.slice(2).toUpperCase().replaceAll('-', '_')}`;
}
