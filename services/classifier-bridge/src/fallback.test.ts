import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { Registry } from 'prom-client';
import { activeVersion, saveCategories } from '@afk/database';
import { httpProvider } from './providers/http.ts';
import { llmProvider } from './providers/llm.ts';
import { countOutcomes } from './providers/outcomes.ts';
import type { Provider } from './providers/provider.ts';
import { bench } from './testing/bench.ts';
import { asOf, built, categories, extracted, hoursAgo, id, store, verdicts } from './testing/run.ts';
import {
  classifierServer,
  completion,
  headlinesOf,
  startServer,
  type PredictBody,
  type Reply,
  type Request,
  type TestServer,
} from './testing/server.ts';

const SETFIT = 'http-tiny-setfit';

/** The service with a server of the contract; `server.reply` may be changed as it runs. */
async function serve(t: TestContext, reply: (r: Request, n: number) => Reply, batch = 2, timeoutMs = 1000) {
  const behaviour = { reply };
  const server = await startServer((r, n) => behaviour.reply(r, n));
  t.after(() => server.close());
  const provider = providerOf(server.url, batch, timeoutMs);
  const registry = new Registry();
  const b = await bench({ provider, threshold: 0.3, outcomes: countOutcomes(registry) });
  t.after(() => b.close());
  const linear = (await activeVersion(b.db))!;
  return { b, server, behaviour, linear, registry };
}

const providerOf = (url: string, batch: number, timeoutMs = 1000): Provider =>
  httpProvider({ url, batch, concurrency: 2, timeoutMs, backoffMs: 5 });

const asked = (server: TestServer): string[] =>
  server.requests.flatMap((r) => (r.path === '/predict' ? (r.body as PredictBody).texts : []));

/** A server that fails wherever a text matches. */
const failsAt =
  (pattern: RegExp) =>
  (r: Request): Reply =>
    r.path === '/predict' && (r.body as PredictBody).texts.some((t) => pattern.test(t))
      ? { status: 500, text: 'no' }
      : classifierServer()(r);

const figure = async (registry: Registry, provider: string, outcome: string): Promise<number> => {
  const values = (await registry.getSingleMetric('afk_classified_total')!.get()).values;
  return values.find((v) => v.labels['provider'] === provider && v.labels['outcome'] === outcome)?.value ?? 0;
};

test('a provider speaks: its name is with every headline and in the event, and each is asked once', async (t) => {
  const { b, server, registry } = await serve(t, classifierServer());
  await store(b, ['Cup', 'Rain', 'Cup', 'Goal', 'Rain again']);
  const answer = await extracted(b);
  assert.deepEqual([answer['count'], answer['model']], [5, SETFIT]);
  const expected = ['sport', 'weather', 'sport', 'politics', 'weather'].map((c) => [c, SETFIT]);
  assert.deepEqual(await verdicts(b), expected);
  assert.deepEqual(asked(server).toSorted(), ['Cup', 'Goal', 'Rain', 'Rain again'], 'equal titles are one');
  assert.ok(server.most() <= 2, 'two requests at a time');
  assert.equal(await figure(registry, 'http', 'ok'), 4);
  assert.deepEqual([(await extracted(b))['count'], asked(server).length], [0, 4]);
});

test('trends pool what was said of their headlines, and ask for nothing', async (t) => {
  const { b, server, linear } = await serve(t, classifierServer());
  await store(b, ['Cup', 'Goal', 'A cup of rain', 'Striker']);
  await extracted(b);
  await saveCategories(b.db, 'older', [{ id: id(3), category: null, probability: 0.1 }]);
  await b.db.query('delete from opinions where headline_id = $1', [id(3)]);
  const before = server.requests.length;
  const answer = await built(b, [0, 2], [1], [3]);
  assert.equal(server.requests.length, before);
  assert.equal(answer['model'], `${SETFIT} + ${linear}`);
  // The linear model says sport of "Goal", the provider politics.
  assert.deepEqual(await verdicts(b, 'trends'), [
    ['sport', SETFIT],
    ['politics', SETFIT],
    ['sport', linear],
  ]);
});

