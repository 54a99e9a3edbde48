import type { Steps } from '@afk/text';
import { complementBayes } from './bayes.ts';
import { fitTemperature } from './calibration.ts';
import { logitsOf, softmax, type Sample, type Shape } from './logistic.ts';
import { pickRows, rowsIn, stackRows, type Matrix } from './matrix.ts';
import { partition } from './folds.ts';

const ROUNDS = 3;
const FOLDS = 5;

/** A guess below this is left out; 0.6 to 0.8 are alike on foreign headlines, 0.3 harms few-shot learning. */
const LEAST = 0.7;
/** What a guess weighs, times its probability, beside a label that was given. */
const WEIGHT = 0.25;

export type Grown = {
  /** The given rows, then the guessed ones. */
  all: Sample;
  /** The same, but no more guessed rows than given ones: the surest. `ids` are their rows among the unlabelled. */
  some: { sample: Sample; ids: number[] };
};

/**
 * Self-training (Nigam et al. 2000, with hard labels): three times, complement naive Bayes labels the unlabelled rows and
 * learns from its own labels, at a fraction of the weight.
 */
export function* selfTrain(given: Sample, unlabelled: Matrix, shape: Shape, alpha: number): Steps<Grown> {
  const filled = Array.from({ length: rowsIn(unlabelled) }, (_, i) => i).filter(
    (i) => unlabelled.starts[i + 1]! > unlabelled.starts[i]!,
  );
  if (filled.length === 0 || shape.labels < 2) return { all: given, some: { sample: given, ids: [] } };
  const temperature = yield* temperatureOf(given, shape, alpha);
  const none = new Float64Array(shape.labels);
  let all = given;
  let guesses: Guess[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const logits = logitsOf(unlabelled, complementBayes(all, shape, alpha), none);
    guesses = guessesOf(logits, filled, shape.labels, temperature);
    all = grow(given, unlabelled, guesses);
    yield;
  }
  const most = given.targets.length;
  const surest = guesses.toSorted((a, b) => b.weight - a.weight || a.row - b.row).slice(0, most);
  return { all, some: { sample: grow(given, unlabelled, surest), ids: surest.map(({ row }) => row) } };
}

type Guess = { row: number; label: number; weight: number };

function guessesOf(
  logits: Float64Array,
  rows: readonly number[],
  labels: number,
  temperature: number,
): Guess[] {
  const shares = logits.map((logit) => logit / temperature);
  softmax(shares, labels);
  return rows.flatMap((row) => {
    let label = 0;
    for (let c = 1; c < labels; c += 1)
      if (shares[row * labels + c]! > shares[row * labels + label]!) label = c;
    const share = shares[row * labels + label]!;
    return share < LEAST ? [] : [{ row, label, weight: WEIGHT * share }];
  });
}

function grow(given: Sample, unlabelled: Matrix, guesses: readonly Guess[]): Sample {
  const rows = pickRows(
    unlabelled,
    guesses.map(({ row }) => row),
  );
  return {
    rows: stackRows(given.rows, rows),
    targets: Int32Array.from([...given.targets, ...guesses.map(({ label }) => label)]),
    weights: Float64Array.from([...given.weights, ...guesses.map(({ weight }) => weight)]),
  };
}

/** How far to trust what it says: the temperature of held-out logits. Rows come stratified, so every FOLDS-th is a fold. */
function* temperatureOf({ rows, targets, weights }: Sample, shape: Shape, alpha: number): Steps<number> {
  const { labels } = shape;
  const folds = Int32Array.from(targets, (_, i) => i % FOLDS);
  const logits = new Float64Array(targets.length * labels);
  const none = new Float64Array(labels);
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const { held, kept } = partition(folds, fold);
    const sample = {
      rows: pickRows(rows, kept),
      targets: Int32Array.from(kept, (i) => targets[i]!),
      weights: Float64Array.from(kept, (i) => weights[i]!),
    };
    const own = logitsOf(pickRows(rows, held), complementBayes(sample, shape, alpha), none);
    for (const [h, i] of held.entries()) logits.set(own.subarray(h * labels, (h + 1) * labels), i * labels);
    yield;
  }
  return fitTemperature(logits, targets, labels).temperature;
}
