import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import test from 'node:test';
import type { TestContext } from 'node:test';
import { ollamaEncoder } from './index.ts';
import type { OllamaOptions } from './index.ts';

type EmbedRequest = { model: string; input: string[]; truncate?: boolean; dimensions?: number };
type Answer = (request: EmbedRequest, response: ServerResponse) => void;

const json = (response: ServerResponse, status: number, body: unknown): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

/** Length and number of vowels: another vector for another text. */
const vectorOf = (text: string): number[] => [text.length, text.split(/[aeiou]/).length, 1];

const embeddings: Answer = ({ model, input }, response) =>
  json(response, 200, { model, embeddings: input.map(vectorOf), total_duration: 1 });

/** Plays an Ollama server that has pulled `tiny:latest`; `answers` are used up first. */
async function ollama(t: TestContext, ...answers: Answer[]) {
  const asked: EmbedRequest[] = [];
  const state = { digest: 'sha256:0123456789abcdef' };
  const server = createServer((request, response) => {
    if (request.url === '/api/tags')
      return json(response, 200, { models: [{ name: 'tiny:latest', digest: state.digest }] });
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      const body = JSON.parse(text) as EmbedRequest;
      asked.push(body);
      (asked.length > 1 ? (answers.shift() ?? embeddings) : embeddings)(body, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<unknown> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  t.after(close);
  const { port } = server.address() as { port: number };
  const url = `http://127.0.0.1:${port}`;
  const make = (options: Partial<OllamaOptions> = {}) =>
    ollamaEncoder({ url, model: 'tiny', backoffMs: 1, ...options });
  return { asked, state, make, url, close };
}

const doc = (title: string, summary = '') => ({ title, summary, language: 'en' });
const unit = (values: number[]): string[] =>
  values.map((value) => (value / Math.hypot(...values)).toFixed(5));
const shown = (vector: Float32Array | undefined): string[] =>
  Array.from(vector ?? [], (value) => value.toFixed(5));

test('documents and queries as the server embeds them, of length one', async (t) => {
  const { make, asked } = await ollama(t);
  const encoder = await make({ prefixes: { query: 'q: ', document: 'd: ' } });
  assert.deepEqual([encoder.kind, encoder.name, encoder.dimension], ['dense', 'ollama', 3]);
  const vectors = await encoder.encodeDocuments([doc('Whales'), doc('Whales', 'They sing')]);
  assert.deepEqual(vectors.map(shown), [unit(vectorOf('d: Whales')), unit(vectorOf('d: Whales\nThey sing'))]);
  assert.deepEqual(shown(await encoder.encodeQuery({ text: 'song' })), unit(vectorOf('q: song')));
  assert.deepEqual(asked.at(-1), { model: 'tiny', input: ['q: song'], truncate: true });
});

test('what has no word is not asked for', async (t) => {
  const { make, asked } = await ollama(t);
  const encoder = await make();
  const vectors = await encoder.encodeDocuments([doc('', '🚀'), doc('Whale'), doc(' ')]);
  assert.deepEqual(vectors.map(shown), [
    unit([0, 0, 1]).map(() => '0.00000'),
    unit(vectorOf('Whale')),
    ['0.00000', '0.00000', '0.00000'],
  ]);
  assert.equal(await encoder.encodeQuery({ text: '🚀 …' }), undefined);
  assert.deepEqual(await encoder.encodeDocuments([]), []);
  assert.equal(asked.length, 2, 'the dimension, and one batch');
});

test('batches by number and by characters, in order', async (t) => {
  const { make, asked } = await ollama(t);
  const encoder = await make({ batchSize: 3, batchCharacters: 30 });
  const titles = ['a', 'bb', 'ccc', 'dddd', 'e'.repeat(40), 'f'.repeat(20), 'g'.repeat(20)];
  const vectors = await encoder.encodeDocuments(titles.map((title) => doc(title)));
  assert.deepEqual(
    asked.slice(1).map(({ input }) => input.length),
    [3, 1, 1, 1, 1],
  );
  assert.deepEqual(
    vectors.map(shown),
    titles.map((title) => unit(vectorOf(title))),
  );
});

test('5xx, 429 and a broken connection are tried again', async (t) => {
  const { make, asked } = await ollama(
    t,
    (_, response) => json(response, 503, { error: 'server busy' }),
    (_, response) => json(response, 429, { error: 'slow down' }),
    (_, response) => void response.destroy(),
  );
  const encoder = await make();
  assert.deepEqual(shown(await encoder.encodeQuery({ text: 'whale' })), unit(vectorOf('whale')));
  assert.equal(asked.length, 5);
});

test('a 4xx is not tried again, and says what the server said', async (t) => {
  const { make, asked } = await ollama(t, (_, response) => json(response, 400, { error: 'input too long' }));
  const encoder = await make();
  await assert.rejects(encoder.encodeQuery({ text: 'whale' }), /400 input too long/);
  assert.equal(asked.length, 2);
});

test('attempts end, with the reason', async (t) => {
  const down: Answer = (_, response) => json(response, 500, { error: 'out of memory' });
  const { make } = await ollama(t, down, down, down);
  const encoder = await make({ attempts: 2 });
  await assert.rejects(encoder.encodeQuery({ text: 'whale' }), /500 out of memory \(2 attempts\)/);
});

test('a model that is not pulled: what to run', async (t) => {
  const { make } = await ollama(t, (_, response) => json(response, 404, { error: 'model "tiny" not found' }));
  await assert.rejects(
    make({ model: 'bge-m3:567m' }),
    /has no model bge-m3:567m: run `ollama pull bge-m3:567m`/,
  );
  const encoder = await make();
  await assert.rejects(encoder.encodeQuery({ text: 'whale' }), /ollama pull tiny/, 'removed meanwhile');
});

test('no server: said with its address', async (t) => {
  const { make, url, close } = await ollama(t);
  await close();
  const refused = await make({ attempts: 2 }).catch((error: Error) => error.message);
  assert.match(String(refused), /ECONNREFUSED.*2 attempts/);
  assert.ok(String(refused).includes(url));
});

test('a pulled update, other prefixes and other models are other versions', async (t) => {
  const { make, state } = await ollama(t);
  const versions = [(await make()).version, (await make({ prefixes: { query: 'q: ' } })).version];
  state.digest = 'sha256:fedcba9876543210';
  versions.push((await make()).version);
  assert.equal(new Set(versions).size, 3);
  assert.equal((await make()).version, versions[2]);
  for (const version of versions) assert.match(version, /^tiny-[\w.=,-]{1,60}$/);
});

test('an abort arrives while the server thinks, and between attempts', async (t) => {
  const { make } = await ollama(
    t,
    () => {},
    (_, response) => json(response, 500, { error: 'busy' }),
  );
  const encoder = await make({ backoffMs: 60_000 });
  for (let i = 0; i < 2; i += 1) {
    const controller = new AbortController();
    const running = encoder.encodeDocuments([doc('Whale')], { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('enough')), 30);
    await assert.rejects(running, /enough|aborted/);
  }
});

test('a server that does not answer in time is given up', async (t) => {
  const silent: Answer = () => {};
  const { make } = await ollama(t, silent, silent);
  const encoder = await make({ timeoutMs: 50, attempts: 2 });
  await assert.rejects(encoder.encodeQuery({ text: 'whale' }), /no answer within 50 ms \(2 attempts\)/);
});

test('answers that are not as documented are refused', async (t) => {
  const wrong = [
    { embeddings: [] },
    { embeddings: [[1, null, 2]] },
    { embeddings: [[1, 2]] },
    { embedding: [1] },
  ];
  const { make } = await ollama(
    t,
    ...wrong.map(
      (body): Answer =>
        (_, response) =>
          json(response, 200, body),
    ),
    (_, response) => void response.end('<html>'),
  );
  const encoder = await make();
  for (const expected of [
    /not 1 embeddings/,
    /no list of numbers/,
    /2 dimensions, 3 before/,
    /not 1/,
    /not answer JSON/,
  ])
    await assert.rejects(encoder.encodeQuery({ text: 'whale' }), expected);
  await assert.rejects(make({ batchSize: 0 }), /batchSize 0/);
});
