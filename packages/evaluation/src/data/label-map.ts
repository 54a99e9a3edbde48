import { existsSync, readFileSync } from 'node:fs';
import type { Outcome } from '../metrics/classification.ts';

/** A model's label -> the test's. */
export type LabelMap = ReadonlyMap<string, string>;

/**
 * Reads a JSON object from the model's labels to those of a test.
 * @throws Error that names the file and what is wrong with it
 */
export function readLabelMap(file: string, known: readonly string[]): LabelMap {
  if (!existsSync(file)) throw new Error(`${file}: no such file`);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Error(`${file} is no JSON: ${(cause as Error).message}`, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${file}: not an object from the model's labels to those of the test`);
  const entries = Object.entries(value as Record<string, unknown>);
  for (const [from, to] of entries) {
    if (!known.includes(from))
      throw new Error(`${file}: the model has no label "${from}"; it has ${known.join(', ')}`);
    if (typeof to !== 'string') throw new Error(`${file}: the label of "${from}" is no text`);
  }
  if (entries.length === 0) throw new Error(`${file}: maps no label`);
  return new Map(entries as [string, string][]);
}

/** The likeliest of the test's labels, its probability among those of the map. */
export function restricted(
  gold: string,
  labels: readonly string[],
  probabilities: ArrayLike<number>,
  map: LabelMap,
): Outcome {
  const sums = new Map<string, number>([...map.values()].map((target) => [target, 0]));
  for (const [c, label] of labels.entries()) {
    const target = map.get(label);
    if (target !== undefined) sums.set(target, sums.get(target)! + probabilities[c]!);
  }
  const total = [...sums.values()].reduce((a, b) => a + b, 0);
  const [label, sum] = [...sums].reduce((a, b) => (b[1] > a[1] ? b : a));
  // All of the map may be impossible to it: then it knows nothing.
  return { gold, label, probability: total > 0 ? sum / total : 1 / sums.size };
}
