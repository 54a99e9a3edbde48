import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { Unavailable } from '@afk/bus';
import { http, savedSearches } from '@afk/contracts';
import { freshDatabase } from '@afk/local/testing';
import { testApp } from '../testing/app.ts';

const ROUTE = '/api/v1/searches';
const good = { name: 'Rain', query: 'rain "in spain"', webhook_url: 'https://lamp.example/hook' };
const NOBODY = '00000000-0000-4000-8000-000000000000';

describe('saved searches', async () => {
  const { pool: db, drop } = await freshDatabase();
  const emitted: { search_id: string; match_id: string }[] = [];
  let redisAway = false;
  const emitTest = async (fields: { search_id: string; match_id: string }): Promise<void> => {
    if (redisAway) throw new Unavailable('no Redis');
    emitted.push(fields);
  };
  const app = testApp({ db, emitTest });
  after(async () => {
    await app.close();
    await drop();
  });
  beforeEach(() => db.query('truncate saved_searches cascade'));

  type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
  const call = (method: Method, url: string, payload?: unknown, headers: Record<string, string> = {}) =>
    app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload: payload as object }) });
  async function create(more: object = {}) {
    const response = await call('POST', ROUTE, { ...good, ...more });
    assert.equal(response.statusCode, 201, response.body);
    return { response, search: savedSearches.createdSavedSearch.parse(response.json()) };
  }
  async function refused(response: Awaited<ReturnType<typeof call>>, status: number): Promise<http.Problem> {
    assert.equal(response.statusCode, status, response.body);
    assert.match(String(response.headers['content-type']), /^application\/problem\+json/);
    return http.problem.parse(response.json());
  }
  const fieldsOf = ({ errors }: http.Problem): string[] => (errors ?? []).map((e) => e.field).toSorted();

  test('saved, shown with its secret once, listed, found, removed', async () => {
    const filters = { category: 'weather', language: 'en', publisher: 'The Lamp' };
    const { response, search } = await create({ name: '  Pluie 🌧 ', ...filters });
    assert.equal(response.headers['location'], `${ROUTE}/${search.id}`);
    assert.equal(response.headers['cache-control'], 'no-store');
    assert.match(search.secret, /^whsec_/);
    const { secret, ...shown } = search;
    assert.deepEqual(
      [
        shown.name,
        shown.query,
        shown.category,
        shown.language,
        shown.publisher,
        shown.active,
        shown.webhook_url,
      ],
      ['Pluie 🌧', good.query, 'weather', 'en', 'The Lamp', true, good.webhook_url],
    );
    const list = await call('GET', ROUTE);
    assert.deepEqual(savedSearches.savedSearchList.parse(list.json()), { total: 1, items: [shown] });
    const found = await call('GET', `${ROUTE}/${search.id}`);
    assert.deepEqual(found.json(), { ...shown, deliveries: [] });
    assert.equal((list.body + found.body).includes(secret), false);
    const removed = await call('DELETE', `${ROUTE}/${search.id}`);
    assert.deepEqual([removed.statusCode, removed.body], [204, '']);
    assert.equal((await call('GET', `${ROUTE}/${search.id}`)).statusCode, 404);
  });

  test('newest first, page by page', async () => {
    for (let i = 0; i < 5; i++) await create({ name: `s${i}` });
    const pages = await Promise.all(
      ['limit=2', 'limit=2&offset=2', 'offset=4'].map(async (q) =>
        (await call('GET', `${ROUTE}?${q}`)).json(),
      ),
    );
    assert.deepEqual(
      pages.map((p) => [p.total, p.items.map((s: { name: string }) => s.name)]),
      [
        [5, ['s4', 's3']],
        [5, ['s2', 's1']],
        [5, ['s0']],
      ],
    );
  });

  const wrong: [body: unknown, ...fields: string[]][] = [
    [{}, 'name', 'webhook_url'],
    [[], 'body'],
    [null, 'body'],
    ['"rain"', 'body'],
    [{ ...good, name: '' }, 'name'],
    [{ ...good, name: '   ' }, 'name'],
    [{ ...good, name: 'a'.repeat(101) }, 'name'],
    [{ ...good, name: 'a\u0000b' }, 'name'],
    [{ ...good, name: 7 }, 'name'],
    [{ ...good, query: ['rain'] }, 'query'],
    [{ ...good, query: 'x'.repeat(1001) }, 'query'],
    [{ ...good, query: '' }, 'query'],
    [{ ...good, query: '\u0000\u0007' }, 'query'],
    [{ ...good, query: '-rain' }, 'query'],
    [{ ...good, query: 'rain category:gossip' }, 'query'],
    [{ ...good, query: Array.from({ length: 40 }, (_, i) => `"p ${i}"`).join(' ') }, 'query'],
    [{ ...good, category: 'gossip' }, 'category'],
    [{ ...good, language: 'english' }, 'language'],
    [{ ...good, publisher: '' }, 'publisher'],
    [{ ...good, publisher: 'a'.repeat(301) }, 'publisher'],
    [{ ...good, webhook_url: 'lamp.example' }, 'webhook_url'],
    [{ ...good, webhook_url: 'ftp://lamp.example/' }, 'webhook_url'],
    [{ ...good, webhook_url: 'https://user:word@lamp.example/' }, 'webhook_url'],
    [{ ...good, webhook_url: 'http://127.0.0.1:3000/' }, 'webhook_url'],
    [{ ...good, webhook_url: 'http://localhost/' }, 'webhook_url'],
    [{ ...good, webhook_url: `https://lamp.example/${'a'.repeat(2000)}` }, 'webhook_url'],
    [{ ...good, secret: 'mine', active: 'yes' }, 'active', 'secret'],
    [{ ...good, query: 'after:soon', webhook_url: 'x' }, 'query', 'webhook_url'],
  ];
  for (const [body, ...fields] of wrong) {
    test(`400 naming ${fields.join(', ')}: ${JSON.stringify(body).slice(0, 90)}`, async () => {
      const payload = typeof body === 'object' && body !== null ? body : String(body);
      const response = await call('POST', ROUTE, payload, { 'content-type': 'application/json' });
      assert.deepEqual(fieldsOf(await refused(response, 400)), fields.toSorted());
    });
  }

  test('what is refused says why, and what would be right', async () => {
    const messages = async (more: object): Promise<string> =>
      JSON.stringify((await refused(await call('POST', ROUTE, { ...good, ...more }), 400)).errors);
    assert.match(await messages({ query: 'rain after:soon' }), /is no day; such as 2026-01-31/);
    assert.match(
      await messages({ webhook_url: 'http://10.0.0.1/' }),
      /AFK_ALLOW_PRIVATE_WEBHOOKS=1 allows it/,
    );
    assert.match(await messages({ colour: 'red' }), /unknown field; known here: name, query, category/);
  });

  test('a private webhook where that is allowed', async () => {
    const open = testApp({ db, allowPrivateWebhooks: true });
    const payload = { ...good, webhook_url: 'http://127.0.0.1:5678/hook' };
    assert.equal((await open.inject({ method: 'POST', url: ROUTE, payload })).statusCode, 201);
    await open.close();
  });

  test('hostile words are kept as words', async () => {
    for (const query of [
      `'; drop table saved_searches; --`,
      '%_\\ (a+)+$ [[[',
      '‮ טבע rain',
      '👩‍👩‍👧 rain',
      'rain\u0000\u001b[2J',
      'a'.repeat(1000),
    ]) {
      const { search } = await create({ query, name: query.replaceAll(/\p{Cc}/gu, '').slice(0, 100) });
      assert.equal(search.query, query.replaceAll(/\p{Cc}+/gu, ' ').trim());
    }
  });

  test('only JSON, and not too much of it', async () => {
    const text = JSON.stringify(good);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'text/plain; application/json']) {
      await refused(await call('POST', ROUTE, text, { 'content-type': type }), 415);
    }
    await refused(await call('POST', ROUTE, '{"name":', { 'content-type': 'application/json' }), 400);
    await refused(
      await call('POST', ROUTE, '{"__proto__":{"a":1}}', { 'content-type': 'application/json' }),
      400,
    );
    await refused(await call('POST', ROUTE, { ...good, name: 'x'.repeat(20_000) }), 413);
    assert.deepEqual(fieldsOf(await refused(await call('POST', ROUTE), 400)), ['body']);
    assert.equal((await call('GET', ROUTE)).json().total, 0);
  });

  test('pages of other origins change nothing; programs and the API’s own page may', async () => {
    const { search } = await create();
    const one = `${ROUTE}/${search.id}`;
    const others: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'http://localhost:4321', host: 'localhost:3000' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:4321' },
    ];
    for (const headers of others) {
      await refused(await call('POST', ROUTE, good, headers), 403);
      await refused(await call('PATCH', one, { name: 'x' }, headers), 403);
      await refused(await call('DELETE', one, undefined, headers), 403);
      await refused(await call('POST', `${one}/test`, undefined, headers), 403);
    }
    const own: Record<string, string>[] = [
      { origin: 'http://localhost:3000', host: 'localhost:3000' },
      { 'sec-fetch-site': 'same-origin', origin: 'https://news.example', host: 'api:3000' },
      { 'sec-fetch-site': 'none' },
    ];
    for (const headers of own) {
      assert.equal((await call('PATCH', one, { name: 'mine' }, headers)).statusCode, 200);
    }
    assert.equal((await call('GET', one, undefined, others[0])).json().name, 'mine');
  });

  test('renamed, switched off, moved; nothing else can be changed', async () => {
    const { search } = await create();
    const one = `${ROUTE}/${search.id}`;
    await db.query(`update saved_searches set last_error = 'it answered 500', last_error_at = now()`);
    const renamed = (await call('PATCH', one, { name: 'Storm' })).json();
    assert.deepEqual(
      [renamed.name, renamed.active, renamed.last_error.message],
      ['Storm', true, 'it answered 500'],
    );
    const moved = (await call('PATCH', one, { webhook_url: 'https://bell.example/', active: false })).json();
    assert.deepEqual(
      [moved.webhook_url, moved.active, moved.last_error],
      ['https://bell.example/', false, null],
    );
    const cases: [object, string[]][] = [
      [{}, ['body']],
      [{ query: 'snow' }, ['query']],
      [{ active: 'no', name: '' }, ['active', 'name']],
      [{ webhook_url: 'http://[::1]/' }, ['webhook_url']],
    ];
    for (const [body, fields] of cases) {
      assert.deepEqual(fieldsOf(await refused(await call('PATCH', one, body), 400)), fields);
    }
    assert.equal((await call('GET', one)).json().name, 'Storm');
  });

  test('a test is entered, emitted and shown; without Redis it is a 503, and nothing waits', async () => {
    const { search } = await create();
    const url = `${ROUTE}/${search.id}`;
    const response = await call('POST', `${url}/test`);
    assert.equal(response.statusCode, 202);
    const { delivery_id: id } = response.json();
    assert.deepEqual(
      emitted.map((e) => [e.search_id, `msg_${e.match_id}`]),
      [[search.id, id]],
    );
    const [delivery] = (await call('GET', url)).json().deliveries;
    assert.deepEqual([delivery.id, delivery.kind, delivery.state], [id, 'test', 'waiting']);
    redisAway = true;
    await refused(await call('POST', `${url}/test`), 503);
    redisAway = false;
    assert.equal((await call('GET', url)).json().deliveries.length, 1);
  });

  test('what is not there, is no id, or takes no such parameter', async () => {
    for (const id of [NOBODY, 'seven', '%00', 'a'.repeat(90)]) {
      await refused(await call('GET', `${ROUTE}/${id}`), 404);
      await refused(await call('DELETE', `${ROUTE}/${id}`), 404);
      await refused(await call('PATCH', `${ROUTE}/${id}`, { name: 'x' }), 404);
      await refused(await call('POST', `${ROUTE}/${id}/test`), 404);
    }
    for (const query of ['limit=0', 'limit=201', 'offset=-1', 'q=a']) {
      assert.equal(fieldsOf(await refused(await call('GET', `${ROUTE}?${query}`), 400)).length, 1);
    }
    await refused(await call('POST', `${ROUTE}?x=1`, good), 400);
    await refused(await call('PATCH', ROUTE, good), 404);
  });

  test('a thousand, and no more, also where many come at once', async () => {
    await db.query(
      `insert into saved_searches (id, name, query, webhook_url, secret, created_at)
       select gen_random_uuid(), 's', 'rain', 'https://lamp.example/', 'whsec_', now() from generate_series(1, 998)`,
    );
    const all = await Promise.all(Array.from({ length: 5 }, () => call('POST', ROUTE, good)));
    assert.deepEqual(all.map((r) => r.statusCode).toSorted(), [201, 201, 409, 409, 409]);
    const full = await refused(await call('POST', ROUTE, good), 409);
    assert.match(full.detail!, /1000 saved searches/);
    assert.equal((await call('GET', `${ROUTE}?limit=1`)).json().total, 1000);
  });

  test('no database: 503', async () => {
    const away = testApp();
    const response = await away.inject({ method: 'POST', url: ROUTE, payload: good });
    await refused(response, 503);
    await away.close();
  });
});
