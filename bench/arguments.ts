import { InvalidArgumentError } from 'commander';

/** Returns a reader of arguments whose errors commander tells together with the name of the option. */
export function read<Value>(reader: (text: string) => Value): (text: string) => Value {
  return (text) => {
    try {
      return reader(text);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  };
}

/** Reads a number above 0, such as 0.5. */
export const positiveNumber = read((text) => {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0)) throw new Error('It must be a number above 0.');
  return value;
});
