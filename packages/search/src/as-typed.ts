import { fold } from '@afk/text';
import { onlyWord, type Correction } from './corrected.ts';
import { lex } from './lex.ts';
import { areTooMany, FIELDS } from './query.ts';

/**
 * The query that asks for the words as they were typed in place of what they were corrected to: in quotes, each where
 * it stands by itself, else once more at the end. Undefined where that would be more than a query may say.
 *
 * @param text a query that can be parsed; @param corrections those of its answer
 */
export function asTyped(text: string, corrections: readonly Correction[]): string | undefined {
  const missing = new Map(corrections.map(({ word }) => [fold(word), word]));
  const parts = lex(text, FIELDS).map((piece) => {
    if (piece.field || piece.negated || piece.quoted) return text.slice(piece.start, piece.end);
    const word = onlyWord(piece.text);
    const isMissing = word !== undefined && missing.delete(word.folded);
    // Not as it stands in the text: a quote that is never closed would meet one of these.
    return isMissing ? `"${piece.text.slice(word.start, word.end)}"` : piece.text;
  });
  const others = [...missing.values()].map((word) => `"${word}"`);
  const typed = [...parts, ...others].join(' ');
  return areTooMany(lex(typed, FIELDS)) ? undefined : typed;
}
