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
    '/api/v1/trends',
    '/api/v1/trends/{id}',
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
  for (const [path, { get }] of Object.entries(document.paths)) {
    assert.ok(get?.summary, path);
    const inPath = (get.parameters ?? []).filter((p) => p.in === 'path').map((p) => p.name);
    assert.deepEqual(
      inPath,
      [...path.matchAll(/\{(\w+)\}/g)].map((m) => m[1]),
      path,
    );
    for (const parameter of get.parameters ?? [])
      assert.ok(parameter.schema.type, `${path} ${parameter.name}`);
    assert.ok(get.responses['200']?.content, path);
    for (const answer of Object.values(get.responses))
      assert.equal(typeof answer.description, 'string', path);
  }
});

test('what a search takes, and the problems it may meet', () => {
  const search = document.paths['/api/v1/search']!['get']!;
  const parameters = Object.fromEntries((search.parameters ?? []).map((p) => [p.name, p]));
  assert.deepEqual(Object.keys(parameters), ['q', 'limit', 'category', 'language', 'from', 'to']);
  assert.equal(parameters['q']!.required, true);
  assert.deepEqual(parameters['limit']!.schema, { type: 'integer', minimum: 1, maximum: 100 });
  for (const status of ['400', '500', '502', '503', '504']) {
    assert.ok(search.responses[status]?.content?.['application/problem+json'], status);
  }
});

test('its page is served without anything from elsewhere', async () => {
  const page = await app.inject('/docs/');
  assert.equal(page.statusCode, 200);
  assert.doesNotMatch(page.body, /https?:\/\/(?!www\.w3\.org)/);
  const policy = String(page.headers['content-security-policy']);
  assert.match(policy, /default-src 'self'/);
});
