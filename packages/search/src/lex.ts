import { QuerySyntaxError, shortened } from './syntax-error.ts';

/** A piece of a query: a word, or what stands in quotes, with what stands before it. */
export type Piece<F extends string = string> = {
  /** Trimmed; empty only after a field. */
  text: string;
  quoted: boolean;
  negated: boolean;
  field: F | undefined;
  /** Where all of it stands, [start, end), UTF-16 code units. */
  start: number;
  end: number;
};

const CLOSING: Record<string, string> = { '"': '"', '“': '”', '„': '“', '«': '»' };
const OPENING = Object.keys(CLOSING).join('');
const QUOTES = /["“”„«»]/gu;

// Each is tried at one place (sticky): a query is read in one pass, however hostile.
const SPACE = /\s*/uy;
// A minus excludes where a word may begin and something follows: not in covid-19, a - b, --word.
const MINUS = /(?<!\S)[-−](?![-−\s]|$)/uy;
const NAME = /(\p{L}+):/uy;
// A quote after a letter or digit (12", say"hello) opens nothing. A no-break space parts no number.
const WORD = new RegExp(
  `(?:[^\\s${OPENING}]|(?<=[\\p{L}\\p{M}\\p{N}])[${OPENING}]|(?<=\\p{N})[\\u00a0\\u202f](?=\\p{N}))+`,
  'uy',
);

/**
 * Reads a query piece by piece; only these names are fields. Pieces without a text are left out, but for fields.
 *
 * @throws QuerySyntaxError where the quote of a field or an exclusion is never closed
 */
export function lex<F extends string>(text: string, fields: readonly F[]): Piece<F>[] {
  const pieces: Piece<F>[] = [];
  const reader = new Reader(text);
  while (!reader.atEnd()) {
    const begun = reader.at;
    const negated = reader.take(MINUS) !== undefined;
    const field = reader.takeName(fields);
    const { text, quoted, open } = takeText(reader);
    if (open && (negated || field))
      throw new QuerySyntaxError(`the quote in ${shortened(reader.since(begun))} is never closed`);
    if (text || field)
      pieces.push({
        text,
        quoted: quoted && field === undefined,
        negated,
        field,
        start: begun,
        end: reader.at,
      });
  }
  return pieces;
}

/** `open`: a quote stands before the text, and is none, being never closed. */
function takeText(reader: Reader): { text: string; quoted: boolean; open: boolean } {
  const begun = reader.at;
  const inside = reader.takeQuoted();
  if (inside !== undefined) return { text: inside.trim(), quoted: true, open: false };
  const open = reader.at > begun;
  const word = reader.take(WORD) ?? '';
  return { text: word.replaceAll(QUOTES, ' ').trim(), quoted: false, open };
}

class Reader {
  at = 0;
  private readonly text: string;
  /** Kinds of quote that are not closed in what is left: looked for once. */
  private readonly unclosed = new Set<string>();

  constructor(text: string) {
    this.text = text;
  }

  atEnd(): boolean {
    this.take(SPACE);
    return this.at >= this.text.length;
  }

  since(begun: number): string {
    return this.text.slice(begun, this.at);
  }

  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  /** A name that is no field is left where it is: it belongs to a word. */
  takeName<F extends string>(fields: readonly F[]): F | undefined {
    NAME.lastIndex = this.at;
    const [all = '', name] = NAME.exec(this.text) ?? [];
    const field = fields.find((f) => f === name?.toLowerCase());
    if (field) this.at += all.length;
    return field;
  }

  /** Undefined where no quote opens here; one that is never closed is passed over. */
  takeQuoted(): string | undefined {
    const opening = this.text[this.at] ?? '';
    if (opening === '' || !OPENING.includes(opening)) return undefined;
    const begin = (this.at += 1);
    const closing = CLOSING[opening]!;
    const end = this.unclosed.has(closing) ? -1 : this.text.indexOf(closing, begin);
    if (end < 0) {
      this.unclosed.add(closing);
      return undefined;
    }
    this.at = end + 1;
    return this.text.slice(begin, end);
  }
}
