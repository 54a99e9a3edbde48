import assert from 'node:assert/strict';
import test from 'node:test';
import { fnv1a } from '@afk/text';
import { averageLengthOf, bm25Encoder } from './index.ts';

import type { EncoderDocument, SparseVector } from './index.ts';

const encoder = bm25Encoder();
const doc = (title: string, language = 'en', summary = ''): EncoderDocument => ({ title, summary, language });
const encode = async (title: string, language = 'en', summary = ''): Promise<SparseVector> => {
  const [vector] = await encoder.encodeDocuments([doc(title, language, summary)]);
  assert.ok(vector);
  return vector;
};
const score = async (text: string, of: SparseVector, language?: string): Promise<number> => {
  const query = await encoder.encodeQuery(language === undefined ? { text } : { text, language });
  const { indices, values } = query ?? { indices: [], values: [] };
  return indices.reduce((sum, t, i) => sum + values[i]! * (of.values[of.indices.indexOf(t)] ?? 0), 0);
};

test('FNV-1a of known strings', () => {
  // From the reference implementation's test vectors.
  assert.equal(fnv1a(''), 0x811c9dc5);
  assert.equal(fnv1a('a'), 0xe40c292c);
  assert.equal(fnv1a('foobar'), 0xbf9cf968);
});

test('weights are the term-frequency part of BM25, title words counting more before saturation', async () => {
  const settings = { k1: 1.2, b: 0.75, averageLength: 4, titleWeight: 3, formWeight: 0.5 };
  const [vector] = await bm25Encoder(settings).encodeDocuments([doc('Whale', 'en', 'whale song')]);
  const weightOf = (term: string) => vector!.values[vector!.indices.indexOf(fnv1a(term))]!;
  const norm = 1.2 * (0.25 + 0.75 * (5 / 4));
  assert.ok(Math.abs(weightOf('whale') - (4 * 2.2) / (4 + norm)) < 1e-12);
  assert.ok(Math.abs(weightOf('song') - 2.2 / (1 + norm)) < 1e-12);
  assert.ok(Math.abs(weightOf('=whale') - (4 * 2.2) / (4 + norm) / 2) < 1e-12, 'the form counts half');
});

test('options make plain BM25: stems only, title and summary one text', async () => {
  const plain = bm25Encoder({
    k1: 0.9,
    b: 0.4,
    averageLength: 3,
    titleWeight: 1,
    formWeight: 0,
    compounds: false,
  });
  const [apart, together] = await plain.encodeDocuments([
    doc('low-cost flights', 'en', 'to Lyon'),
    doc('low-cost flights to Lyon'),
  ]);
  assert.deepEqual(apart, together);
  assert.equal(apart!.indices.length, 5);
});

test('a word in the title counts more than one in the summary', async () => {
  const [title, summary] = [await encode('Whales', 'en', 'Lyon'), await encode('Lyon', 'en', 'Whales')];
  assert.ok((await score('whale', title)) > (await score('whale', summary)));
  assert.ok((await score('whale', summary)) > 0);
});

test('a query finds its stem in either language', async () => {
  assert.ok((await score('elections', await encode('Élections municipales', 'fr'))) > 0);
  assert.ok((await score('élection', await encode('Elections in Iowa', 'en'))) > 0);
  assert.ok((await score('share', await encode('Shares fall', 'und'))) > 0);
  assert.ok((await score('Oréal', await encode('L’Oréal rachète', 'fr'))) > 0);
  assert.ok((await score('ELECTIONS', await encode('Élections municipales', 'fr'), 'fr')) > 0);
});

test('compounds are found whole, in parts and written in one', async () => {
  const ship = await encode('Le porte-avions quitte Toulon', 'fr');
  const whole = await score('porte-avions', ship);
  assert.ok(whole > (await score('porte avions', ship)));
  for (const query of ['porteavions', 'avion', 'porte'])
    assert.ok((await score(query, ship, 'fr')) > 0, query);
  const church = await encode('Notre-Dame rouvre', 'fr');
  assert.ok((await score('Notre-Dame', church)) > (await score('dame', church)));
  assert.ok((await score('covid19', await encode('COVID-19 cases rise'))) > 0);
  assert.ok((await score('low-cost', await encode('A lowcost airline'))) > 0);
  const chain = await encode(`${'very-'.repeat(50)}long`);
  assert.equal(chain.indices.length, 4, 'slogans are no compounds');
});

