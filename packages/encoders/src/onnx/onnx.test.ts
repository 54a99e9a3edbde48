import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import type { TestContext } from 'node:test';
import { onnxEncoder, spladeEncoder } from './index.ts';
import { loadRuntime, loadTokenisers } from './runtime.ts';
import { installRuntime } from './testing/install.ts';
import { modelFiles, tableModel, WORDS, writeModel } from './testing/tiny-model.ts';

const skip = await installRuntime();

/** Row i is the vector of word i: nothing symmetric, some of it negative. */
const HIDDEN = WORDS.map((_, i) => [i - 3, (i * i) % 7, i % 2 === 0 ? 0.5 : -0.25]);
/** Row i are the logits at word i: 4 - (3i + 5j) mod 20. */
const LOGITS = WORDS.map((_, i) => WORDS.map((_, j) => 4 - ((3 * i + 5 * j) % 20)));

async function folderOf(t: TestContext, model: Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'afk-onnx-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await writeModel(folder, model);
  return folder;
}

const doc = (title: string, summary = '') => ({ title, summary, language: 'en' });
const idOf = (word: string): number => WORDS.indexOf(word);
const rowsOf = (table: number[][], words: string[]): number[][] => words.map((word) => table[idOf(word)]!);
const mean = (rows: number[][]): number[] =>
  rows[0]!.map((_, j) => rows.reduce((sum, row) => sum + row[j]!, 0) / rows.length);
const unit = (values: number[]): string[] => values.map((v) => (v / Math.hypot(...values)).toFixed(5));
const shown = (vector: Float32Array | undefined): string[] => Array.from(vector ?? [], (v) => v.toFixed(5));

const WHALES = ['[CLS]', 'whale', '##s', '[SEP]'];
const SINGING = ['[CLS]', 'whale', '##s', 'sing', 'court', '[UNK]', '[SEP]'];

test('sentence vectors are the mean of the tokens, padding left out', { skip }, async (t) => {
  const folder = await folderOf(t, tableModel(HIDDEN, 'last_hidden_state'));
  const encoder = await onnxEncoder({ source: { folder } });
  assert.deepEqual([encoder.kind, encoder.name, encoder.dimension], ['dense', 'onnx', 3]);
  const docs = [doc('WHALES'), doc('Whales sing', 'court zebra'), doc('🚀')];
  const vectors = (await encoder.encodeDocuments(docs)).map(shown);
  assert.deepEqual(vectors, [
    unit(mean(rowsOf(HIDDEN, WHALES))),
    unit(mean(rowsOf(HIDDEN, SINGING))),
    ['0.00000', '0.00000', '0.00000'],
  ]);
  const [alone] = await encoder.encodeDocuments([docs[0]!]);
  assert.deepEqual(shown(alone), vectors[0], 'whatever it is batched with');
  assert.equal(await encoder.encodeQuery({ text: '🚀' }), undefined);
});

test('the first token, a prefix, a limit of tokens and small batches', { skip }, async (t) => {
  const folder = await folderOf(t, tableModel(HIDDEN, 'last_hidden_state'));
  const first = await onnxEncoder({ source: { folder }, pooling: 'cls' });
  assert.deepEqual(shown(await first.encodeQuery({ text: 'court' })), unit(HIDDEN[idOf('[CLS]')]!));
  const prefixed = await onnxEncoder({ source: { folder }, prefixes: { query: 'query: ' } });
  const query = ['[CLS]', 'query', ':', 'court', '[SEP]'];
  assert.deepEqual(shown(await prefixed.encodeQuery({ text: 'court' })), unit(mean(rowsOf(HIDDEN, query))));
  const short = await onnxEncoder({ source: { folder }, maxTokens: 4, batchSize: 2 });
  const cut = ['[CLS]', 'court', 'sing', '[SEP]'];
  const vectors = await short.encodeDocuments([
    doc('court sing whale whale'),
    doc('whales'),
    doc('court sing court'),
  ]);
  assert.deepEqual(
    vectors.map(shown),
    [cut, WHALES, cut].map((words) => unit(mean(rowsOf(HIDDEN, words)))),
  );
  const versions = [first, prefixed, short].map(({ version }) => version);
  assert.equal(new Set(versions).size, 3);
  for (const version of versions) assert.match(version, /^[\w.=,-]{1,60}$/);
});

