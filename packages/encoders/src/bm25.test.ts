import assert from 'node:assert/strict';
import test from 'node:test';
import { fnv1a } from '@afk/text';
import { bm25Encoder } from './index.ts';

import type { SparseVector } from './index.ts';

const encoder = bm25Encoder();
const encode = (text: string, language = 'en'): SparseVector => {
  const [vector] = encoder.encodeDocuments([{ text, language }]);
  assert.ok(vector);
  return vector;
};
const score = (query: string, doc: SparseVector): number => {
  const { indices } = encoder.encodeQuery(query);
  return indices.reduce((sum, index) => sum + (doc.values[doc.indices.indexOf(index)] ?? 0), 0);
};

test('FNV-1a of known strings', () => {
  // From the reference implementation's test vectors.
  assert.equal(fnv1a(''), 0x811c9dc5);
  assert.equal(fnv1a('a'), 0xe40c292c);
  assert.equal(fnv1a('foobar'), 0xbf9cf968);
});

test('weights are the term-frequency part of BM25', () => {
  const [vector] = bm25Encoder({ k1: 1.2, b: 0.75, averageLength: 4 }).encodeDocuments([
    { text: 'whale whale', language: 'en' },
  ]);
  const weightOf = (term: string) => vector!.values[vector!.indices.indexOf(fnv1a(term))]!;
  const expected = (2 * 2.2) / (2 + 1.2 * (0.25 + 0.75 * (2 / 4)));
  assert.ok(Math.abs(weightOf('whale') - expected) < 1e-12);
  assert.ok(Math.abs(weightOf('=whale') - expected / 2) < 1e-12, 'the exact form counts half');
});

test('a query finds its stem in either language', () => {
  assert.ok(score('elections', encode('Élections municipales', 'fr')) > 0);
  assert.ok(score('élection', encode('Elections in Iowa', 'en')) > 0);
  assert.ok(score('share', encode('Shares fall', 'und')) > 0);
  assert.ok(score('Oréal', encode('L’Oréal rachète', 'fr')) > 0);
});

test('of two words with one stem, the one that is written as in the query comes first', () => {
  const [pensions, retreat] = ['Retraites : la mobilisation', 'Retraite : la mobilisation'].map((t) =>
    encode(t, 'fr'),
  );
  assert.ok(score('retraites', pensions!) > score('retraites', retreat!));
  assert.ok(score('retraite', retreat!) > score('retraite', pensions!));
  assert.ok(score('retraites', retreat!) > 0, 'and the other is still found');
});

test('stop words count only in a query of nothing else', () => {
  const band = encode('The Who on tour');
  assert.ok(score('the who', band) > 0);
  assert.equal(score('the tornado', band), 0);
});

test('indices ascend and are unique, whatever comes', () => {
  const texts = [
    '',
    '🚀',
    '\u0000\u202e',
    'مرحبا بالعالم',
    'word '.repeat(2000),
    'x'.repeat(10_000),
    "l'd'qu'",
  ];
  for (const text of texts) {
    for (const { indices, values } of [encode(text), encode(text, 'und'), encoder.encodeQuery(text)]) {
      assert.equal(indices.length, values.length);
      for (const [i, index] of indices.entries()) {
        assert.ok(Number.isInteger(index) && index >= 0 && index <= 0xffffffff);
        if (i > 0) assert.ok(index > (indices[i - 1] ?? Infinity));
        assert.ok(Number.isFinite(values[i]) && (values[i] ?? 0) > 0);
      }
    }
    assert.deepEqual(encode(text), encode(text));
  }
});

test('a document does not depend on its neighbours', () => {
  const docs = ['Whales sing', 'Les baleines chantent'].map((text) => ({ text, language: 'und' }));
  assert.deepEqual(
    encoder.encodeDocuments(docs),
    docs.flatMap((doc) => encoder.encodeDocuments([doc])),
  );
});

test('options change the version and are checked', () => {
  assert.notEqual(bm25Encoder({ k1: 0.9 }).version, encoder.version);
  assert.throws(() => bm25Encoder({ b: 2 }), RangeError);
  assert.throws(() => bm25Encoder({ averageLength: 0 }), RangeError);
});
