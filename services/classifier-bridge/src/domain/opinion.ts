import { predict, type Input, type LinearModel } from '@afk/classifier';
import { categoryIds, type CategoryId } from '@afk/contracts';

/** The 17 categories in alphabetical order of their ids: the order of every opinion. */
export const labels: readonly CategoryId[] = categoryIds.toSorted();

/** What a model says of a text: a probability for each of `labels`, which sum to 1. */
export type Opinion = Float64Array;

/** No category is likelier than another: what "unsure" says. */
export function noOpinion(): Opinion {
  return new Float64Array(labels.length).fill(1 / labels.length);
}

// Above chance (1/17), so that the label that was said stays the likeliest.
const LEAST = 0.06;

/** One label with its probability; the others share the rest evenly. */
export function opinionFor(label: CategoryId, probability: number): Opinion {
  const own = Math.min(1, Math.max(probability, LEAST));
  const opinion = new Float64Array(labels.length).fill((1 - own) / (labels.length - 1));
  opinion[labels.indexOf(label)] = own;
  return opinion;
}

/**
 * Probabilities by label, scaled so that they sum to 1; a label that is not named has none.
 *
 * @param probabilities of some of the 17 labels, with a sum above 0
 */
export function opinionFrom(probabilities: Readonly<Record<string, number>>): Opinion {
  const sum = Object.values(probabilities).reduce((a, b) => a + b, 0);
  return Float64Array.from(labels, (label) => (probabilities[label] ?? 0) / sum);
}

/** What the linear model says of each text. It may know some of the 17 labels only. */
export function linearOpinions(model: LinearModel, texts: readonly Input[]): Opinion[] {
  const places = model.labels.map((label) => labels.indexOf(label as CategoryId));
  return predict(model, texts).map(({ probabilities }) => {
    const opinion = new Float64Array(labels.length);
    for (const [i, p] of probabilities.entries()) opinion[places[i]!] = p;
    return opinion;
  });
}
