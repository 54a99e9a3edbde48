import { createHash } from 'node:crypto';

/** SHA-256, 16 hexadecimal digits: names and orders that no machine changes. */
export const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** Fold of each example: stratified by label, in an order that the seed decides and the caller's order does not. */
export function foldsOf(
  keys: readonly string[],
  targets: Int32Array,
  { seed, folds }: { seed: number; folds: number },
): Int32Array {
  const shuffled = keys.map((key, i) => ({ i, at: hash(`${seed} ${key}`) }));
  shuffled.sort((a, b) => targets[a.i]! - targets[b.i]! || (a.at < b.at ? -1 : a.at > b.at ? 1 : a.i - b.i));
  const fold = new Int32Array(keys.length);
  for (const [rank, { i }] of shuffled.entries()) fold[i] = rank % folds;
  return fold;
}

/** The rows of a fold, and all others. */
export function partition(folds: Int32Array, fold: number): { held: number[]; kept: number[] } {
  const held: number[] = [];
  const kept: number[] = [];
  for (const [i, own] of folds.entries()) (own === fold ? held : kept).push(i);
  return { held, kept };
}
