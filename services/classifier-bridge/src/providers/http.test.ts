import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { categoryIds } from '@afk/contracts';
import { freePort } from '@afk/local/testing';
import { verdictOf } from '../domain/verdict.ts';
import {
  classifierServer,
  startServer,
  type Reply,
  type Request,
  type TestServer,
} from '../testing/server.ts';
import { httpProvider } from './http.ts';
import { ProviderError, type Provider } from './provider.ts';

const signal = new AbortController().signal;
const texts = [
  { text: 'Cup final tonight', language: 'en' },
  { text: 'Rain', language: 'und' },
];

async function serve(
  t: TestContext,
  reply: (request: Request, number: number) => Reply,
): Promise<{ server: TestServer; provider: Provider }> {
  const server = await startServer(reply);
  t.after(() => server.close());
  return { server, provider: providerOf(server.url) };
}

const providerOf = (url: string, timeoutMs = 300): Provider =>
  httpProvider({ url, batch: 20, concurrency: 2, timeoutMs, backoffMs: 5 });

/** What the provider says of an answer like this. */
async function fault(t: TestContext, reply: Reply, timeoutMs = 20_000): Promise<string> {
  const { server } = await serve(t, () => reply);
  const provider = providerOf(server.url, timeoutMs);
  const error = await provider.classify(texts, signal).then(noError, (e: unknown) => e);
  assert.ok(error instanceof ProviderError, String(error));
  assert.ok(error.message.startsWith(`${server.url}/predict`), error.message);
  return error.message;
}

const noError = (): never => assert.fail('it took that for an answer');
const answer = (...predictions: unknown[]): Reply => ({ json: { model: 'm', predictions } });
const sport = { label: 'sport', probability: 0.9 };

describe('a server of the contract', () => {
  test('is asked for texts, languages and labels, and names its model', async (t) => {
    const { provider, server } = await serve(t, classifierServer());
    assert.equal(await provider.name(signal), 'http-tiny-setfit');
    const { model, opinions } = await provider.classify(texts, signal);
    assert.equal(model, 'http-tiny-setfit');
    assert.deepEqual(
      opinions.map((o) => verdictOf(o, 0.3)),
      [
        { category: 'sport', probability: 0.9 },
        { category: 'weather', probability: 0.9 },
      ],
    );
    const labels = categoryIds.toSorted();
    const body = { texts: ['Cup final tonight', 'Rain'], languages: ['en', 'und'], labels };
    assert.deepEqual(
      server.requests.map(({ path, body: b }) => [path, b]),
      [
        ['/health', undefined],
        ['/predict', body],
      ],
    );
  });

  test('may tell all probabilities; what it leaves out has none', async (t) => {
    const probabilities = { sport: 0.5, health: 0.25, weather: 0.25 };
    const { provider } = await serve(t, () =>
      answer({ label: 'sport', probability: 0.5, probabilities }, { ...sport, probabilities: null }),
    );
    const [first, second] = (await provider.classify(texts, signal)).opinions;
    const sorted = categoryIds.toSorted();
    const of = (id: 'sport' | 'health' | 'politics'): number => first![sorted.indexOf(id)]!;
    assert.deepEqual([of('sport'), of('health'), of('politics')], [0.5, 0.25, 0]);
    assert.equal(verdictOf(second!, 0.3).probability, 0.9);
  });

  test('that stumbles is asked again: 500, 429 with a wait, then an answer', async (t) => {
    const { provider, server } = await serve(t, (request, n) => {
      if (n === 1) return { status: 500, text: 'CUDA out of memory' };
      if (n === 2) return { status: 429, text: 'slow down', headers: { 'retry-after': '0.01' } };
      return classifierServer()(request);
    });
    assert.equal((await provider.classify(texts, signal)).opinions.length, 2);
    assert.equal(server.requests.length, 3);
  });

  test('that was away and came back is asked again', async (t) => {
    const port = await freePort();
    const first = await startServer(classifierServer(), port);
    const provider = providerOf(first.url);
    await provider.name(signal);
    await first.close();
    await assert.rejects(provider.name(signal), /ECONNREFUSED/);
    const again = await startServer(classifierServer('other'), port);
    t.after(() => again.close());
    assert.equal(await provider.name(signal), 'http-other');
  });
});

