/** How the text of an option becomes its value. */
export interface Kind<Value> {
  /** What is allowed, as it completes the sentence "allowed is ...". */
  allowed: string;
  /** Returns the value, undefined when the text is not allowed. */
  read(text: string): Value | undefined;
  /** The name of the value in help texts: `<number>`. */
  placeholder: string;
}

/** A whole number between two bounds, both allowed. */
export function wholeNumber(least: number, most: number): Kind<number> {
  return {
    allowed: `a whole number from ${least} to ${most}`,
    placeholder: '<number>',
    read: (text) => {
      const value = Number(text);
      return /^\d+$/.test(text) && value >= least && value <= most ? value : undefined;
    },
  };
}

export function oneOf<const Word extends string>(...words: readonly Word[]): Kind<Word> {
  return {
    allowed: words.join(', '),
    placeholder: `<${words.join('|')}>`,
    read: (text) => words.find((word) => word === text),
  };
}

export const onOff: Kind<boolean> = {
  allowed: 'on, off',
  placeholder: '<on|off>',
  read: (text) => ({ on: true, true: true, off: false, false: false })[text],
};

export function text(placeholder: string): Kind<string> {
  return { allowed: 'any text', placeholder, read: (given) => given };
}

export const hostName: Kind<string> = {
  allowed: 'an address or host name of this machine, without port',
  placeholder: '<address>',
  read: (given) => (/^[\w.:%-]+$/.test(given) && !/^https?:/.test(given) ? given : undefined),
};

/** A URL with one of these schemes. */
export function url(...schemes: readonly string[]): Kind<string> {
  return {
    allowed: `a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
    placeholder: '<url>',
    read: (given) =>
      URL.canParse(given) && schemes.includes(new URL(given).protocol.slice(0, -1)) ? given : undefined,
  };
}

/** A PostgreSQL. Where it has several hosts, a standby that takes over from a primary, they are separated by commas. */
export const databaseAddress: Kind<string> = {
  allowed: 'a URL that begins with postgres:// or postgresql://, with one host or several separated by commas',
  placeholder: '<url>',
  read: (given) => {
    const [, scheme, user = '', hosts = '', rest] =
      /^(postgres(?:ql)?:\/\/)([^/?#]*@)?([^/?#]*)(.*)$/s.exec(given) ?? [];
    const isAddress = (host: string) => URL.canParse(`${scheme}${user}${host}${rest}`);
    return scheme && hosts.split(',').every(isAddress) ? given : undefined;
  },
};

export const origins: Kind<'*' | readonly string[]> = {
  allowed: '* or origins such as https://reports.example.com, separated by commas',
  placeholder: '<origins>',
  read: (given) => {
    if (given === '*') return '*';
    const listed = given.split(',').map((origin) => origin.trim());
    const isOrigin = (origin: string) => URL.canParse(origin) && new URL(origin).origin === origin;
    return listed.every(isOrigin) ? listed : undefined;
  },
};

export const timeZone: Kind<string> = {
  allowed: 'the name of a time zone such as UTC or Europe/Vienna',
  placeholder: '<zone>',
  read: (given) => {
    try {
      return new Intl.DateTimeFormat('en', { timeZone: given }).resolvedOptions().timeZone && given;
    } catch {
      return undefined;
    }
  },
};
