import { randomOf, runSteps, runStepsAsync } from '@afk/text';
import type { Steps } from '@afk/text';
import { readTexts, readTokens } from './collection.ts';
import type { Collection } from './collection.ts';
import { describeTopics } from './describe-topics.ts';
import { embed } from './embedding.ts';
import type { Embedding } from './embedding.ts';
import { membershipOf } from './membership.ts';
import { settingsOf } from './options.ts';
import { partitionOf } from './partition.ts';
import type { FindTopicsOptions, FoundTopics, TokenDoc, TopicDoc } from './types.ts';

/** A collection that has been read and embedded: topics of any k can be found in it at little cost. */
export type PreparedTopics = { collection: Collection; embedding: Embedding };

/**
 * Topics of a collection of texts, long or short: latent semantic analysis, spherical k-means from a Ward start, keywords
 * that tell a topic and go together; see the README for the formulas. The same docs and seed give the same topics, in
 * whatever order the docs come, as long as their ids differ.
 *
 * Throws RangeError on a bad option or a doc whose time is no number; the signal's reason when aborted.
 */
export function findTopics(docs: readonly TopicDoc[], options: FindTopicsOptions = {}): FoundTopics {
  return runSteps(textSteps(docs, options), options.signal);
}

/** The same, giving the event loop a turn every few milliseconds. */
export async function findTopicsAsync(
  docs: readonly TopicDoc[],
  options: FindTopicsOptions = {},
): Promise<FoundTopics> {
  return runStepsAsync(textSteps(docs, options), options.signal);
}

/** The same for texts that are already in tokens. */
export function findTopicsInTokens(docs: readonly TokenDoc[], options: FindTopicsOptions = {}): FoundTopics {
  return runSteps(tokenSteps(docs, options), options.signal);
}

function* textSteps(docs: readonly TopicDoc[], options: FindTopicsOptions): Steps<FoundTopics> {
  const settings = settingsOf(options);
  checkTimes(docs);
  const collection = yield* readTexts(docs);
  const embedding = yield* embed(collection, settings.seed);
  return yield* topicsIn({ collection, embedding }, options);
}

function* tokenSteps(docs: readonly TokenDoc[], options: FindTopicsOptions): Steps<FoundTopics> {
  const settings = settingsOf(options);
  return yield* topicsIn(yield* prepareTokens(docs, settings.seed), options);
}

/** The part that does not depend on k, the keywords, or the outliers. */
export function* prepareTokens(docs: readonly TokenDoc[], seed: number): Steps<PreparedTopics> {
  checkTimes(docs);
  const collection = yield* readTokens(docs);
  return { collection, embedding: yield* embed(collection, seed) };
}

/** The part that does. */
export function* topicsIn(
  { collection, embedding }: PreparedTopics,
  options: FindTopicsOptions,
): Steps<FoundTopics> {
  const settings = settingsOf(options);
  const { points } = embedding;
  const random = randomOf(settings.seed);
  const found = yield* partitionOf(points, { k: settings.k, minSize: settings.minSize, random });
  const membership = yield* membershipOf(points, found, settings);
  return yield* describeTopics(collection, embedding, membership, settings);
}

function checkTimes(docs: readonly { id: string; publishedAt?: number }[]): void {
  const bad = docs.find(({ publishedAt }) => publishedAt !== undefined && !Number.isFinite(publishedAt));
  if (bad) throw new RangeError(`doc "${bad.id}": publishedAt ${bad.publishedAt}: milliseconds, or nothing`);
}
