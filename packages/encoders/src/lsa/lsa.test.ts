import assert from 'node:assert/strict';
import test from 'node:test';
import { randomOf, runSteps, runStepsAsync } from '@afk/text';
import { driftOf, fitLsaModel, lsaEncoder, readLsaModel, wantsRefit, writeLsaModel } from '../index.ts';
import type { EncoderDocument, LsaModel } from '../index.ts';

const SUBJECTS = {
  sea: 'whale ocean ship harbour sailor tide reef coral',
  court: 'judge trial verdict lawyer prison appeal witness jury',
  maison: 'toiture maçon cuisine jardin locataire loyer façade grenier',
};

/** Headlines that take five words of a subject each. */
function headlines(
  count: number,
  seed: number,
  subjects: string[] = Object.values(SUBJECTS),
): EncoderDocument[] {
  const { uniform } = randomOf(seed);
  return Array.from({ length: count }, (_, i) => {
    const words = subjects[i % subjects.length]!.split(' ');
    const title = Array.from({ length: 5 }, () => words[Math.floor(uniform() * words.length)]).join(' ');
    return { title, summary: '', language: i % subjects.length === 2 ? 'fr' : 'en' };
  });
}

const model = runSteps(fitLsaModel(headlines(300, 3), { rank: 3 }));
const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

test('texts on a subject are near without a common word', async () => {
  const encoder = lsaEncoder(model);
  const query = await encoder.encodeQuery({ text: 'whale' });
  const vectors = await encoder.encodeDocuments(
    ['coral reef', 'jury verdict', 'loyer de la cuisine'].map((title) => ({
      title,
      summary: '',
      language: 'und',
    })),
  );
  const [sea, court, maison] = vectors.map((vector) => dot(query!, vector));
  assert.ok(sea! > 0.8, String(sea));
  assert.ok(court! < 0.3 && maison! < 0.3, `${court} ${maison}`);
  assert.equal(encoder.dimension, 3);
});

test('vectors have length one; of texts without a known word they are zero, and queries none', async () => {
  const encoder = lsaEncoder(model);
  const texts = ['Whale', 'zebra', '', '🚀', '\u0000 مرحبا', 'whale '.repeat(3000)];
  const docs = texts.map((title) => ({ title, summary: '', language: 'en' }));
  const lengths = (await encoder.encodeDocuments(docs)).map((v) => Math.hypot(...v).toFixed(5));
  assert.deepEqual(lengths, ['1.00000', '0.00000', '0.00000', '0.00000', '0.00000', '1.00000']);
  for (const text of ['zebra', '', '🚀', '\u0000'])
    assert.equal(await encoder.encodeQuery({ text }), undefined);
  assert.equal(Math.hypot(...(await encoder.encodeQuery({ text: 'WHALES?' }))!).toFixed(5), '1.00000');
});

test('the title counts more than the summary', async () => {
  const encoder = lsaEncoder(model);
  const [vector] = await encoder.encodeDocuments([{ title: 'whale', summary: 'jury', language: 'en' }]);
  const [whale, jury] = [
    await encoder.encodeQuery({ text: 'whale' }),
    await encoder.encodeQuery({ text: 'jury' }),
  ];
  assert.ok(dot(vector!, whale!) > dot(vector!, jury!));
});

test('the same documents, options and seed give the same bytes, at once or in turns', async () => {
  const bytes = writeLsaModel(model);
  assert.deepEqual(writeLsaModel(await runStepsAsync(fitLsaModel(headlines(300, 3), { rank: 3 }))), bytes);
  const other = runSteps(fitLsaModel(headlines(300, 4), { rank: 3 }));
  assert.notEqual(other.version, model.version);
  assert.match(model.version, /^[0-9a-f]{12}$/);
});

