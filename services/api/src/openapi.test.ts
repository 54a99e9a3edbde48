import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { testApp } from './testing/app.ts';

type Operation = {
  summary?: string;
  parameters?: { name: string; in: string; required?: boolean; schema: { type?: string } }[];
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>;
};
type Document = {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
};

const app = testApp();
after(() => app.close());
const response = await app.inject('/openapi.json');
const document: Document = response.json();

test('it is OpenAPI 3.1, with every route of the API', () => {
  assert.equal(response.statusCode, 200);
  assert.equal(document.openapi, '3.1.0');
  assert.deepEqual(document.info.version, '0.0.0-test');
  assert.deepEqual(Object.keys(document.paths).sort(), [
    '/api/v1/batches',
    '/api/v1/batches/{id}',
    '/api/v1/dead-letters',
    '/api/v1/feeds',
    '/api/v1/headlines',
    '/api/v1/pipeline',
    '/api/v1/search',
    '/api/v1/search.rss',
    '/api/v1/search/suggest',
    '/api/v1/searches',
    '/api/v1/searches/{id}',
    '/api/v1/searches/{id}/test',
    '/api/v1/trends',
    '/api/v1/trends/{id}',
    '/api/v1/trends/{id}/history',
    '/health',
    '/metrics',
  ]);
});

test('every reference has its component, and every component is referred to', () => {
  const references = new Set(JSON.stringify(document).match(/#\/components\/schemas\/\w+/g));
  const names = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
  assert.deepEqual([...references].sort(), names.sort());
});

test('every operation has a summary, its path parameters, and described answers', () => {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [`${method} ${path}`, operation] as const),
  );
  for (const [path, operation] of operations) {
    assert.ok(operation.summary, path);
    const inPath = (operation.parameters ?? []).filter((p) => p.in === 'path').map((p) => p.name);
    assert.deepEqual(
      inPath,
      [...path.matchAll(/\{(\w+)\}/g)].map((m) => m[1]),
      path,
    );
    for (const parameter of operation.parameters ?? [])
      assert.ok(parameter.schema.type, `${path} ${parameter.name}`);
    const good = Object.entries(operation.responses).find(([status]) => status.startsWith('2'));
    assert.ok(good?.[1].content ?? good?.[0] === '204', path);
    for (const answer of Object.values(operation.responses))
      assert.equal(typeof answer.description, 'string', path);
  }
});

test('what a search takes, and the problems it may meet', () => {
  const search = document.paths['/api/v1/search']!['get']!;
  const parameters = Object.fromEntries((search.parameters ?? []).map((p) => [p.name, p]));
  const shared = [
    'q',
    'like',
    'category',
    'language',
    'publisher',
    'from',
    'to',
    'collapse',
    'sort',
    'limit',
  ];
  assert.deepEqual(Object.keys(parameters), [...shared, 'cursor', 'facets']);
  assert.deepEqual(parameters['limit']!.schema, { type: 'integer', minimum: 1, maximum: 100 });
  assert.equal(parameters['collapse']!.schema.type, 'boolean');
  const feed = document.paths['/api/v1/search.rss']!['get']!;
  assert.deepEqual(
    feed.parameters?.map((p) => p.name),
    shared,
  );
  assert.ok(feed.responses['200']?.content?.['application/rss+xml']);
  for (const status of ['400', '500', '502', '503', '504']) {
    assert.ok(search.responses[status]?.content?.['application/problem+json'], status);
  }
});

test('the figures of a trend say what they are, its status what its words mean', () => {
  type Schema = { description?: string; enum?: string[]; properties?: Record<string, Schema> };
  const schemas = Object.values(document.components.schemas) as Schema[];
  const trends = schemas.filter((s) => s.properties?.['burst']);
  assert.ok(trends.length > 0);
  for (const { properties } of trends) {
    for (const name of ['status', 'score', 'velocity', 'acceleration', 'z', 'burst']) {
      assert.ok(properties![name]?.description, name);
    }
    const { status, burst } = properties as Record<'status' | 'burst', Schema>;
    assert.deepEqual(status.enum, ['emerging', 'rising', 'peaking', 'fading', 'dormant']);
    for (const word of status.enum) assert.match(status.description!, new RegExp(`${word}: `));
    assert.deepEqual(Object.keys(burst.properties!), ['active', 'weight', 'since']);
    for (const part of Object.values(burst.properties!)) assert.ok(part.description);
  }
});

test('the history of a trend says what each kind of event means, and what its parts are', () => {
  type Schema = { description?: string; enum?: string[]; properties?: Record<string, Schema> };
  const { TrendEvent } = document.components.schemas as Record<string, Schema>;
  const { kind, other, headlines, at } = TrendEvent!.properties!;
  assert.equal(kind!.enum?.length, 8);
  for (const word of kind!.enum!) assert.match(kind!.description!, new RegExp(`${word}: `));
  for (const part of [other, headlines, at]) assert.ok(part?.description);
  const { parameters } = document.paths['/api/v1/trends/{id}/history']!['get']!;
  assert.deepEqual(
    parameters!.filter((p) => p.in === 'query').map((p) => p.name),
    ['limit', 'offset'],
  );
});

test('a saved search: what it takes, what it may meet, and its secret in one answer only', () => {
  const saved = document.paths['/api/v1/searches']!;
  assert.deepEqual(Object.keys(saved).toSorted(), ['get', 'post']);
  const one = document.paths['/api/v1/searches/{id}']!;
  assert.deepEqual(Object.keys(one).toSorted(), ['delete', 'get', 'patch']);
  for (const status of ['400', '403', '409', '413', '415', '503']) {
    assert.ok(saved['post']!.responses[status]?.content?.['application/problem+json'], status);
  }
  const body = (saved['post'] as { requestBody?: { content: Record<string, { schema: object }> } })
    .requestBody;
  const { properties, required, additionalProperties } = body!.content['application/json']!.schema as {
    properties: object;
    required: string[];
    additionalProperties: boolean;
  };
  const fields = ['name', 'query', 'category', 'language', 'publisher', 'webhook_url'];
  assert.deepEqual(Object.keys(properties), fields);
  assert.deepEqual([required, additionalProperties], [['name', 'webhook_url'], false]);
  const withSecret = Object.entries(document.components.schemas).filter(([, schema]) =>
    /secret"/.test(JSON.stringify(schema)),
  );
  assert.deepEqual(
    withSecret.map(([name]) => name),
    ['CreatedSavedSearch'],
  );
});

test('its page is served without anything from elsewhere', async () => {
  const page = await app.inject('/docs/');
  assert.equal(page.statusCode, 200);
  assert.doesNotMatch(page.body, /https?:\/\/(?!www\.w3\.org)/);
  const policy = String(page.headers['content-security-policy']);
  assert.match(policy, /default-src 'self'/);
});
