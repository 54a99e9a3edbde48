import type { Example } from '@afk/classifier';
import { categoryIds, type CategoryId } from '@afk/contracts';

/**
 * Reads a file of labelled headlines: a category id, a tab and a headline a line.
 *
 * @param language of all of them; undefined where it is to be detected
 * @throws Error naming file and line
 */
export function readSeed(text: string, language: string | undefined, file: string): Example[] {
  return text.split(/\r?\n/).flatMap((line, i) => {
    if (line.trim() === '') return [];
    const [label, title, ...rest] = line.split('\t');
    if (!label || !title?.trim() || rest.length > 0 || !categoryIds.includes(label as CategoryId)) {
      throw new Error(`${file}:${i + 1}: not "category<TAB>headline": ${line.slice(0, 80)}`);
    }
    return [language === undefined ? { text: title, label } : { text: title, label, language }];
  });
}

/** The same headline to a reader, whatever its case, its punctuation and its blanks. */
export function titleOf(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** One example a title: what comes later corrects what came before. */
export function corrected(examples: readonly Example[], corrections: readonly Example[]): Example[] {
  return [...new Map([...examples, ...corrections].map((e) => [titleOf(e.text), e])).values()];
}
