/** Returns SQL that turns a table's id into its name: `case r.release_type_id when 1 then 'Major Release' ... end`. */
export function nameSql(names: ReadonlyMap<number, string>, column: string): string {
  const cases = [...names].map(([id, name]) => `when ${id} then '${name.replaceAll("'", "''")}'`);
  return `case ${column} ${cases.join(' ')} end`;
}