describe('a provider that fails', () => {
  test('for one batch: the linear model stands in for that one, says so, and is asked no more in this run', async (t) => {
    const { b, server, behaviour, linear, registry } = await serve(t, failsAt(/storm/i), 1);
    await store(b, ['Cup', 'Storm', 'Rain']);
    const answer = await extracted(b);
    assert.equal(answer['model'], `${SETFIT} + ${linear}`);
    assert.deepEqual(await verdicts(b), [
      ['sport', SETFIT],
      ['weather', linear],
      ['weather', SETFIT],
    ]);
    assert.equal(asked(server).filter((text) => text === 'Storm').length, 3, 'three attempts of one request');
    assert.equal(await figure(registry, 'http', 'failed'), 1);
    assert.equal(await figure(registry, 'linear', 'fallback'), 1);
    const told = b.lines.find((l) => l.includes('the provider failed'));
    assert.match(told ?? '', /^warn .*answered 500: no.*"headlines":1/);

    behaviour.reply = classifierServer();
    assert.deepEqual([(await extracted(b))['count'], (await verdicts(b))[1]], [1, ['politics', SETFIT]]);
  });

  test('at every request: it is left alone soon, nothing is lost, and the next run makes good', async (t) => {
    const { b, server, behaviour, linear } = await serve(t, failsAt(/./), 1);
    await store(
      b,
      Array.from({ length: 50 }, (_, n) => `Cup ${n}`),
    );
    assert.deepEqual([(await extracted(b))['model'], (await categories(b)).length], [linear, 50]);
    assert.ok(new Set(asked(server)).size <= 4, `${new Set(asked(server)).size} texts were tried`);
    assert.match((await b.checks())['provider']!.detail!, /^http: the linear model stands in since .*500/);
    assert.equal((await b.checks())['provider']!.ok, true);

    await b.db.query(`update headlines set indexed_a = 'x', indexed_b = 'x'`);
    const idle = await extracted(b);
    assert.deepEqual([idle['count'], idle['model']], [0, SETFIT]);
    const { rows } = await b.db.query(
      'select count(*)::int as n from headlines where indexed_a is null or indexed_b is null',
    );
    assert.equal(rows[0].n, 0, 'who has a category keeps it while the provider is away');

    behaviour.reply = classifierServer();
    assert.equal((await extracted(b))['count'], 50);
    assert.ok((await verdicts(b)).every(([, model]) => model === SETFIT));
    assert.equal((await b.checks())['provider']!.detail, 'http');
  });

  test('before it says its name: what has its categories keeps them, what has none gets the linear ones', async (t) => {
    const { b, behaviour, linear } = await serve(t, classifierServer());
    await store(b, ['Goal']);
    await extracted(b);
    behaviour.reply = () => ({ status: 503, text: 'loading' });
    await store(b, ['Goal', 'Striker']);
    const answer = await extracted(b);
    assert.deepEqual([answer['count'], answer['model']], [1, linear]);
    assert.deepEqual(await verdicts(b), [
      ['politics', SETFIT],
      ['sport', linear],
    ]);
    assert.ok(b.lines.some((l) => /^warn the provider is away.*503: loading/.test(l)));
  });

  test('with an unknown label: that batch is the linear model’s, and the label is in the log', async (t) => {
    const { b, linear } = await serve(t, (r) =>
      r.path === '/health'
        ? classifierServer()(r)
        : { json: { model: 'm', predictions: [{ label: 'gossip', probability: 1 }] } },
    );
    await store(b, ['Cup']);
    await extracted(b);
    assert.deepEqual(await verdicts(b), [['sport', linear]]);
    assert.ok(b.lines.some((l) => l.includes('\\"gossip\\" is none of the 17 categories')));
  });
});

