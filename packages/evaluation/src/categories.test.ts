import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { evaluation } from './categories.ts';

const folder = mkdtempSync(join(tmpdir(), 'afk-categories-'));
after(() => rmSync(folder, { recursive: true }));

const file = (name: string, lines: string[]): string => {
  writeFileSync(join(folder, name), lines.join('\n'));
  return join(folder, name);
};

const SPORT = ['match', 'goal', 'striker', 'league', 'coach', 'penalty'];
const MONEY = ['shares', 'bank', 'inflation', 'profit', 'bond', 'deficit'];
const linesOf = (label: string, words: string[], from: number, to: number): string[] =>
  words.flatMap((a, i) => words.slice(i + 1).map((b) => `${label}\tThe ${a} and the ${b}`)).slice(from, to);

const train = file('train.tsv', [
  'category\theadline',
  ...linesOf('s', SPORT, 0, 8),
  ...linesOf('m', MONEY, 0, 8),
]);
const tests = [...linesOf('s', SPORT, 8, 15), ...linesOf('m', MONEY, 8, 13)];
const testFile = file('test.tsv', ['category\theadline', ...tests, 'weather\tRain and snow']);

test('learns from one file, is judged by the other, beside plain baselines', async () => {
  const { ours, baselines, published, notes } = await evaluation.run([
    '--train',
    train,
    '--test',
    testFile,
    '--transductive',
  ]);
  assert.ok(ours.figures['accuracy']! > 0.9);
  assert.deepEqual(Object.keys(ours.figures), ['accuracy', 'macro_f1', 'ece']);
  const frequent = baselines.find(({ name }) => name.startsWith('most frequent'));
  assert.equal(frequent?.figures['accuracy'], 7 / 12);
  assert.ok(frequent!.figures['ece']! < 1e-9);
  assert.ok(baselines.some(({ name }) => name.includes('without labels')));
  assert.ok(published.length > 0);
  assert.ok(notes?.some((note) => note.includes('Left out: 1 text')));
});

test('the shipped model is judged by a map, and never sees the test', async () => {
  const map = file('map.json', ['{"sport": "s", "economy_business_finance": "m"}']);
  const { ours, notes } = await evaluation.run(['--model', 'shipped', '--test', testFile, '--map', map]);
  assert.ok(ours.figures['accuracy']! > 0.8);
  assert.ok(notes?.some((note) => note.includes('Left out: 1 text')));
  const lost = file('lost.json', ['{"sport": "s", "health": "h"}']);
  await assert.rejects(
    evaluation.run(['--model', 'shipped', '--test', testFile, '--map', lost]),
    /no text of the category h/,
  );
});

test('arguments that do not fit are refused by name', async () => {
  const refused: [string[], RegExp][] = [
    [['--train', train], /--test is missing/],
    [['--test', testFile], /--test needs --train or --model/],
    [['--model', 'shipped', '--test', testFile], /--model needs --map/],
    [['--model', 'other', '--test', testFile], /--model other/],
    [['--model', 'shipped', '--train', train, '--test', testFile], /not both/],
    [['--train', train, '--test', testFile, '--fields', 'title'], /--fields title/],
    [['--train', train, '--test', file('z.tsv', ['category\theadline', 'q\tz'])], /none of its categories/],
  ];
  for (const [args, message] of refused) await assert.rejects(evaluation.run(args), message);
});
