import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { z } from 'zod';
import {
  BUCKET_MINUTES,
  categories,
  categoryIds,
  categoryOf,
  events,
  requests,
  savedSearches,
  WINDOW_HOURS,
} from './index.ts';

const batch = '0199aaaa-0000-7000-8000-000000000001';
const common = { id: 'e1', correlation_id: 'c1', timestamp: '2026-01-31T10:00:00Z' };
const complete = {
  ...common,
  event: 'xml_processing_complete',
  batch_id: batch,
  status: 'ok',
  count: 3,
  items: 5,
  feeds: 2,
  feeds_failed: 0,
  feeds_not_modified: 1,
  as_of: '2026-01-31T11:00:00+01:00',
};

/** The fields that a schema finds fault with. */
function faults(schema: z.ZodType, value: unknown): string[] {
  const parsed = schema.safeParse(value);
  return parsed.success ? [] : parsed.error.issues.map((i) => i.path.join('.')).toSorted();
}

test('an event that fits passes, and what a newer emitter says beside it is kept', () => {
  assert.deepEqual(faults(events.xml_processing_complete, complete), []);
  const newer = events.xml_processing_complete.parse({ ...complete, mood: 'fine' }) as { mood?: string };
  assert.equal(newer.mood, 'fine');
});

test('each wrong field is named', () => {
  const { batch_id: _, ...homeless } = complete;
  assert.deepEqual(faults(events.xml_processing_complete, homeless), ['batch_id']);
  const wrong = { ...complete, batch_id: 'seven', status: 'fine', count: -1, feeds: 1.5, as_of: 'yesterday' };
  assert.deepEqual(faults(events.xml_processing_complete, wrong), [
    'as_of',
    'batch_id',
    'count',
    'feeds',
    'status',
  ]);
});

for (const [name, schema] of Object.entries(events)) {
  test(`${name}: without an envelope it is no event`, () => {
    const found = faults(schema, {});
    for (const field of ['event', 'id', 'correlation_id', 'timestamp'])
      assert.ok(found.includes(field), field);
    assert.ok(faults(schema, { ...common, event: name, id: '' }).includes('id'));
    const local = { ...common, event: name, timestamp: '2026-01-31T10:00:00' };
    assert.ok(faults(schema, local).includes('timestamp'), 'a time without a zone is no instant');
  });
}

test('a failure says what failed and why', () => {
  const failure = { ...common, event: 'front_failed', status: 'error', service: 'front', attempts: 5 };
  assert.deepEqual(faults(events.front_failed, failure), ['failed_event', 'failed_id', 'reason']);
  assert.deepEqual(faults(events.front_failed, { ...failure, status: 'ok' }).includes('status'), true);
});

test('a search has a query, a sensible limit and filters that exist', () => {
  const { request } = requests.splade_search;
  assert.equal(request.parse({ query: 'rain' }).limit, 20);
  assert.deepEqual(faults(request, { query: '' }), ['query']);
  assert.deepEqual(faults(request, { query: 'x'.repeat(1001) }), ['query']);
  const wrong = { query: 'rain', limit: 101, category: 'gossip', language: 'german', from: 'then' };
  assert.deepEqual(faults(request, wrong), ['category', 'from', 'language', 'limit']);
});

test('a search and a saved one may ask for any language that a headline may be counted under', () => {
  const hook = { name: 'Rain', webhook_url: 'https://lamp.example/' };
  for (const language of ['fr', 'en', 'de', 'und']) {
    assert.deepEqual(faults(requests.splade_search.request, { query: 'rain', language }), []);
    assert.deepEqual(faults(savedSearches.newSavedSearch, { ...hook, language }), []);
  }
  for (const language of ['DE', 'de-AT', 'deu', '', 'd', 'de\n'])
    assert.deepEqual(
      faults(requests.splade_search.request, { query: 'rain', language }),
      ['language'],
      language,
    );
});

test('17 categories, each with a code of its own in the range of IPTC and a name in both languages', () => {
  assert.equal(categories.length, 17);
  const codes = new Set<string>(categories.map((c) => c.code));
  const expected = Array.from({ length: 17 }, (_, i) => `${String(i + 1).padStart(2, '0')}000000`);
  assert.deepEqual([...codes].toSorted(), expected, 'medtop:01000000 to 17000000');
  assert.equal(new Set(categoryIds).size, 17);
  for (const language of ['en', 'fr'] as const) {
    assert.equal(new Set(categories.map((c) => c[language])).size, 17);
  }
});

test('a category is found by its id, and nothing by what is none', () => {
  assert.equal(categoryOf('sport')?.code, '15000000');
  for (const none of ['gossip', '', null, undefined]) assert.equal(categoryOf(none), undefined);
});

test('a whole number of buckets lies in the window', () => {
  assert.equal((WINDOW_HOURS * 60) % BUCKET_MINUTES, 0);
});
