import { type Option, options, variableOf } from './options.ts';

/** Returns what holds when nothing is said, as people read it. */
export function shownFallback({ fallback, otherwise }: Option<unknown>): string {
  if (otherwise !== undefined) return otherwise;
  if (typeof fallback === 'boolean') return fallback ? 'on' : 'off';
  return String(fallback);
}

/** Returns the help text of an option with its default and variable. */
export function helpOf(option: Option<unknown>): string {
  return `${option.help} (default: ${shownFallback(option)}; ${variableOf(option)})`;
}

/** Returns the table of options as it stands in the README. */
export function optionsTable(): string {
  const rows = Object.values<Option<unknown>>(options).map((option) => [
    `\`${option.flag} ${option.kind.placeholder.replaceAll('|', '\\|')}\``,
    `\`${variableOf(option)}\``,
    shownFallback(option).replaceAll('*', '\\*'),
    option.help.replaceAll('*', '\\*'),
  ]);
  const table = [['Flag', 'Environment variable', 'Default', 'Meaning'], ['---', '---', '---', '---'], ...rows];
  return table.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