test('SPLADE weighs the vocabulary by the largest logit', { skip }, async (t) => {
  const folder = await folderOf(t, tableModel(LOGITS, 'logits'));
  const encoder = await spladeEncoder({ source: { folder } });
  assert.deepEqual([encoder.kind, encoder.name, encoder.idf], ['sparse', 'splade', false]);
  const [vector, empty] = await encoder.encodeDocuments([doc('Whales'), doc('')]);
  const largest = WORDS.map((_, j) => Math.max(...rowsOf(LOGITS, WHALES).map((row) => row[j]!)));
  const expected = largest.flatMap((logit, j) => (logit > 0 ? [[j, Math.log(1 + logit).toFixed(5)]] : []));
  assert.ok(expected.length > 2 && expected.length < WORDS.length, 'some are positive, some are not');
  assert.deepEqual(
    vector!.indices.map((index, i) => [index, vector!.values[i]!.toFixed(5)]),
    expected,
  );
  assert.deepEqual(empty, { indices: [], values: [] });
  assert.deepEqual(await encoder.encodeQuery({ text: 'whales' }), vector);
  assert.equal(await encoder.encodeQuery({ text: '…' }), undefined);
});

test('from a hub once, from the cache afterwards', { skip }, async (t) => {
  const files = modelFiles(tableModel(HIDDEN, 'last_hidden_state'));
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url!);
    const content = files[request.url!.replace('/acme/tiny/resolve/main/', '')];
    response.writeHead(content === undefined ? 404 : 200).end(content ?? 'Entry not found');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => void server.close());
  const cache = await mkdtemp(join(tmpdir(), 'afk-hub-'));
  t.after(() => rm(cache, { recursive: true, force: true }));
  const hubUrl = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const source = { hub: 'acme/tiny', cache, hubUrl };
  const first = await onnxEncoder({ source });
  assert.equal(asked.length, 3);
  const again = await onnxEncoder({ source });
  assert.equal(asked.length, 3, 'nothing was asked for again');
  assert.equal(again.version, first.version);
  assert.deepEqual((await readdir(join(cache, 'acme/tiny/main'))).toSorted(), [
    'onnx',
    'tokenizer.json',
    'tokenizer_config.json',
  ]);
  await assert.rejects(
    onnxEncoder({ source: { ...source, hub: 'acme/none' } }),
    /no onnx\/model.onnx .* acme\/none/,
  );
  await assert.rejects(onnxEncoder({ source: { ...source, hub: '../etc' } }), /names no model/);
});

test('what is missing or damaged is named', { skip }, async (t) => {
  const folder = await folderOf(t, tableModel(HIDDEN, 'last_hidden_state'));
  const source = { folder };
  await assert.rejects(onnxEncoder({ source: { folder, file: 'int8.onnx' } }), /no int8\.onnx in /);
  await assert.rejects(onnxEncoder({ source, maxTokens: 0 }), /maxTokens 0/);
  await assert.rejects(onnxEncoder({ source, pooling: 'max' as 'mean' }), /pooling max/);
  await writeFile(join(folder, 'tokenizer.json'), '{"model"');
  await assert.rejects(onnxEncoder({ source }), /tokenizer\.json in .* is no JSON/);
  await rm(join(folder, 'tokenizer.json'));
  await assert.rejects(onnxEncoder({ source }), /no tokenizer\.json in /);
  await writeModel(folder, Buffer.from('no protobuf'));
  await assert.rejects(onnxEncoder({ source }), /the runtime refuses the model/);
});

test('an abort arrives between batches', { skip }, async (t) => {
  const folder = await folderOf(t, tableModel(HIDDEN, 'last_hidden_state'));
  const encoder = await onnxEncoder({ source: { folder }, batchSize: 1 });
  const controller = new AbortController();
  const docs = Array.from({ length: 2000 }, () => doc('whales sing'));
  const running = encoder.encodeDocuments(docs, { signal: controller.signal });
  setImmediate(() => controller.abort(new Error('enough')));
  await assert.rejects(running, { message: 'enough' });
});

test('without a runtime: what to install', async () => {
  await assert.rejects(
    loadRuntime(['afk-no-such-runtime']),
    /afk-no-such-runtime is not installed.*npm ci --prefix packages\/encoders\/onnx-runtime/,
  );
  await assert.rejects(loadTokenisers(['node:path']), /node:path is of another version/);
});
