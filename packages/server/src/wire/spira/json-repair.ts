/** JSON as it was meant, or where it cannot be read and what was expected there. */
export type Repair = { text: string } | { offset: number; expected: string };

type Expecting =
  | 'value'
  /** After `[`: a value or the end. */
  | 'valueOrEnd'
  | 'nameOrEnd'
  | 'colon'
  | 'commaOrEnd'
  | 'nothing';

const spoken: Record<Expecting, string> = {
  value: 'a value',
  valueOrEnd: 'a value or ]',
  nameOrEnd: 'a member name in double quotes or }',
  colon: 'a colon',
  commaOrEnd: 'a comma or the end of the list or object',
  nothing: 'the end of the text',
};

const scalarToken = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the characters that JSON wants escaped.
const stringRun = /[^"\\\u0000-\u001f]*/y;
const escapeSequence = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const blanks = /[ \t\r\n]*/y;

/**
 * Returns the text with trailing commas dropped and raw control characters inside strings escaped, else the first
 * place that is no JSON even so. Reads the grammar strictly otherwise; the result is valid JSON.
 */
export function repairJson(text: string): Repair {
  return new Repairer(text).run();
}

class Repairer {
  private readonly text: string;
  private readonly pieces: string[] = [];
  private readonly open: ('[' | '{')[] = [];
  private offset = 0;
  private expecting: Expecting = 'value';
  /** A comma that was read and not yet written: it is dropped when the list or object ends after it. */
  private comma = false;

  constructor(text: string) {
    this.text = text;
  }

  run(): Repair {
    for (;;) {
      this.offset = this.endOf(blanks);
      if (this.offset >= this.text.length) {
        return this.expecting === 'nothing' ? { text: this.pieces.join('') } : this.problem();
      }
      const problem = this.step(this.text.charAt(this.offset));
      if (problem) return problem;
    }
  }

  private step(character: string): Repair | undefined {
    switch (this.expecting) {
      case 'nothing':
        return this.problem();
      case 'colon':
        if (character !== ':') return this.problem();
        return this.take(character, 'value');
      case 'commaOrEnd':
        if (character === ',') return this.takeComma();
        return this.isEnd(character) ? this.close(character) : this.problem();
      case 'nameOrEnd':
        if (character === '"') return this.string('colon');
        return this.isEnd(character) ? this.close(character) : this.problem();
      case 'valueOrEnd':
        return this.isEnd(character) ? this.close(character) : this.value(character);
      case 'value':
        return this.value(character);
    }
  }

  private value(character: string): Repair | undefined {
    if (character === '"') return this.string(this.afterValue());
    if (character === '[' || character === '{') {
      this.open.push(character);
      return this.take(character, character === '[' ? 'valueOrEnd' : 'nameOrEnd');
    }
    const end = this.endOf(scalarToken);
    if (end === this.offset) return this.problem();
    return this.take(this.text.slice(this.offset, end), this.afterValue());
  }

  private string(next: Expecting): Repair | undefined {
    const start = this.offset;
    this.writeComma();
    this.pieces.push('"');
    this.offset += 1;
    for (;;) {
      const end = this.endOf(stringRun);
      this.pieces.push(this.text.slice(this.offset, end));
      this.offset = end;
      const character = this.text.charAt(end);
      if (character === '') return { offset: start, expected: 'the string that begins here to end' };
      if (character === '"') return this.take('"', next);
      if (character === '\\') {
        const after = this.endOf(escapeSequence);
        if (after === end) return { offset: end, expected: 'an escape sequence that JSON knows' };
        this.pieces.push(this.text.slice(end, after));
        this.offset = after;
      } else {
        this.pieces.push(`\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
        this.offset += 1;
      }
    }
  }

  private takeComma(): undefined {
    this.comma = true;
    this.offset += 1;
    this.expecting = this.open.at(-1) === '[' ? 'valueOrEnd' : 'nameOrEnd';
  }

  private close(character: string): undefined {
    this.comma = false;
    this.open.pop();
    this.take(character, this.afterValue());
  }

  private take(piece: string, next: Expecting): undefined {
    this.writeComma();
    this.pieces.push(piece);
    this.offset += piece.length;
    this.expecting = next;
  }

  private writeComma(): void {
    if (this.comma) this.pieces.push(',');
    this.comma = false;
  }

  private isEnd(character: string): boolean {
    return character === (this.open.at(-1) === '[' ? ']' : '}');
  }

  private afterValue(): Expecting {
    return this.open.length > 0 ? 'commaOrEnd' : 'nothing';
  }

  private endOf(token: RegExp): number {
    token.lastIndex = this.offset;
    return token.test(this.text) ? token.lastIndex : this.offset;
  }

  private problem(): Repair {
    return { offset: this.offset, expected: spoken[this.expecting] };
  }
}
