import { createHash } from 'node:crypto';
import { trainAsync, type Example, type Input, type LinearModel } from '@afk/classifier';
import type { ModelMetrics, NewModel } from '@afk/database';
import { linearOpinions, type Opinion } from './domain/opinion.ts';
import { titleOf } from './domain/seed.ts';
import { figuresOf } from './models/figures.ts';
import { nameOf, packModel } from './models/pack.ts';

export { corrected, readSeed as readLabels } from './domain/seed.ts';
export { unpackModel } from './models/pack.ts';
export { shippedExamples, shippedFingerprint } from './shipped.ts';

export type Learning = {
  examples: readonly Example[];
  /** Headlines without a label, to learn words from. */
  unlabelled?: readonly Input[];
  signal?: AbortSignal | undefined;
};

const FOLDS = 5;

/** Trains a model, and packs it as a row that has not been measured. */
export async function trainRow(learning: Learning): Promise<NewModel> {
  const { examples } = learning;
  const unlabelled = usable(learning);
  const model = await learn(examples, unlabelled, learning.signal);
  const metrics = { labels: countLabels(examples), unlabelled: unlabelled.length };
  const body = await packModel(model);
  return { version: nameOf(model), kind: 'linear', examples: examples.length, metrics, body };
}

/**
 * Figures of five-fold cross-validation: each example is judged by a model that was trained on the others, with
 * the same headlines without labels. Folds follow from the titles, not from their order.
 */
export async function measure(
  learning: Learning,
  onFold: (done: number, of: number) => void = () => {},
): Promise<Required<Pick<ModelMetrics, 'accuracy' | 'macro_f1' | 'ece' | 'folds'>>> {
  const { examples, signal } = learning;
  const unlabelled = usable(learning);
  const folds = foldsOf(examples);
  const opinions: Opinion[] = Array.from({ length: examples.length });
  for (let fold = 0; fold < FOLDS; fold++) {
    const held = examples.flatMap((_, i) => (folds[i] === fold ? [i] : []));
    if (held.length === 0) continue;
    const others = examples.filter((_, i) => folds[i] !== fold);
    const model = await learn(others, unlabelled, signal);
    const said = linearOpinions(
      model,
      held.map((i) => examples[i]!),
    );
    for (const [h, i] of held.entries()) opinions[i] = said[h]!;
    onFold(fold + 1, FOLDS);
  }
  const right = examples.map((e) => e.label);
  return { ...figuresOf(opinions, right), folds: FOLDS };
}

function learn(
  examples: readonly Example[],
  unlabelled: readonly Input[],
  signal: AbortSignal | undefined,
): Promise<LinearModel> {
  // What may be used is part of a model's name: without such texts it is that of the plain model.
  const more = unlabelled.length > 0 ? { unlabelled, mostUnlabelled: unlabelled.length } : {};
  return trainAsync(examples, { ...more, ...(signal && { signal }) });
}

/** Each once, and none that has a label: a held-out example must not be learned from, not even unlabelled. */
function usable({ examples, unlabelled = [] }: Learning): Input[] {
  const labelled = new Set(examples.map((e) => titleOf(e.text)));
  const distinct = new Map(unlabelled.map((t) => [titleOf(t.text), t]));
  return [...distinct].flatMap(([title, text]) => (title === '' || labelled.has(title) ? [] : [text]));
}

function countLabels(examples: readonly Example[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { label } of examples) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

/** Every label is spread evenly over the folds. */
function foldsOf(examples: readonly Example[]): number[] {
  const order = examples
    .map(({ text, label }, i) => ({ i, label, at: createHash('sha256').update(text).digest('hex') }))
    .toSorted((a, b) => (a.label < b.label ? -1 : a.label > b.label ? 1 : a.at < b.at ? -1 : 1));
  const folds: number[] = Array.from({ length: examples.length });
  for (const [rank, { i }] of order.entries()) folds[i] = rank % FOLDS;
  return folds;
}
