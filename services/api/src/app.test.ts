import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, test } from 'node:test';
import { http } from '@afk/contracts';
import { pipeline, testApp } from './testing/app.ts';

/** Nothing here needs a server: what is wrong is refused before, and the database is away. */
const app = testApp();
after(() => app.close());

async function refused(url: string, status: number): Promise<http.Problem> {
  const response = await app.inject(url);
  assert.equal(response.statusCode, status, `${url}: ${response.body}`);
  assert.match(String(response.headers['content-type']), /^application\/problem\+json/);
  const problem = http.problem.parse(response.json());
  assert.equal(problem.instance, `urn:uuid:${String(response.headers['x-request-id'])}`);
  return problem;
}
const fields = (problem: http.Problem) => (problem.errors ?? []).map((e) => e.field);

const wrong: [url: string, ...fields: string[]][] = [
  ['/api/v1/search', 'q'],
  ['/api/v1/search?q=', 'q'],
  ['/api/v1/search?q=%20%09%00', 'q'],
  ['/api/v1/search?q=a&q=b', 'q'],
  [`/api/v1/search?q=${'a'.repeat(1001)}`, 'q'],
  ['/api/v1/search?q=a&language=german', 'language'],
  ['/api/v1/search?q=a&limit=101', 'limit'],
  ['/api/v1/search?q=a&from=yesterday&to=2026-02-30T00:00:00Z', 'from', 'to'],
  ['/api/v1/search?q=a&from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'from'],
  ['/api/v1/search?like=7', 'like'],
  ['/api/v1/search?q=a&sort=newest&collapse=1&publisher=', 'sort', 'collapse', 'publisher'],
  ['/api/v1/search?q=a&facets=category,colour', 'facets'],
  ['/api/v1/search?q=a&facets=', 'facets'],
  [`/api/v1/search?q=a&cursor=${'A'.repeat(201)}`, 'cursor'],
  ['/api/v1/search?q=a&facets=day&facets=day&like=x', 'facets', 'like'],
  ['/api/v1/search.rss?q=a&cursor=x&facets=day&limit=51', 'cursor', 'facets', 'limit'],
  ['/api/v1/search/suggest?limit=0&x=1', 'q', 'limit', 'x'],
  ['/api/v1/trends?limit=0', 'limit'],
  ['/api/v1/trends?limit=201', 'limit'],
  ['/api/v1/trends?limit=', 'limit'],
  ['/api/v1/trends?limit=1e2', 'limit'],
  ['/api/v1/trends?limit=99999999999999999999', 'limit'],
  ['/api/v1/trends?limit=1&limit=2', 'limit'],
  ['/api/v1/trends?offset=-1', 'offset'],
  ['/api/v1/trends?category=gossip&language=english', 'category', 'language'],
  ['/api/v1/trends?limt=5&__proto__=1&constructor=2', 'limt', '__proto__', 'constructor'],
  ['/api/v1/headlines?limit=101&offset=10001', 'limit', 'offset'],
  ['/api/v1/headlines?publisher=%00&trend=7', 'publisher', 'trend'],
  ['/api/v1/headlines?publisher=', 'publisher'],
  ['/api/v1/headlines?from=2026-01-01', 'from'],
  ['/api/v1/headlines?from=2026-01-01T00:00:00+01:00', 'from'],
  ['/api/v1/headlines?q=a', 'q'],
  ['/api/v1/feeds?limit=1', 'limit'],
  ['/api/v1/batches?limit=0', 'limit'],
  ['/api/v1/batches/x?y=1', 'y'],
  ['/api/v1/trends/x?y=1', 'y'],
  ['/api/v1/dead-letters?limit=501', 'limit'],
  ['/api/v1/pipeline?format=mermaid', 'format'],
];

for (const [url, ...named] of wrong) {
  test(`400 naming ${named.join(', ')}: ${url.slice(0, 80)}`, async () => {
    assert.deepEqual(fields(await refused(url, 400)).sort(), named.sort());
  });
}

test('an unknown parameter is told what is known', async () => {
  const { errors } = await refused('/api/v1/trends?limt=5', 400);
  assert.match(errors![0]!.message, /limit, offset, category, language/);
});

test('what is not there is a problem, too; a URL that is none as well', async () => {
  assert.match((await refused('/api/v2/trends?x=1', 404)).detail!, /GET \/api\/v2\/trends$/);
  await refused('/api/v1/trends/%ZZ', 400);
  const posted = await app.inject({ method: 'POST', url: '/api/v1/trends', payload: { a: 1 } });
  assert.equal(posted.statusCode, 404);
  http.problem.parse(posted.json());
});

test('no database: 503, not a word of where it would be', async () => {
  for (const url of ['/api/v1/trends', '/api/v1/headlines', '/api/v1/feeds', '/api/v1/batches']) {
    const problem = await refused(url, 503);
    assert.doesNotMatch(JSON.stringify(problem), /ECONN|127\.0\.0\.1/);
  }
});

test('a fault says only where to look', async () => {
  const broken = testApp({
    deadLetters: async () => {
      throw new TypeError('cannot read secrets of undefined');
    },
  });
  const response = await broken.inject('/api/v1/dead-letters');
  assert.equal(response.statusCode, 500);
  assert.equal(
    http.problem.parse(response.json()).instance,
    `urn:uuid:${String(response.headers['x-request-id'])}`,
  );
  assert.doesNotMatch(response.body, /secrets|TypeError|\.ts/);
  await broken.close();
});

test('an answer that does not keep to its schema is a fault, not an answer', async () => {
  const broken = testApp({ deadLetters: async () => ({ total: 1, items: [{ id: 7 }] }) as never });
  const response = await broken.inject('/api/v1/dead-letters');
  assert.equal(response.statusCode, 500);
  http.problem.parse(response.json());
  await broken.close();
});

test('the index names every route, each of which is there', async () => {
  const index = (await app.inject('/')).json() as Record<string, string>;
  assert.equal(index['version'], '0.0.0-test');
  const paths = Object.values(index).filter((v) => v.startsWith('/'));
  assert.equal(paths.length, 14);
  for (const path of paths) assert.notEqual((await app.inject(path)).statusCode, 404, path);
});

test('the pipeline, with its edges', async () => {
  const view = http.pipelineView.parse((await app.inject('/api/v1/pipeline')).json());
  assert.deepEqual(Object.keys(view.services), Object.keys(pipeline.services));
  const edge = { from: 'api', to: 'semantic-matcher', label: 'splade_search', kind: 'request' };
  const test = { from: 'api', to: 'alerts', label: 'saved_search_test', kind: 'event' };
  assert.deepEqual(
    view.edges.filter((e) => e.from === 'api'),
    [test, edge],
  );
});

test('metrics: time by route, not by URL', async () => {
  await app.inject('/api/v1/trends/one');
  await app.inject('/api/v1/trends/two');
  const response = await app.inject('/metrics');
  assert.match(String(response.headers['content-type']), /^text\/plain/);
  assert.match(
    response.body,
    /afk_http_seconds_count\{.*route="\/api\/v1\/trends\/:id",status="404".*\} \d+/,
  );
  assert.doesNotMatch(response.body, /trends\/one/);
});

test('no other origin may read it', async () => {
  const response = await app.inject({ url: '/', headers: { origin: 'https://elsewhere.example' } });
  assert.equal(response.headers['access-control-allow-origin'], undefined);
});

test('bytes that are no HTTP, and headers without end, are answered as problems', async () => {
  const port = Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port);
  const say = async (bytes: string): Promise<string> => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    let heard = '';
    socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    socket.on('error', () => {});
    await once(socket, 'close');
    return heard;
  };
  const answers = [
    await say('NONSENSE\r\n\r\n'),
    await say(`GET /?q=${'a'.repeat(40_000)} HTTP/1.1\r\n\r\n`),
  ];
  for (const [n, status] of [400, 431].entries()) {
    const [head = '', body = ''] = answers[n]!.split('\r\n\r\n');
    assert.match(head, new RegExp(`^HTTP/1.1 ${status} `));
    assert.equal(http.problem.parse(JSON.parse(body)).status, status);
  }
});
