import { runSteps, runStepsAsync } from '@afk/text';
import type { Steps } from '@afk/text';
import { opinionsOf } from './base.ts';
import { foldsOf, hash, partition } from './folds.ts';
import { pickRows, reweigh } from './matrix.ts';
import { fitMembers, logitsOfMembers, type Learning, type Members, type Texts } from './members.ts';
import { fitMixture, type Mixture } from './mixture.ts';
import { packWeights } from './quantise.ts';
import { sampleOf } from './sample.ts';
import { settingsOf, type Settings } from './settings.ts';
import type { Example, LinearModel, TrainOptions } from './types.ts';
import { idfFactors, readTexts } from './vocabulary.ts';

// Raise when features or training change: an old version must not name a new model.
const REVISION = 2;

/**
 * Trains a linear classifier on labelled texts: stems and character n-grams, TF-IDF, a mixture of logistic regression and
 * complement naive Bayes that held-out examples weigh and calibrate. Same examples (in any order) and options, same model.
 *
 * Throws RangeError without examples or with options out of range; the signal's reason when aborted.
 */
export function train(examples: readonly Example[], options: TrainOptions = {}): LinearModel {
  return runSteps(trainSteps(examples, options), options.signal);
}

/** The same, giving the event loop a turn between iterations. */
export async function trainAsync(
  examples: readonly Example[],
  options: TrainOptions = {},
): Promise<LinearModel> {
  return runStepsAsync(trainSteps(examples, options), options.signal);
}

function* trainSteps(given: readonly Example[], options: TrainOptions): Steps<LinearModel> {
  const settings = settingsOf(given, options);
  const base = options.base ?? null;
  const { examples, keys } = inOrder(given);
  const sample = sampleOf(options.unlabelled ?? [], settings);
  const labels = [...new Set(given.map(({ label }) => label))].toSorted();
  const read = yield* readTexts(examples, sample, settings);
  const learning: Learning = {
    labelled: { rows: read.labelled, said: yield* opinionsOf(base, examples) },
    targets: Int32Array.from(examples, ({ label }) => labels.indexOf(label)),
    unlabelled: { rows: read.unlabelled, said: yield* opinionsOf(base, sample) },
    shape: { features: read.vocabulary.size, labels: labels.length },
    width: base?.labels.length ?? 0,
    l2: settings.l2,
    alpha: settings.alpha,
  };
  const members = yield* fitMembers(learning);
  const mixture = yield* weigh(learning, read.idf, keys, settings);
  const texts = sample.map(({ text, language }) => [text, language ?? '']);
  return {
    version: hash(JSON.stringify([REVISION, settings, keys, texts, base?.version ?? ''])),
    labels,
    characters: settings.characters,
    vocabulary: read.vocabulary,
    idf: read.idf,
    ...merged(members, mixture, learning),
    base: base && { model: base, weights: baseWeights(members, mixture, learning) },
  };
}

/** Sorted by what they say, so that the caller's order does not matter. */
function inOrder(given: readonly Example[]): { examples: Example[]; keys: string[] } {
  const sorted = given
    .map((example) => ({ example, key: keyOf(example) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return { examples: sorted.map(({ example }) => example), keys: sorted.map(({ key }) => key) };
}

const keyOf = ({ label, text, language }: Example): string => JSON.stringify([label, text, language ?? '']);

/** How to mix the members, told by logits that no fold's members have seen. */
function* weigh(
  learning: Learning,
  idf: Float32Array,
  keys: readonly string[],
  settings: Settings,
): Steps<Mixture> {
  const { targets } = learning;
  const { labels } = learning.shape;
  const count = Math.min(settings.folds, Math.floor(targets.length / 2));
  if (labels < 2 || count < 2) return [0.5, 0.5];
  const folds = foldsOf(keys, targets, { seed: settings.seed, folds: count });
  const size = targets.length * labels;
  const logits = [new Float64Array(size), new Float64Array(size)] as const;
  for (let fold = 0; fold < count; fold += 1) {
    const { held, kept } = partition(folds, fold);
    for (const [m, own] of (yield* heldOut(learning, idf, held, kept)).entries())
      for (const [h, i] of held.entries())
        logits[m]!.set(own.subarray(h * labels, (h + 1) * labels), i * labels);
  }
  return yield* fitMixture(...logits, targets, labels);
}

/** The members' logits of the held rows, trained on the kept ones. */
function* heldOut(
  learning: Learning,
  idf: Float32Array,
  held: readonly number[],
  kept: readonly number[],
): Steps<[Float64Array, Float64Array]> {
  const { labelled, unlabelled, targets, shape, width } = learning;
  const known = pickTexts(labelled, kept, width);
  const factors = idfFactors([known.rows, unlabelled.rows], idf);
  const seen = (texts: Texts): Texts => ({ ...texts, rows: reweigh(texts.rows, factors) });
  const members = yield* fitMembers({
    ...learning,
    labelled: seen(known),
    unlabelled: seen(unlabelled),
    targets: Int32Array.from(kept, (i) => targets[i]!),
  });
  return logitsOfMembers(members, seen(pickTexts(labelled, held, width)), shape);
}

function pickTexts({ rows, said }: Texts, ids: readonly number[], width: number): Texts {
  const picked = new Float32Array(ids.length * width);
  for (const [at, id] of ids.entries()) picked.set(said.subarray(id * width, (id + 1) * width), at * width);
  return { rows: pickRows(rows, ids), said: picked };
}

/** The mixture as one linear model. */
function merged(
  { logistic, intercepts, bayes }: Members,
  [a, b]: Mixture,
  { shape }: Learning,
): Pick<LinearModel, 'weights' | 'scales' | 'intercepts'> {
  const weights = bayes.map((weight, k) => a * logistic[k]! + b * weight);
  return {
    ...packWeights(weights, shape.labels),
    intercepts: Float32Array.from(intercepts, (intercept) => a * intercept),
  };
}

function baseWeights({ logistic }: Members, [a]: Mixture, { shape }: Learning): Float32Array {
  return Float32Array.from(logistic.subarray(shape.features * shape.labels), (weight) => a * weight);
}
