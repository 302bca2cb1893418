/** Returns how steps refer to a parameter: `${name}`, the name in lower case (SP-4). */
export function parameterToken(name: string): string {
  return `\${${parameterName(name)}}`;
}

/** Returns a parameter's name as it is kept: in lower case, without blanks around it. */
export function parameterName(name: string): string {
  return name.trim().toLowerCase();
}
