/** A member as its writer needs it. */
export interface WrittenMember {
  wireName: string;
  field: string;
  /** Domain value in, JSON text out; not asked for a value that is missing, which is null. */
  write: (value: unknown) => string;
  /** The JSON text of a member that is always the same. */
  constant?: string | undefined;
}

/**
 * Returns a function that writes the JSON object of a row: every member by its own writer, in the given order.
 *
 * It is put together as source text, one expression for the whole object (schema validators do the same): in a loop
 * over members every read of a field is a look-up by a name that is another one each time, which takes longer than the
 * writing. What is always the same is one text with the name before it, and so is null: half of the members of a run
 * have no value. Names and constants stand in the source as JSON text, so nothing in a declaration can become code.
 */
export function compileWriter(members: readonly WrittenMember[]): (row: object) => string {
  if (members.length === 0) return () => '{}';
  const pieces = members.map(({ wireName, field, constant }, position) => {
    const name = `${position === 0 ? '{' : ','}${JSON.stringify(wireName)}:`;
    if (constant !== undefined) return JSON.stringify(name + constant);
    const [before, missing] = [JSON.stringify(name), JSON.stringify(`${name}null`)];
    return `((value = row[${JSON.stringify(field)}]) == null ? ${missing} : ${before} + write${position}(value))`;
  });
  const names = members.map((_member, position) => `write${position}`);
  const compile = new Function(...names, `return (row) => { let value; return ${pieces.join(' + ')} + "}"; };`);
  return compile(...members.map(({ write }) => write));
}
