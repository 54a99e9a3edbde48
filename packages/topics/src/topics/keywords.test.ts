import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runSteps } from '@afk/text';
import { readTokens } from './collection.ts';
import { affinityOf } from './keyword-pairs.ts';
import { keywordsOf } from './keywords.ts';

const filler = (n: number): string[] => Array.from({ length: n }, (_, i) => `f${i}`);

describe('affinity of words', () => {
  // 40 windows: a and b meet in 8 docs, and each is once without the other; c and d meet in a single doc.
  const texts = [
    ...Array.from({ length: 8 }, () => ['a', 'b']),
    ['a'],
    ['b'],
    ['c', 'd'],
    ...Array.from({ length: 29 }, () => ['e']),
  ];
  const numbers = new Map(['a', 'b', 'c', 'd', 'e'].map((word, i) => [word, i]));
  const affinity = runSteps(
    affinityOf(
      texts.map((text) => Int32Array.from(text, (word) => numbers.get(word)!)),
      5,
      [Int32Array.of(0, 1, 2, 3, 4)],
    ),
  );

  test('is NPMI, less what a fresh sample may lack', () => {
    const npmi = Math.log(8 / 40 / (9 / 40) ** 2) / -Math.log(8 / 40);
    const absent = Math.exp(-4);
    assert.ok(Math.abs(affinity(0, 1) - ((1 - absent) * npmi - absent / 2)) < 1e-12);
    assert.equal(affinity(1, 0), affinity(0, 1));
  });
  test('words that met once count less than words that often meet, though their NPMI is 1', () => {
    assert.ok(affinity(2, 3) < affinity(0, 1));
  });
  test('words that never meet are apart', () => assert.equal(affinity(0, 4), -0.5));
});

test('words far apart in one text do not meet', () => {
  const sequence = Int32Array.from([0, ...Array.from({ length: 9 }, () => -1), 1]);
  const affinity = runSteps(affinityOf([sequence], 2, [Int32Array.of(0, 1)]));
  assert.equal(affinity(0, 1), -0.5);
});

test('a word that one doc repeats does not become a keyword before one that all docs have', () => {
  const docs = [
    ...Array.from({ length: 6 }, (_, i) => ({ id: `a${i}`, tokens: ['steel', 'mill', ...filler(3)] })),
    ...Array.from({ length: 6 }, (_, i) => ({ id: `b${i}`, tokens: ['violin', 'opera', ...filler(3)] })),
  ];
  docs[0]!.tokens.push(...Array.from({ length: 50 }, () => 'echo'));
  docs[6]!.tokens.push('echo');
  const collection = runSteps(readTokens(docs));
  const groups = Int32Array.from({ length: 12 }, (_, i) => (i < 6 ? 0 : 1));
  const [first = [], second = []] = runSteps(keywordsOf(collection, groups, { topics: 2, wanted: 2 }));
  assert.deepEqual(first.map(({ word }) => word).toSorted(), ['mill', 'steel']);
  assert.deepEqual(second.map(({ word }) => word).toSorted(), ['opera', 'violin']);
  assert.deepEqual([first[0]!.score, second[0]!.score], [1, 1]);
});
