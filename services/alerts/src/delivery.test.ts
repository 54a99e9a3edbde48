import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { changeSavedSearch, findSavedSearch, removeSavedSearch } from '@afk/database';
import { requestTest } from '@afk/saved-searches';
import { bench, now, RETRY, until } from './testing/bench.ts';
import { cut, drip, endless, hostOf, silent, startNoise } from './testing/hostile.ts';
import { expectedSignature, startReceiver, status, type Received } from './testing/receiver.ts';

type Told = {
  type: string;
  timestamp: string;
  data: {
    search: Record<string, unknown>;
    batch_id: string | null;
    total: number;
    headlines: Record<string, unknown>[];
    link: string;
  };
};
const toldOf = (received: Received): Told => JSON.parse(received.body) as Told;
const idsOf = (all: readonly Received[]): Set<string> => new Set(all.map((r) => r.headers['webhook-id']!));

describe('what a webhook is told', async () => {
  const b = await bench();
  const web = await startReceiver();
  after(async () => {
    await b.close();
    await web.close();
  });
  beforeEach(() => b.db.query('truncate feeds, batches, saved_searches cascade'));

  let paths = 0;
  /** A webhook of this test's own. */
  const hook = (): string => `/hook-${++paths}`;
  const come = (path: string, n = 1): Promise<void> =>
    until(`${n} deliveries on ${path}`, () => web.received(path).length >= n);
  const stateOf = async (id: string) => (await findSavedSearch(b.db, id))!.deliveries[0]!;
  const settled = (id: string, state: string): Promise<void> =>
    until(
      `a delivery that is ${state}`,
      async () => (await findSavedSearch(b.db, id))?.deliveries[0]?.state === state,
    );
  const letterOf = async (searchId: string) => (await b.dead()).find((l) => l.reason.includes(searchId));

  test('search, run, headlines and a link, signed so that anyone with the secret can tell', async () => {
    const path = hook();
    const { id, secret } = await b.save({
      name: 'Pluie',
      query: 'rain -cup',
      category: 'weather',
      webhook_url: web.url(path),
    });
    await b.store([
      { title: 'Rain “again” 🌧', publisher: 'Le Phare', url: 'https://phare.example/1', publishedAt: now },
    ]);
    const batch = await b.indexed();
    await come(path);
    const [received] = web.received(path);
    const { method, headers } = received!;
    assert.deepEqual([method, headers['content-type']], ['POST', 'application/json']);
    assert.match(headers['user-agent']!, /^AFK\/\d/);
    assert.match(headers['webhook-id']!, /^msg_[\da-f-]{36}$/);
    assert.ok(Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1000) < 60);
    assert.equal(headers['webhook-signature'], expectedSignature(secret, received!));
    const { type, data } = toldOf(received!);
    assert.equal(type, 'saved_search.matched');
    assert.deepEqual(data.search, {
      id,
      name: 'Pluie',
      query: 'rain -cup',
      category: 'weather',
      language: null,
      publisher: null,
    });
    assert.deepEqual([data.batch_id, data.total], [batch, 1]);
    assert.equal(data.link, 'https://news.example/search/?q=rain+-cup&category=weather');
    const { id: _, ...headline } = data.headlines[0]!;
    assert.deepEqual(headline, {
      title: 'Rain “again” 🌧',
      url: 'https://phare.example/1',
      publisher: 'Le Phare',
      language: 'en',
      published_at: now.toISOString(),
      category: 'weather',
    });
    await settled(id, 'delivered');
    assert.equal(JSON.stringify(await findSavedSearch(b.db, id)).includes(secret), false);
  });

  test('a receiver that fails twice and then works is told once more, under one id, signed anew', async () => {
    const path = hook();
    web.on(path, (response, _, n) => void response.writeHead(n <= 2 ? 500 : 200).end('so-so'));
    const { id, secret } = await b.save({ webhook_url: web.url(path) });
    await b.store(['Rain']);
    await b.indexed();
    await settled(id, 'delivered');
    const all = web.received(path);
    assert.equal(all.length, 3);
    assert.equal(idsOf(all).size, 1);
    for (const one of all) assert.equal(one.headers['webhook-signature'], expectedSignature(secret, one));
    assert.equal((await stateOf(id)).attempts, 3);
    const search = (await findSavedSearch(b.db, id))!;
    assert.equal(search.last_error, null);
    assert.ok(search.last_delivered_at && search.last_matched_at);
    assert.equal(await letterOf(id), undefined);
  });

  test('one that never works becomes a dead letter and says why, while the others are told', async () => {
    const [bad, good] = [hook(), hook()];
    web.on(bad, status(503, {}, 'closed\u0000 for repairs'));
    const never = await b.save({ name: 'Never', webhook_url: web.url(bad) });
    const fine = await b.save({ webhook_url: web.url(good) });
    await b.store(['Rain']);
    await b.indexed();
    await settled(fine.id, 'delivered');
    await settled(never.id, 'failed');
    await until('the dead letter', () => letterOf(never.id));
    assert.equal(web.received(bad).length, RETRY.attempts);
    assert.equal(idsOf(web.received(bad)).size, 1);
    const letter = (await letterOf(never.id))!;
    assert.match(letter.reason, /webhook of "Never" .*: it answered 503: closed for repairs/);
    assert.equal(letter.attempts, RETRY.attempts);
    const search = (await findSavedSearch(b.db, never.id))!;
    assert.equal(search.last_error?.message, 'it answered 503: closed for repairs');
    assert.equal((await stateOf(never.id)).attempts, RETRY.attempts);
  });

  for (const code of [400, 401, 404, 410, 422, 301, 302, 307]) {
    test(`${code} is final at once`, async () => {
      const path = hook();
      web.on(path, status(code, { location: web.url('/elsewhere') }));
      const { id } = await b.save({ webhook_url: web.url(path) });
      await b.store(['Rain']);
      await b.indexed();
      await settled(id, 'failed');
      await until('the dead letter', () => letterOf(id));
      assert.equal(web.received(path).length, 1);
      assert.equal(web.received('/elsewhere').length, 0);
      assert.match((await stateOf(id)).last_error!, new RegExp(`it answered ${code}`));
    });
  }

  for (const code of [408, 409, 425, 429, 500, 502]) {
    test(`${code} is tried again`, async () => {
      const path = hook();
      web.on(path, (response, _, n) => void response.writeHead(n === 1 ? code : 200).end());
      const { id } = await b.save({ webhook_url: web.url(path) });
      await b.store(['Rain']);
      await b.indexed();
      await settled(id, 'delivered');
      assert.equal(web.received(path).length, 2);
    });
  }

  test('Retry-After: not before', async () => {
    const path = hook();
    const at: number[] = [];
    web.on(path, (response, _, n) => {
      at.push(performance.now());
      if (n === 1) response.writeHead(429, { 'retry-after': '1' }).end();
      else response.end();
    });
    const { id } = await b.save({ webhook_url: web.url(path) });
    await b.store(['Rain']);
    await b.indexed();
    await settled(id, 'delivered');
    assert.ok(at[1]! - at[0]! >= 990, `${at[1]! - at[0]!} ms`);
  });

  test('the same event twice: one delivery', async () => {
    const path = hook();
    const { id } = await b.save({ webhook_url: web.url(path) });
    await b.store(['Rain']);
    const batch = await b.indexed();
    await settled(id, 'delivered');
    await b.indexed(batch);
    const again = await b.save({ query: 'snow', webhook_url: web.url(path) });
    await b.store(['Snow']);
    await b.indexed();
    await settled(again.id, 'delivered');
    assert.equal(web.received(path).length, 2);
    assert.equal(idsOf(web.received(path)).size, 2);
  });

  test('a search that is removed, or switched off, while its delivery waits is told nothing more', async () => {
    const [gone, off] = [hook(), hook()];
    for (const path of [gone, off]) web.on(path, status(500));
    const removed = await b.save({ webhook_url: web.url(gone) });
    const silent = await b.save({ webhook_url: web.url(off) });
    await b.store(['Rain']);
    await b.indexed();
    await Promise.all([come(gone), come(off)]);
    await removeSavedSearch(b.db, removed.id);
    await changeSavedSearch(b.db, silent.id, { active: false });
    await settled(silent.id, 'failed');
    assert.match((await stateOf(silent.id)).last_error!, /switched off before it arrived|it answered 500/);
    assert.equal(await findSavedSearch(b.db, removed.id), undefined);
  });

  test('headlines that were deleted meanwhile are left out', async () => {
    const path = hook();
    let answer = 500;
    web.on(path, (response) => void response.writeHead(answer).end());
    const { id } = await b.save({ webhook_url: web.url(path) });
    const [first] = await b.store(['Rain', 'More rain']);
    await b.indexed();
    await come(path);
    await b.db.query('delete from headlines where id = $1', [first]);
    answer = 200;
    await settled(id, 'delivered');
    const { data } = toldOf(web.received(path).at(-1)!);
    assert.deepEqual([data.total, data.headlines.map((h) => h['title'])], [2, ['More rain']]);
  });

  test('where all of them were, nobody is told', async () => {
    const path = hook();
    web.on(path, status(429, { 'retry-after': '1' }));
    const { id } = await b.save({ webhook_url: web.url(path) });
    await b.store(['Rain']);
    await b.indexed();
    await come(path);
    await b.db.query('delete from headlines');
    await settled(id, 'failed');
    assert.equal((await stateOf(id)).last_error, 'its headlines were deleted');
    assert.equal(web.received(path).length, 1);
  });

  test('a test is signed and delivered, also for a search that is switched off', async () => {
    const path = hook();
    const { id, secret } = await b.save({ webhook_url: web.url(path) });
    await changeSavedSearch(b.db, id, { active: false });
    const delivery = await requestTest(b.db, b.emitTest, id, now);
    await come(path);
    const [received] = web.received(path);
    assert.equal(received!.headers['webhook-id'], delivery);
    assert.equal(received!.headers['webhook-signature'], expectedSignature(secret, received!));
    const { type, data } = toldOf(received!);
    assert.deepEqual([type, data.batch_id, data.total, data.headlines], ['saved_search.test', null, 0, []]);
    await settled(id, 'delivered');
    assert.equal((await stateOf(id)).kind, 'test');
    assert.equal(await requestTest(b.db, b.emitTest, '00000000-0000-4000-8000-000000000000', now), undefined);
  });

  test('hostile receivers: each is done with, and none holds up the others', async () => {
    const hosts = await Promise.all([endless, drip, cut, silent].map(hostOf));
    const noise = await startNoise();
    const save = async (url: string): Promise<string> => (await b.save({ webhook_url: url })).id;
    const saved = await Promise.all(hosts.map((host) => save(host.url('/'))));
    const fine = await save(web.url(hook()));
    const delivered = [saved[0]!, saved[1]!, fine];
    const [cutOff, unanswered] = [saved[2]!, saved[3]!];
    const rubbish = await save(noise.url);
    const nobody = await save('http://127.0.0.1:1/');
    const nameless = await save('http://lamp.invalid/');
    await b.store(['Rain']);
    await b.indexed();
    for (const id of delivered) await settled(id, 'delivered');
    for (const [id, reason] of [
      [cutOff, /other side closed|ECONNRESET/],
      [unanswered, /no answer within 1 s/],
      [rubbish, /./],
      [nobody, /ECONNREFUSED/],
      [nameless, /ENOTFOUND|EAI_AGAIN/],
    ] as const) {
      await until('a reason', async () => (await stateOf(id)).last_error !== null, 15_000);
      assert.match((await stateOf(id)).last_error!, reason);
    }
    await b.db.query('truncate saved_searches cascade');
    await Promise.all([...hosts, noise].map((host) => host.close()));
  });

  test('many on a host that never answers: another host’s is told meanwhile', async () => {
    const host = await hostOf(silent);
    for (let i = 0; i < 100; i++) await b.save({ name: `s${i}`, webhook_url: host.url('/') });
    const path = hook();
    const { id } = await b.save({ webhook_url: web.url(path) });
    await b.store(['Rain']);
    await b.indexed();
    await settled(id, 'delivered');
    assert.ok(host.received().length <= 40, `${host.received().length} hung there`);
    await b.db.query('truncate saved_searches cascade');
    await host.close();
  });
});
