import { fold, tellingWords } from '@afk/text';
import { highlighter as reader, type Highlighter, type Range } from './highlight.ts';

/**
 * Marks the words and phrases of a query: the same as `./highlight.ts` does, for a page of headlines in a fraction of its time: it splits and stems every
 * word, and nearly none begins as one that was searched for. Only what stands between two spaces around one that does
 * is shown to it. Phrases go across spaces, and so do numbers (10 000): there it reads all.
 */
export function highlighter(searched: string, phrases: readonly string[] = []): Highlighter {
  const mark = reader(searched, phrases);
  const begins = beginsOf(searched);
  if (phrases.length > 0 || begins.length === 0 || /\p{N}/u.test(searched)) return mark;
  const may = new RegExp(`(?:${begins.join('|')}|${FOREIGN})`, 'gi');
  // The words of a question stand in most of its answers, and nearly always alike.
  const known = new Map<string, Range[]>();
  const marked = (piece: string, language: string): Range[] => {
    const key = `${language} ${piece}`;
    const marks = known.get(key) ?? mark(piece, language);
    known.set(key, marks);
    return marks;
  };
  return (text, language) =>
    piecesOf(text, may).flatMap(({ start, end }) =>
      marked(text.slice(start, end), language).map(([from, to]): Range => [start + from, start + to]),
    );
}

type Piece = { start: number; end: number };

/** What stands between two spaces and has a word that begins so. */
function piecesOf(text: string, may: RegExp): Piece[] {
  const pieces: Piece[] = [];
  may.lastIndex = 0;
  for (let found = may.exec(text); found; found = may.exec(text)) {
    if (isInside(text, found.index)) continue;
    const [start, end] = [startOf(text, found.index), endOf(text, found.index)];
    pieces.push({ start, end });
    may.lastIndex = end;
  }
  return pieces;
}

/** Whatever folds to who knows what: É, œ, Arabic. */
const FOREIGN = '[^\\0-\\x7f]';

/** Patterns of how a word begins: two letters that stemming leaves alone, but for the y of dying; or O', U. */
function beginsOf(searched: string): string[] {
  const behindApostrophes = [...searched.matchAll(/['’ʼ＇](\p{L}+)/gu)].map(([, part = '']) => fold(part));
  const words = [...tellingWords(searched).map((word) => word.folded), ...behindApostrophes];
  return [...new Set(words.filter((word) => /^[a-z]/.test(word)).map(beginOf))];
}

function beginOf(word: string): string {
  // Of two letters stemming may take one.
  if (!/^[a-z]{3}/.test(word)) return word.slice(0, 1);
  const second = word[1] === 'i' || word[1] === 'y' ? 'iy' : word[1];
  return `${word[0]}(?:[${second}'.]|${FOREIGN})`;
}

const isInside = (text: string, at: number): boolean => at > 0 && /[a-z\d]/i.test(text[at - 1]!);

function startOf(text: string, at: number): number {
  let start = at;
  while (start > 0 && !isSpace(text.charCodeAt(start - 1))) start--;
  return start;
}

function endOf(text: string, at: number): number {
  let end = at;
  while (end < text.length && !isSpace(text.charCodeAt(end))) end++;
  return end;
}

const isSpace = (code: number): boolean => code === 32 || code === 10 || code === 9 || code === 13;
