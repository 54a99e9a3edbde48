import type { Example } from '@afk/classifier';
import { categoryIds, type CategoryId } from '@afk/contracts';

/**
 * Reads a seed file: a category id, a tab and a headline a line.
 * @throws Error naming file and line
 */
export function readSeed(text: string, language: string, file: string): Example[] {
  return text.split(/\r?\n/).flatMap((line, i) => {
    if (line.trim() === '') return [];
    const [label, title, ...rest] = line.split('\t');
    if (!label || !title?.trim() || rest.length > 0 || !categoryIds.includes(label as CategoryId)) {
      throw new Error(`${file}:${i + 1}: not "category<TAB>headline": ${line.slice(0, 80)}`);
    }
    return { text: title, label, language };
  });
}
