import { createHash } from 'node:crypto';
import { runSteps, runStepsAsync } from '@afk/text';
import type { Steps } from '@afk/text';
import { fitTemperature } from './calibration.ts';
import { asSeenBy, columnWeights, featureReader, pickRows, smoothedIdf, toMatrix } from './features.ts';
import type { Matrix } from './features.ts';
import { fitLogistic, logitsOf } from './logistic.ts';
import type { Example, LinearModel, TrainOptions } from './types.ts';

// Chosen by cross-validation on the seed headlines: see README.
const DEFAULTS = { l2: 1e-4, seed: 1, folds: 3, characters: [3, 5] as const, minDocuments: 1 };
// Raise when features or training change: an old version must not name a new model.
const REVISION = 1;

type Settings = {
  l2: number;
  seed: number;
  folds: number;
  characters: readonly [number, number];
  minDocuments: number;
};

/**
 * Trains a linear classifier on labelled texts: stems and character n-grams, TF-IDF, multinomial logistic regression,
 * then a temperature from cross-validated logits. Same examples (in any order) and options, same model.
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

function settingsOf(options: TrainOptions): Settings {
  const settings = {
    l2: options.l2 ?? DEFAULTS.l2,
    seed: options.seed ?? DEFAULTS.seed,
    folds: options.folds ?? DEFAULTS.folds,
    characters: options.features?.characters ?? DEFAULTS.characters,
    minDocuments: options.features?.minDocuments ?? DEFAULTS.minDocuments,
  };
  if (!(settings.l2 > 0)) throw new RangeError(`l2 ${settings.l2}: must be positive`);
  if (!(settings.folds >= 2)) throw new RangeError(`folds ${settings.folds}: at least 2`);
  return settings;
}

function* trainSteps(given: readonly Example[], options: TrainOptions): Steps<LinearModel> {
  if (given.length === 0) throw new RangeError('train: no examples');
  const settings = settingsOf(options);
  const examples = given
    .map((example) => ({ example, key: keyOf(example) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const labels = [...new Set(given.map(({ label }) => label))].toSorted();
  const targets = Int32Array.from(examples, ({ example }) => labels.indexOf(example.label));
  const { vocabulary, idf, rows } = readExamples(
    examples.map(({ example }) => example),
    settings,
  );
  yield;
  const shape = { features: vocabulary.size, labels: labels.length, l2: settings.l2 };
  const { weights, intercepts } = yield* fitLogistic(rows, targets, shape);
  const folds = foldsOf(
    examples.map(({ key }) => key),
    targets,
    settings,
  );
  const temperature = yield* calibrate(rows, targets, folds, shape);
  return {
    version: hash(JSON.stringify([REVISION, settings, examples.map(({ key }) => key)])),
    labels,
    characters: settings.characters,
    vocabulary,
    idf,
    weights: Float32Array.from(weights),
    intercepts: Float32Array.from(intercepts),
    temperature,
  };
}

const keyOf = ({ label, text, language }: Example): string => JSON.stringify([label, text, language ?? '']);

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** Features of at least `minDocuments` examples, numbered in order of appearance, and the examples as rows. */
function readExamples(
  examples: readonly Example[],
  { characters, minDocuments }: Settings,
): { vocabulary: Map<string, number>; idf: Float32Array; rows: Matrix } {
  const numbers = new Map<string, number>();
  const read = featureReader(characters, (feature) => {
    const number = numbers.get(feature) ?? numbers.size;
    numbers.set(feature, number);
    return number;
  });
  const texts = examples.map((example) => read(example));
  const documents = new Int32Array(numbers.size);
  for (const text of texts)
    for (const number of new Set(text)) documents[number] = (documents[number] ?? 0) + 1;

  const kept = [...numbers].filter(([, number]) => (documents[number] ?? 0) >= minDocuments);
  const columns = new Map(kept.map(([, number], column) => [number, column]));
  const idf = smoothedIdf(
    kept.map(([, number]) => documents[number] ?? 0),
    examples.length,
  );
  const vocabulary = new Map(kept.map(([feature], column) => [feature, column]));
  const inColumns = texts.map((text) => text.flatMap((number) => columns.get(number) ?? []));
  return { vocabulary, idf, rows: toMatrix(inColumns, columnWeights(vocabulary.keys(), idf)) };
}

/** Fold of each example: stratified by label, in an order that the seed decides and the caller's order does not. */
function foldsOf(keys: readonly string[], targets: Int32Array, { seed, folds }: Settings): Int32Array {
  const shuffled = keys.map((key, i) => ({ i, at: hash(`${seed} ${key}`) }));
  shuffled.sort(
    (a, b) => (targets[a.i] ?? 0) - (targets[b.i] ?? 0) || (a.at < b.at ? -1 : a.at > b.at ? 1 : a.i - b.i),
  );
  const fold = new Int32Array(keys.length);
  for (const [rank, { i }] of shuffled.entries()) fold[i] = rank % folds;
  return fold;
}

/**
 * The temperature of logits that no fold's model has seen; 1 when there is too little to tell. IDF is that of all examples: it
 * knows no labels.
 */
function* calibrate(
  rows: Matrix,
  targets: Int32Array,
  folds: Int32Array,
  shape: { features: number; labels: number; l2: number },
): Steps<number> {
  const { labels } = shape;
  const count = folds.reduce((most, fold) => Math.max(most, fold + 1), 0);
  if (labels < 2 || targets.length < 2 * count) return 1;
  const logits = new Float64Array(targets.length * labels);
  for (let fold = 0; fold < count; fold += 1) {
    const all = Array.from(targets.keys());
    const held = all.filter((i) => folds[i] === fold);
    const kept = all.filter((i) => folds[i] !== fold);
    const keptTargets = Int32Array.from(kept, (i) => targets[i] ?? 0);
    const known = pickRows(rows, kept);
    const { weights, intercepts } = yield* fitLogistic(known, keptTargets, shape);
    const own = logitsOf(asSeenBy(known, pickRows(rows, held), shape.features), weights, intercepts);
    for (const [h, i] of held.entries()) logits.set(own.subarray(h * labels, (h + 1) * labels), i * labels);
  }
  return fitTemperature(logits, targets, labels);
}