describe('what is no answer is named', () => {
  const cases: [string, Reply, RegExp][] = [
    [
      'an unknown label',
      answer(sport, { ...sport, label: 'gossip' }),
      /1\.label: "gossip" is none of the 17/,
    ],
    ['too few', answer(sport), /1 categories for 2 texts/],
    ['too many', answer(sport, sport, sport), /3 categories for 2 texts/],
    [
      'NaN, as Python writes it',
      { text: '{"model":"m","predictions":[{"probability": NaN}]}' },
      /no JSON.*NaN/,
    ],
    ['null for NaN', answer(sport, { ...sport, probability: null }), /1\.probability: .*null/],
    ['a percentage', answer(sport, { ...sport, probability: 90 }), /1\.probability: .*<=1/],
    [
      'probabilities that sum to 2',
      answer(sport, { ...sport, probabilities: { sport: 1, weather: 1 } }),
      /1\.probabilities: they sum to 2/,
    ],
    [
      'a label against its probabilities',
      answer(sport, { ...sport, probabilities: { sport: 0.1, weather: 0.9 } }),
      /the label is "sport", but another is likelier/,
    ],
    ['no model', { json: { predictions: [sport, sport] } }, /model: /],
    [
      'a model that is no name',
      { json: { model: 'a\nb', predictions: [sport, sport] } },
      /no name of a model/,
    ],
    ['HTML', { text: '<html>It works!</html>' }, /no JSON .*<html>It works!/],
    ['nothing', { text: '' }, /no JSON .*\(nothing\)/],
    ['a list', { json: [] }, /the answer: .*expected object/],
    ['422', { status: 422, json: { detail: 'texts: field required' } }, /answered 422: .*field required/],
    ['a way to elsewhere', { status: 307, headers: { location: 'http://x/' }, text: '' }, /answered 307/],
    ['more than anybody can say', { text: 'x'.repeat(9_000_000) }, /answered more than 8388608 bytes/],
  ];
  for (const [name, reply, words] of cases) {
    test(name, async (t) => assert.match(await fault(t, reply), words));
  }

  test('a fault of the request is not tried again, one of the server three times', async (t) => {
    for (const [status, times] of [
      [404, 1],
      [503, 3],
    ] as const) {
      const { provider, server } = await serve(t, () => ({ status, text: 'no' }));
      await assert.rejects(provider.classify(texts, signal), new RegExp(`answered ${status}: no`));
      assert.equal(server.requests.length, times, String(status));
    }
  });

  test('a server that wants to be left alone for an hour is away', async (t) => {
    const headers = { 'retry-after': '3600' };
    const { provider, server } = await serve(t, () => ({ status: 503, headers, text: 'busy' }));
    await assert.rejects(provider.classify(texts, signal), /answered 503: busy/);
    assert.equal(server.requests.length, 1);
  });
});

describe('a server that does not answer', () => {
  test('ends in a time-out that tells how long it was waited for', async (t) => {
    for (const reply of [{ never: true } as const, { afterMs: 2000, text: '{}' }]) {
      assert.match(await fault(t, reply, 300), /did not answer within 300 ms/);
    }
  });

  test('is not waited for once the service must stop', async (t) => {
    const { provider } = await serve(t, () => ({ never: true }));
    const stop = new AbortController();
    const asked = provider.classify(texts, stop.signal);
    stop.abort(new Error('the lease is gone'));
    await assert.rejects(asked, /the lease is gone/);
  });

  test('is told with its address and why', async () => {
    const error = await providerOf('http://127.0.0.1:1')
      .name(signal)
      .then(noError, (e: Error) => e);
    assert.ok(error instanceof ProviderError);
    assert.match(error.message, /^http:\/\/127\.0\.0\.1:1\/health: .*(ECONNREFUSED|bad port)/);
  });
});