test('a language model: sorts, falls silent, and its key is told to nobody', async (t) => {
  const key = 'sk-very-secret-0815';
  let refuses = false;
  const server = await startServer((r) => {
    if (refuses) return { status: 401, json: { error: `the key ${key} is not known` } };
    const items = headlinesOf(r).map(({ n }) => ({
      n,
      category: n ? 'unsure' : 'health',
      confidence: 'likely',
    }));
    return completion({ items });
  });
  t.after(() => server.close());
  const options = { url: server.url, model: 'tiny', key, batch: 20, concurrency: 1 };
  const b = await bench({ provider: llmProvider({ ...options, timeoutMs: 1000 }), threshold: 0.3 });
  t.after(() => b.close());
  const linear = (await activeVersion(b.db))!;
  await store(b, ['Rain', 'Xyzzy']);
  const first = await extracted(b);
  const tiny = first['model'];
  assert.match(String(tiny), /^llm-tiny-p\d+$/);
  const said = await verdicts(b);
  assert.deepEqual(said.map(([category]) => category).toSorted(), ['health', null]);
  assert.deepEqual((await built(b, [0, 1]))['model'], tiny);
  assert.deepEqual(await categories(b, 'trends'), ['health'], 'who is unsure leaves it to the other');

  refuses = true;
  await store(b, ['Rain', 'Xyzzy', 'Goal in the cup match']);
  const answer = await extracted(b);
  assert.equal(answer['model'], linear);
  assert.deepEqual(await verdicts(b), [...said, ['sport', linear]]);
  const told = JSON.stringify([b.lines, await b.checks(), answer]);
  assert.match(told, /the key \[left out\] is not known/);
  assert.ok(!told.includes(key));
});

test('a server that changes its model amid a run: the new name is stored, and nothing is asked twice', async (t) => {
  let model = 'a';
  const { b, server } = await serve(t, (r) => {
    const reply = classifierServer(model)(r);
    if (r.path === '/predict') model = 'b';
    return reply;
  });
  await store(b, ['Cup', 'Rain', 'Cup 2', 'Rain 2']);
  assert.equal((await extracted(b))['model'], 'http-a + http-b');
  assert.equal(asked(server).length, 4);
  const before = new Set((await verdicts(b)).map(([, m]) => m));
  assert.ok(before.has('http-b'));
  assert.equal((await extracted(b))['model'], 'http-b');
  assert.ok((await verdicts(b)).every(([, m]) => m === 'http-b'));
});

test('a change of provider asks again about a week, and no more than so many a run', async (t) => {
  const { b, server } = await serve(t, classifierServer(), 500);
  await store(
    b,
    Array.from({ length: 2300 }, (_, n) => `Rain ${n}`),
  );
  const old = (n: number) => ({ id: id(n), category: 'politics', probability: 1 });
  await saveCategories(
    b.db,
    'linear-old',
    Array.from({ length: 2200 }, (_, n) => old(n)),
  );
  await b.db.query('update headlines set published_at = $1 where key = $2', [hoursAgo(7 * 24 + 1), 'k0']);
  assert.equal((await extracted(b))['count'], 100 + 2000, 'all that have none, and 2000 of the others');
  assert.equal((await extracted(b))['count'], 199);
  assert.equal(asked(server).length, 2299);
  assert.deepEqual((await verdicts(b))[0], ['politics', 'linear-old'], `older than a week at ${asOf}`);
});

test('a service that must stop amid a run keeps the pages that are saved', async (t) => {
  let answered = 0;
  const hangs = (r: Request): Reply =>
    r.path === '/predict' && ++answered > 20 ? { never: true } : classifierServer()(r);
  const { b, server } = await serve(t, hangs, 2, 60_000);
  await store(
    b,
    Array.from({ length: 100 }, (_, n) => `Rain ${n}`),
  );
  const running = extracted(b);
  while (server.requests.length < 22) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal((await categories(b)).filter(Boolean).length, 32, 'two pages of sixteen');
  const well = await startServer(classifierServer());
  t.after(() => well.close());
  await b.start({ provider: providerOf(well.url, 2) });
  assert.equal((await running)['count'], 68);
  assert.deepEqual(new Set((await verdicts(b)).map(([, model]) => model)), new Set([SETFIT]));
});
