import { categories, categoryOf, type CategoryId } from '@afk/contracts';
import { fold, titleKey } from '@afk/text';
import { hasWord } from './forms.ts';
import { languageCode } from './language-code.ts';
import { lex, type Piece } from './lex.ts';
import { named, QuerySyntaxError } from './syntax-error.ts';
import { isAgo, parseDay } from './when.ts';

/** A query taken apart. Each list is empty where the query does not say it. */
export type SearchQuery = {
  /** What the encoders read: words and phrases, in the order given. */
  text: string;
  /** Every headline must have each of these, word for word. */
  phrases: string[];
  /** No headline may have any of these; of several words: as a phrase. */
  excluded: string[];
  /** One of these must be true; folded, as {@link titleKey} has them. */
  publishers: string[];
  categories: CategoryId[];
  /** As {@link languageCode} has them. */
  languages: string[];
  not: { publishers: string[]; categories: CategoryId[]; languages: string[] };
  /** Published in [after, before). */
  after: Date | undefined;
  before: Date | undefined;
};

/** Beyond these a query is no question of a person's, and each costs the index something. */
export const MAX_CLAUSES = 32;

export const FIELDS = ['publisher', 'category', 'language', 'lang', 'after', 'before'] as const;

/**
 * Takes a query apart: words, `"phrases"`, `-word`, `-"phrase"`, `publisher:`, `category:` (of the 17, by id or
 * name, French or English), `language:` (two letters), `after:` and `before:` (a day, an instant, or `3d`, `12h`, `2w` ago).
 * Quotes may be “ ”, „ “ or « », and one that is never closed is none. What looks like a field and is none
 * (`12:30`, `http://…`) is words. A query of nothing but signs (`-`, `""`) is taken as its signs, which no headline
 * has; the empty one asks for nothing.
 *
 * @param clock what `3d` counts back from
 * @throws QuerySyntaxError
 */
export function parseQuery(text: string, clock: Date): SearchQuery {
  const query = emptyQuery();
  const bounds: Bounds = {};
  const read: string[] = [];
  const pieces = lex(text.toWellFormed(), FIELDS);
  if (areTooMany(pieces))
    throw new QuerySyntaxError(`more than ${MAX_CLAUSES} phrases, exclusions and fields in one query`);
  for (const piece of pieces) {
    if (isField(piece)) readField(query, bounds, piece, clock);
    else readWords(query, read, piece);
  }
  checkBounds(bounds);
  query.after = bounds.after?.at;
  query.before = bounds.before?.at;
  query.text = read.join(' ');
  if (query.text === '' && query.excluded.length === 0 && !pieces.some(isField))
    query.text = text.toWellFormed().trim();
  return query;
}

export const areTooMany = (pieces: readonly Piece[]): boolean =>
  pieces.filter(({ field, negated, quoted }) => field || negated || quoted).length > MAX_CLAUSES;

const emptyQuery = (): SearchQuery => ({
  text: '',
  phrases: [],
  excluded: [],
  publishers: [],
  categories: [],
  languages: [],
  not: { publishers: [], categories: [], languages: [] },
  after: undefined,
  before: undefined,
});

type Field = (typeof FIELDS)[number];
type FieldPiece = Piece<Field> & { field: Field };

const isField = (piece: Piece<Field>): piece is FieldPiece => piece.field !== undefined;

function readWords(query: SearchQuery, read: string[], { text, quoted, negated }: Piece): void {
  if (negated) {
    // -> and -🚀 are signs.
    if (hasWord(text)) query.excluded.push(text);
    return;
  }
  read.push(text);
  if (quoted && hasWord(text)) query.phrases.push(text);
}

type Bound = { at: Date; text: string };
type Bounds = { after?: Bound; before?: Bound };

function readField(query: SearchQuery, bounds: Bounds, piece: FieldPiece, clock: Date): void {
  const { field, text, negated } = piece;
  if (text === '')
    throw new QuerySyntaxError(`"${field}:" has nothing after it; its value follows without a space`);
  if (field === 'after' || field === 'before') {
    if (negated) throw new QuerySyntaxError(`"-${field}:" has no meaning; use "${other(field)}:"`);
    const at = parseDay(text, clock);
    if (!at)
      throw new QuerySyntaxError(
        `${named(`${field}:${text}`)} is no day; such as 2026-01-31, or 3d for three days ago`,
      );
    bounds[field] = narrower(field, bounds[field], { at, text });
    return;
  }
  const into = negated ? query.not : query;
  if (field === 'publisher') into.publishers.push(publisherOf(text));
  else if (field === 'category') into.categories.push(categoryNamed(text));
  else into.languages.push(languageNamed(text));
}

const other = (field: 'after' | 'before'): string => (field === 'after' ? 'before' : 'after');

function narrower(field: 'after' | 'before', known: Bound | undefined, bound: Bound): Bound {
  if (!known) return bound;
  return known.at > bound.at === (field === 'after') ? known : bound;
}

/**
 * Nothing lies between two days in the wrong order. Where one of them moves with the clock, it is the clock that says:
 * a saved search must not become wrong by waiting.
 */
function checkBounds({ after, before }: Bounds): void {
  if (!after || !before || before.at > after.at || isAgo(after.text) !== isAgo(before.text)) return;
  throw new QuerySyntaxError(
    `nothing can lie between ${named(`after:${after.text}`)} and ${named(`before:${before.text}`)}`,
  );
}

function publisherOf(text: string): string {
  const key = titleKey(text);
  if (!key) throw new QuerySyntaxError(`${named(`publisher:${text}`)} names no publisher`);
  return key;
}

function categoryNamed(text: string): CategoryId {
  const asked = fold(text).trim();
  const exact = categoryOf(asked.replaceAll(/[\s-]+/g, '_'));
  if (exact) return exact.id;
  const called = categories.find(({ en, fr }) => fold(en) === asked || fold(fr) === asked);
  // `category:economy`: a part of one name alone.
  const parts = categories.filter((c) =>
    `${c.id} ${fold(c.en)} ${fold(c.fr)}`.split(/[^a-z0-9]+/).includes(asked),
  );
  const found = called ?? (parts.length === 1 ? parts[0] : undefined);
  if (found) return found.id;
  throw new QuerySyntaxError(
    `${named(`category:${text}`)} is none of ${categories.map((c) => c.id).join(', ')}`,
  );
}

const FRENCH_NAMES: ReadonlyMap<string, string> = new Map([
  ['francais', 'fr'],
  ['anglais', 'en'],
]);

function languageNamed(text: string): string {
  const asked = fold(text).trim();
  const language = FRENCH_NAMES.get(asked) ?? languageCode(asked);
  if (language) return language;
  throw new QuerySyntaxError(
    `${named(`language:${text}`)} is no language; such as fr, en or another code of two letters`,
  );
}
