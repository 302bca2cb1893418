/** A member as its writer needs it. */
export interface WrittenMember {
  wireName: string;
  field: string;
  /** Domain value in, JSON text out. */
  write: (value: unknown) => string;
}

/**
 * Returns a function that writes the JSON object of a row: every member by its own writer, in the given order.
 *
 * It is put together as source text, one expression for the whole object (schema validators do the same): in a loop
 * over members every read of a field is a look-up by a name that is another one each time, which takes longer than the
 * writing. Names stand in the source as JSON text, so nothing in a declaration can become code.
 */
export function compileWriter(members: readonly WrittenMember[]): (row: object) => string {
  if (members.length === 0) return () => '{}';
  const pieces = members.map(({ wireName, field }, position) => {
    const before = `${position === 0 ? '{' : ','}${JSON.stringify(wireName)}:`;
    return `${JSON.stringify(before)} + write${position}(row[${JSON.stringify(field)}])`;
  });
  const names = members.map((_member, position) => `write${position}`);
  const compile = new Function(...names, `return (row) => ${pieces.join(' + ')} + "}";`);
  return compile(...members.map(({ write }) => write));
}
