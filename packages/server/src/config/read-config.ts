import { type Config, type Option, type OptionName, options, variableOf } from './options.ts';

/** Options that cannot be taken as they are; the message names each with its value and what is allowed. */
export class ConfigError extends Error {
  readonly exitCode = 2;
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** What was given on the command line, by option name, and the environment. */
export interface ConfigSources {
  flags: Partial<Record<OptionName, string>>;
  environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Returns the checked configuration: a flag wins over its variable, an empty value counts as not given. Throws a
 * ConfigError that lists everything wrong at once, unknown RUNLEDGER_ variables included.
 */
export function readConfig({ flags, environment }: ConfigSources): Config {
  const problems = unknownVariables(environment);
  const entries = (Object.keys(options) as OptionName[]).map((name) => {
    const { value, problem } = readOption(options[name], flags[name], environment);
    if (problem) problems.push(problem);
    return [name, value] as const;
  });
  const config = Object.fromEntries(entries) as Config;
  if (problems.length === 0) problems.push(...contradictions(config));
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

function readOption(
  option: Option<unknown>,
  flag: string | undefined,
  environment: ConfigSources['environment'],
): { value: unknown; problem?: string } {
  const variable = variableOf(option);
  const [source, given] = flag ? [option.flag, flag] : [variable, environment[variable]];
  if (given === undefined || given === '') return { value: option.fallback };
  const value = option.kind.read(given);
  if (value !== undefined) return { value };
  return { value, problem: `${source}: ${shown(option, given)} is not allowed; allowed is ${option.kind.allowed}` };
}

/** A database URL carries a password, and messages end up in logs. */
function shown(option: Option<unknown>, given: string): string {
  return option === options.databaseUrl ? 'its value' : `"${given}"`;
}

/** The variables that tests use are not options of the server. */
const forTests = /^RUNLEDGER_TEST_/;

function unknownVariables(environment: ConfigSources['environment']): string[] {
  const known = new Set(Object.values(options).map(variableOf));
  return Object.keys(environment)
    .filter((name) => name.startsWith('RUNLEDGER_') && !known.has(name) && !forTests.test(name))
    .map((name) => `${name}: there is no such option; there are ${[...known].join(', ')}`);
}

/** What is wrong between options that are each right. */
function contradictions(config: Config): string[] {
  const problems: string[] = [];
  if (config.databaseUrl === null && config.poolSize > 100) {
    problems.push(
      `--pool-size: "${config.poolSize}" is not allowed for the embedded database; allowed is up to 100, or name an ` +
        'external database with --database-url',
    );
  }
  if (config.baseUrl !== null && /[?#]/.test(config.baseUrl)) {
    problems.push(`--base-url: "${config.baseUrl}" is not allowed; allowed is a URL without ? and #`);
  }
  return problems;
}
