import { type DestinationStream, type Logger, pino } from 'pino';
import type { Config } from '../config/options.ts';
import { createLogger } from '../http/log.ts';

/**
 * Returns the log of this process: to standard error, so that standard output is for people and pipes. Unless the format
 * is set, a person at a terminal gets lines of text and whatever collects logs gets JSON.
 */
export function programLog({ logLevel, logFormat }: Pick<Config, 'logLevel' | 'logFormat'>): Logger {
  const destination = pino.destination({ dest: 2, sync: true });
  return createLogger({
    level: logLevel,
    destination:
      (logFormat ?? (process.stderr.isTTY ? 'plain' : 'json')) === 'plain'
        ? plain((line) => destination.write(line))
        : destination,
  });
}

/** A stream that turns the log's JSON lines into lines for people: time, level, message, the rest as JSON. */
export function plain(write: (line: string) => void): DestinationStream {
  return {
    write: (json) => {
      const { time, level, msg, err, ...rest } = JSON.parse(json) as Record<string, unknown>;
      const more = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : '';
      const stack = (err as { stack?: string } | undefined)?.stack;
      write(`${time} ${String(level).toUpperCase().padEnd(5)} ${msg ?? ''}${more}${stack ? `\n${stack}` : ''}\n`);
    },
  };
}
