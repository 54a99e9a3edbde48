import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { predict, toJSON, train, type Example, type LinearModel } from '@afk/classifier';
import { shippedExamples, trainShipped } from '@afk/classifier-bridge/shipped';
import { naiveBayes } from './baselines/naive-bayes.ts';
import { crossValidate } from './categories/cross-validation.ts';
import { readLabelled, type Fields } from './data/labelled.ts';
import { readLabelMap, restricted, type LabelMap } from './data/label-map.ts';
import {
  accuracy,
  calibrationError,
  calibrationNoise,
  macroF1,
  type Outcome,
} from './metrics/classification.ts';
import type { Evaluation, Report, Row } from './report.ts';

const usage = `eval:categories --train FILE --test FILE [--fields headline|headline+text] [--transductive]
  eval:categories --model shipped --test FILE --map FILE
  eval:categories                 five-fold cross-validation of the shipped seed
  FILE: tab-separated with a header (category, headline, text), a CSV with the columns TITLE and CATEGORY, or tab-separated
  without a header (category, flag, headline). --map: a JSON object, IPTC id -> the test's label; texts of other labels are left out.
  --transductive: one row more, that of a model that has read the test's texts, without their labels.`;

const published: Row[] = [
  {
    name: 'MasakhaNEWS English, multilingual-e5-small',
    figures: { accuracy: 0.753 },
    source: 'full train set, on its test set, as published',
  },
  {
    name: 'MasakhaNEWS French, multilingual-e5-small',
    figures: { accuracy: 0.738 },
    source: 'full train set, on its test set, as published',
  },
  {
    name: 'AG News, SetFit MiniLM, 8 a class',
    figures: { accuracy: 0.831 },
    source: 'four classes, 8 examples each, as published; for scale',
  },
];

export const evaluation: Evaluation = {
  usage,
  run: async (args) => {
    const { values } = parseArgs({
      args,
      options: {
        train: { type: 'string' },
        test: { type: 'string' },
        model: { type: 'string' },
        map: { type: 'string' },
        fields: { type: 'string', default: 'headline' },
        transductive: { type: 'boolean', default: false },
      },
    });
    const { train: trainFile, test, model, map, fields, transductive } = values;
    if (fields !== 'headline' && fields !== 'headline+text') throw new Error(`--fields ${fields}\n${usage}`);
    if (model !== undefined && model !== 'shipped') throw new Error(`--model ${model}\n${usage}`);
    if (model && trainFile) throw new Error(`--train or --model, not both\n${usage}`);
    if (!model && !trainFile) {
      if (test || map) throw new Error(`--test needs --train or --model\n${usage}`);
      return ofSeed();
    }
    if (!test) throw new Error(`--test is missing\n${usage}`);
    if (trainFile) return trained(trainFile, test, fields, transductive);
    if (!map) throw new Error(`--model needs --map\n${usage}`);
    return foreign(test, map, fields);
  },
};

function trained(trainFile: string, testFile: string, fields: Fields, transductive: boolean): Report {
  const { examples } = readLabelled(trainFile, fields);
  const { examples: all } = readLabelled(testFile, fields);
  const known = new Set(examples.map(({ label }) => label));
  const tests = all.filter(({ label }) => known.has(label));
  if (tests.length === 0) throw new Error(`${testFile}: none of its categories is in ${trainFile}`);
  const base = trainShipped();
  const ours = outcomesOf(train(examples, { base }), tests);
  const baselines: Row[] = [row('AFK without the shipped model', outcomesOf(train(examples), tests))];
  if (transductive) {
    const unlabelled = tests.map(({ text, language }) => ({ text, ...(language && { language }) }));
    const model = train(examples, { base, unlabelled });
    baselines.push(row('AFK, test texts read without labels', outcomesOf(model, tests)));
  }
  return {
    title: `Categories of ${tests.length} texts (${fields}), learned from ${examples.length} of ${known.size} categories`,
    ours: row('AFK', ours),
    baselines: [...baselines, ...plainRows(examples, tests)],
    published,
    notes: [
      'AFK: what the shipped model of 17 categories says of a text is a feature of it.',
      noiseNote(ours),
      ...leftOut(all.length - tests.length, 'whose category is not among those learned'),
    ],
  };
}