test('a model comes back from its bytes as it was', async () => {
  // From the middle of a larger buffer, as a database driver hands it over.
  const bytes = Buffer.concat([Buffer.from('xyz'), writeLsaModel(model), Buffer.from('!')]).subarray(3, -1);
  const back = readLsaModel(bytes);
  assert.deepEqual(back, model);
  const query = { text: 'harbour trial' };
  assert.deepEqual(await lsaEncoder(back).encodeQuery(query), await lsaEncoder(model).encodeQuery(query));
});

test('bytes that are no model are refused', () => {
  const bytes = writeLsaModel(model);
  for (const at of [9, 45, 60, bytes.length - 1]) {
    const damaged = bytes.slice();
    damaged[at] = damaged[at]! ^ 1;
    assert.throws(() => readLsaModel(damaged), /damaged LSA model/);
  }
  assert.throws(() => readLsaModel(bytes.subarray(0, 200)), /damaged LSA model.*200 bytes/);
  assert.throws(() => readLsaModel(bytes.subarray(0, 20)), /damaged LSA model/);
  assert.throws(() => readLsaModel(new Uint8Array()), /not an LSA model/);
  assert.throws(() => readLsaModel(Buffer.from('{"an":"other"}')), /not an LSA model.*\{\\"an/);
});

test('rare words are left out, and of too many the rarest', () => {
  const docs = [...headlines(60, 1), { title: 'whale hapax', summary: '', language: 'en' }];
  const small = runSteps(fitLsaModel(docs, { rank: 2, maxVocabulary: 5 }));
  assert.equal(small.rows.size, 5);
  assert.ok(small.leftOut > 0.3, String(small.leftOut));
  assert.equal(runSteps(fitLsaModel(docs)).rows.has('hapax'), false);
});

test('nothing to fit, or options that are no counts: an error that says so', () => {
  const lone = [{ title: 'One of a kind', summary: '', language: 'en' }];
  assert.throws(() => runSteps(fitLsaModel([])), /nothing to fit: 0 documents/);
  assert.throws(() => runSteps(fitLsaModel(lone)), /nothing to fit: 1 documents, 0 words/);
  assert.throws(() => runSteps(fitLsaModel(lone, { rank: 0 })), /rank 0/);
  assert.throws(() => runSteps(fitLsaModel(lone, { minDocuments: 1.5 })), /minDocuments 1.5/);
});

test('fitting stops between slices when aborted', async () => {
  const controller = new AbortController();
  const running = runStepsAsync(fitLsaModel(headlines(5000, 2)), controller.signal);
  setImmediate(() => controller.abort(new Error('enough')));
  await assert.rejects(running, { message: 'enough' });
});

test('drift is the share of recurring words that the model has not read', () => {
  const known = headlines(300, 9);
  assert.deepEqual(driftOf(model, known), { unknown: 0, documents: 300 });
  const twice = ['whale comet', 'whale comet', 'whale lone'].map((title) => ({
    title,
    summary: '',
    language: 'en',
  }));
  assert.equal(driftOf(model, twice).unknown, 2 / 5, 'comet twice beside whale three times');
  assert.deepEqual(driftOf(model, []), { unknown: 0, documents: 0 });
});

test('a refit is wanted for a reason that is said', () => {
  const fitted = (documents: number, leftOut = 0): LsaModel => ({ ...model, documents, leftOut });
  const drift = (unknown: number, documents = 1000) => ({ unknown, documents });
  assert.equal(wantsRefit(fitted(1000), drift(0.2), 1500), undefined);
  assert.match(wantsRefit(fitted(1000), drift(0.4), 1500)!, /40 % .* 1000 documents/);
  assert.equal(wantsRefit(fitted(1000), drift(0.4, 20), 1500), undefined, 'twenty documents tell nothing');
  assert.equal(wantsRefit(fitted(1000, 0.3), drift(0.4), 1500), undefined, 'the vocabulary was full');
  assert.match(wantsRefit(fitted(1000), drift(0), 2000)!, /1000 documents, now there are 2000/);
  assert.equal(wantsRefit(fitted(60_000), drift(0), 200_000), undefined, 'it has read enough');
});
