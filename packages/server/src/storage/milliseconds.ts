/**
 * Returns SQL of a date as milliseconds since 1970 (UTC), or of an interval as milliseconds: a whole number. As a double, in
 * which milliseconds of any year are exact; `extract` would count in decimals, and they come as text.
 */
export const milliseconds = (sql: string): string => `round(date_part('epoch', ${sql}) * 1000)`;
