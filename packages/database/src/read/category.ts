import { categoryOf, type http } from '@afk/contracts';

/** What a table knows of a category; null where the classifier was not sure. */
export type CategoryColumns = { category: string | null; categoryProbability: number | null };

/** A category that is none of the 17 (a model of another age wrote it) counts as not sure. */
export function toCategory({ category, categoryProbability }: CategoryColumns): http.Headline['category'] {
  const known = categoryOf(category);
  return known ? { id: known.id, probability: categoryProbability ?? 0 } : null;
}
