// node packages/classifier/eval/categories.ts <seed.tsv>... [--test FILE --map MAP.json] [--label N --text N]
//
// Seed files: label TAB headline, named after their language (en.tsv, fr.tsv). Without --test: five-fold
// cross-validation on the seed, the only figures that defaults may be chosen by. With --test: trains on the seed and
// measures on foreign headlines: CSV or TSV, columns by number (from 0), MAP a JSON object from seed label to the
// test's label. The answer is the likeliest label that the map knows; rows of other labels are left out.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { predict, train } from '../src/index.ts';
import type { Example, LinearModel } from '../src/index.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    test: { type: 'string' },
    map: { type: 'string' },
    language: { type: 'string' },
    label: { type: 'string', default: '0' },
    text: { type: 'string', default: '1' },
  },
});
if (positionals.length === 0)
  throw new Error('usage: categories.ts <seed.tsv>... [--test FILE --map MAP.json]');

const seed = positionals.flatMap((file) =>
  readTable(file).map(([label = '', text = '']): Example => ({
    label,
    text,
    language: basename(file, '.tsv'),
  })),
);
const report = values.test === undefined ? crossValidate(seed, 5) : foreign(seed, values.test, values.map);
console.log(JSON.stringify(report));

type Outcome = { gold: string; label: string; probability: number };

function crossValidate(examples: Example[], folds: number): object {
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  const shuffled = examples.toSorted((a, b) => (hash(a.text) < hash(b.text) ? -1 : 1));
  const outcomes: Outcome[] = [];
  let milliseconds = 0;
  for (let fold = 0; fold < folds; fold += 1) {
    const held = shuffled.filter((_, i) => i % folds === fold);
    const start = performance.now();
    const model = train(shuffled.filter((_, i) => i % folds !== fold));
    milliseconds += performance.now() - start;
    for (const [i, { label, probability }] of predict(model, held).entries()) {
      outcomes.push({ gold: held[i]?.label ?? '', label, probability });
    }
  }
  return {
    examples: examples.length,
    ...figures(outcomes),
    trainSeconds: round(milliseconds / folds / 1000),
  };
}

function foreign(examples: Example[], testFile: string, mapFile: string | undefined): object {
  if (mapFile === undefined) throw new Error('--test needs --map');
  const map = new Map(Object.entries(JSON.parse(readFileSync(mapFile, 'utf8')) as Record<string, string>));
  const known = new Set(map.values());
  const rows = readTable(testFile)
    .map((row) => ({ gold: row[Number(values.label)] ?? '', text: row[Number(values.text)] ?? '' }))
    .filter(({ gold }) => known.has(gold));
  const start = performance.now();
  const model = train(examples);
  const trained = performance.now();
  const predictions = predict(
    model,
    rows.map(({ text }) => (values.language === undefined ? { text } : { text, language: values.language })),
  );
  const done = performance.now();
  const outcomes = predictions.map(({ probabilities }, i) =>
    restricted(rows[i]?.gold ?? '', model, probabilities, map),
  );
  return {
    headlines: rows.length,
    ...figures(outcomes),
    trainSeconds: round((trained - start) / 1000),
    headlinesASecond: Math.round(rows.length / ((done - trained) / 1000)),
  };
}

/** The likeliest label of the map, its probability among those of the map. */
function restricted(
  gold: string,
  model: LinearModel,
  probabilities: Float32Array,
  map: ReadonlyMap<string, string>,
): Outcome {
  const sums = new Map<string, number>();
  for (const [c, label] of model.labels.entries()) {
    const target = map.get(label);
    if (target !== undefined) sums.set(target, (sums.get(target) ?? 0) + (probabilities[c] ?? 0));
  }
  const total = [...sums.values()].reduce((a, b) => a + b, 0);
  const [label, probability] = [...sums].reduce((a, b) => (b[1] > a[1] ? b : a));
  return { gold, label, probability: probability / total };
}

function figures(outcomes: readonly Outcome[]): object {
  const labels = [...new Set(outcomes.map(({ gold }) => gold))];
  const f1 = labels.map((label) => {
    const hits = outcomes.filter((o) => o.gold === label && o.label === label).length;
    const claimed = outcomes.filter((o) => o.label === label).length;
    const real = outcomes.filter((o) => o.gold === label).length;
    return (2 * hits) / (claimed + real);
  });
  const right = outcomes.filter(({ gold, label }) => gold === label).length;
  return {
    labels: labels.length,
    accuracy: round(right / outcomes.length),
    macroF1: round(f1.reduce((a, b) => a + b, 0) / f1.length),
    ece: round(calibrationError(outcomes)),
  };
}

/** Expected calibration error, 15 bins of equal width (Guo et al. 2017). */
function calibrationError(outcomes: readonly Outcome[]): number {
  const gaps = new Float64Array(15);
  for (const { gold, label, probability } of outcomes) {
    const bin = Math.min(14, Math.floor(probability * 15));
    gaps[bin] = (gaps[bin] ?? 0) + (gold === label ? 1 : 0) - probability;
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / outcomes.length;
}

function round(value: number): number {
  return Number(value.toFixed(4));
}

/** TSV by lines, or CSV (RFC 4180) when the file is named so. */
function readTable(file: string): string[][] {
  const content = readFileSync(file, 'utf8');
  if (!file.endsWith('.csv') || content.split('\n', 1)[0]?.includes('\t')) {
    return content.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.split('\t')]));
  }
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g;
  const rows: string[][] = [[]];
  for (const [, quoted, plain = '', end] of content.matchAll(field)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end !== ',') rows.push([]);
  }
  return rows;
}