test('of two words with one stem, the one that is written as in the query comes first', async () => {
  const pensions = await encode('Retraites : la mobilisation', 'fr');
  const retreat = await encode('Retraite : la mobilisation', 'fr');
  assert.ok((await score('retraites', pensions)) > (await score('retraites', retreat)));
  assert.ok((await score('retraite', retreat)) > (await score('retraite', pensions)));
  assert.ok((await score('retraites', retreat)) > 0, 'and the other is still found');
});

test('stop words count only in a query of nothing else', async () => {
  const band = await encode('The Who on tour');
  assert.ok((await score('the who', band)) > 0);
  assert.equal(await score('the tornado', band), 0);
  assert.ok((await score('car crash', await encode('Car overturns'))) > 0, 'a stop word in French only');
});

test('a query without a word is none', async () => {
  for (const text of ['', '🚀👩‍👩‍👧', '  \u0000 ', '"-"', '…'])
    assert.equal(await encoder.encodeQuery({ text }), undefined);
});

test('indices ascend and are unique, whatever comes', async () => {
  const texts = [
    '',
    '🚀',
    '\u0000\u202e',
    'مرحبا بالعالم',
    'word '.repeat(2000),
    'x'.repeat(10_000),
    'a-'.repeat(5000),
    "l'd'qu'",
  ];
  for (const text of texts) {
    const query = await encoder.encodeQuery({ text });
    for (const vector of [await encode(text), await encode('', 'und', text), query]) {
      for (const [i, index] of (vector?.indices ?? []).entries()) {
        assert.ok(Number.isInteger(index) && index >= 0 && index <= 0xffffffff);
        if (i > 0) assert.ok(index > (vector!.indices[i - 1] ?? Infinity));
        assert.ok(Number.isFinite(vector!.values[i]) && (vector!.values[i] ?? 0) > 0);
      }
      assert.equal(vector?.indices.length, vector?.values.length);
    }
    assert.deepEqual(await encode(text), await encode(text));
  }
});

test('a document does not depend on its neighbours', async () => {
  const docs = ['Whales sing', 'Les baleines chantent'].map((title) => doc(title, 'und'));
  const alone = await Promise.all(docs.map((one) => encoder.encodeDocuments([one])));
  assert.deepEqual(await encoder.encodeDocuments(docs), alone.flat());
});

test('many documents give the event loop its turns, and stop when told', async () => {
  const controller = new AbortController();
  const docs = Array.from({ length: 5000 }, (_, i) => doc(`Headline number ${i} of a long day`));
  setImmediate(() => controller.abort(new Error('enough')));
  await assert.rejects(encoder.encodeDocuments(docs, { signal: controller.signal }), { message: 'enough' });
});

test('options change the version and are checked', () => {
  const versions = [
    {},
    { k1: 0.8 },
    { b: 0.1 },
    { titleWeight: 1 },
    { formWeight: 0 },
    { compounds: false },
  ].map((options) => bm25Encoder(options).version);
  assert.equal(new Set(versions).size, versions.length);
  for (const version of versions) assert.match(version, /^[\w.=,-]{1,60}$/);
  assert.throws(() => bm25Encoder({ b: 2 }), /b 2 /);
  assert.throws(() => bm25Encoder({ averageLength: 0, k1: Number.NaN }), /k1 NaN.*averageLength 0/);
});

test('the average length counts title words as often as they weigh', () => {
  assert.equal(averageLengthOf([doc('Two words', 'en', 'and three more'), doc('', 'fr')], 2), 3.5);
  assert.equal(averageLengthOf([]), 1);
});
