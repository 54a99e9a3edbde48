import { fold, splitWords } from '@afk/text';

/** What is being typed at the end of a query: of which kind, how it begins (folded), and what stands before it. */
export type Typed = { kind: 'word' | 'publisher' | 'category'; prefix: string; head: string };

/** A field whose value is not finished: no quote has closed it, and without quotes no space. */
const FIELD = /(?:^|\s)[-−]?((publisher|category):(?:["“„«]([^"”»]*)|([^\s"“”„«»]*)))$/iu;
const OTHER_FIELD = /(?:^|\s)[-−]?(?:language|lang|after|before):\S*$/iu;
const LAST_WORD = /[^\s"“”„«»]*$/u;

/** @returns undefined where nothing is being typed that could be completed */
export function typedOf(q: string): Typed | undefined {
  const field = FIELD.exec(q);
  if (field) {
    const [, whole = '', name = '', quoted, bare = ''] = field;
    const kind = name.toLowerCase() === 'publisher' ? 'publisher' : 'category';
    return { kind, prefix: fold(quoted ?? bare).trimStart(), head: q.slice(0, -whole.length) };
  }
  if (OTHER_FIELD.test(q)) return undefined;
  const last = LAST_WORD.exec(q)![0];
  const word = splitWords(last, 'fr').at(-1);
  if (!word || !/[\p{L}\p{M}\p{N}]$/u.test(last)) return undefined;
  // l'élec: what is elided stays. O'Neill, U.S.: joined, the surface stands nowhere.
  const at = last.lastIndexOf(word.surface);
  const begin = at >= 0 && at + word.surface.length === last.length ? at : 0;
  return { kind: 'word', prefix: word.folded, head: q.slice(0, q.length - last.length + begin) };
}

/** A field with its value, in the quotes that the syntax needs. */
export function fieldOf(name: 'publisher' | 'category', value: string): string {
  const plain = value.replaceAll('"', ' ').replaceAll(/\s+/gu, ' ').trim();
  return /^[\p{L}\p{N}][^\s“„«]*$/u.test(plain) ? `${name}:${plain}` : `${name}:"${plain}"`;
}

/** A title as words to search for: nothing in it is syntax. */
export function plainWords(title: string): string {
  return title
    .replaceAll(/["“”„«»]/gu, ' ')
    .replaceAll(/(^|\s)[-−]+/gu, '$1')
    .replaceAll(/(^|\s)(publisher|category|language|lang|after|before):/giu, '$1$2 ')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}