function foreign(testFile: string, mapFile: string, fields: Fields): Report {
  const started = performance.now();
  const model = trainShipped();
  const training = performance.now() - started;
  const map = readLabelMap(mapFile, model.labels);
  const { examples: all } = readLabelled(testFile, fields);
  const known = new Set(map.values());
  const present = new Set(all.map(({ label }) => label));
  const missing = [...known].filter((label) => !present.has(label));
  if (missing.length > 0)
    throw new Error(`${testFile}: no text of the category ${missing.join(', ')} of ${mapFile}`);
  const tests = all.filter(({ label }) => known.has(label));
  const from = performance.now();
  const predictions = predict(model, tests);
  const predicting = performance.now() - from;
  const ours = predictions.map(({ probabilities }, i) =>
    restricted(tests[i]!.label, model.labels, probabilities, map),
  );
  return {
    title: `The shipped model on ${tests.length} foreign texts (${fields}) of ${known.size} categories`,
    ours: row('AFK, shipped', ours),
    baselines: plainRows(shippedExamples(), tests, map),
    published: [],
    notes: [
      'It has learned from the seed alone; only categories of the map are answers.',
      noiseNote(ours),
      `Trained in ${(training / 1000).toFixed(1)} s, ${Math.round((1000 * tests.length) / predicting)} texts/s; ${sizeOf(model)}.`,
      ...leftOut(all.length - tests.length, 'whose category is not in the map'),
    ],
  };
}

function ofSeed(): Report {
  const examples = shippedExamples();
  const ours = crossValidate(examples, (learned, tests) => outcomesOf(train(learned), tests));
  const plain = crossValidate(examples, (learned, tests) => bayesOutcomes(learned, tests));
  const [frequent] = plainRows(examples, examples);
  return {
    title: `Five-fold cross-validation of the shipped seed: ${examples.length} headlines, 17 categories`,
    ours: row('AFK', ours),
    baselines: [frequent!, row('naive Bayes', plain)],
    published: [],
    notes: [noiseNote(ours)],
  };
}

function outcomesOf(model: LinearModel, tests: readonly Example[]): Outcome[] {
  return predict(model, tests).map(({ label, probability }, i) => ({
    gold: tests[i]!.label,
    label,
    probability,
  }));
}

/** The label that is most frequent in the test, and naive Bayes. */
function plainRows(examples: readonly Example[], tests: readonly Example[], map?: LabelMap): Row[] {
  const counts = new Map<string, number>();
  for (const { label } of tests) counts.set(label, (counts.get(label) ?? 0) + 1);
  const [frequent, count] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
  const always = tests.map(({ label: gold }) => ({
    gold,
    label: frequent,
    probability: count / tests.length,
  }));
  return [
    row('most frequent label of the test', always),
    row('naive Bayes', bayesOutcomes(examples, tests, map)),
  ];
}

function bayesOutcomes(examples: readonly Example[], tests: readonly Example[], map?: LabelMap): Outcome[] {
  const { labels, probabilities } = naiveBayes(examples, tests);
  const same: LabelMap = map ?? new Map(labels.map((label) => [label, label]));
  return probabilities.map((own, i) => restricted(tests[i]!.label, labels, own, same));
}

const row = (name: string, outcomes: readonly Outcome[]): Row => ({
  name,
  figures: {
    accuracy: accuracy(outcomes),
    macro_f1: macroF1(outcomes),
    ece: calibrationError(outcomes),
  },
});

function sizeOf(model: LinearModel): string {
  const json = JSON.stringify(toJSON(model));
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
  return `${model.vocabulary.size} features, ${megabytes(json.length)} MB as JSON, ${megabytes(gzipSync(json).length)} gzipped`;
}

const noiseNote = (outcomes: readonly Outcome[]): string =>
  `ece: 15 bins; with these probabilities a perfectly calibrated model would show ${calibrationNoise(outcomes).toFixed(3)} on as many texts.`;

const leftOut = (count: number, which: string): string[] =>
  count === 0 ? [] : [`Left out: ${count} texts ${which}.`];
