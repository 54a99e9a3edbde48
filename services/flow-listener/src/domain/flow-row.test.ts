import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toFlowRow } from './flow-row.ts';

const at = new Date('2025-11-21T10:00:00Z');
const row = (text: string, channel = 'extractor') => toFlowRow(channel, text, at);

test('an event: its names and ids beside its payload', () => {
  const event = { event: 'topics_built', id: 'e1', batch_id: 'b1', correlation_id: 'c1', count: 3 };
  assert.deepEqual(row(JSON.stringify(event)), {
    at,
    channel: 'extractor',
    event: 'topics_built',
    eventId: 'e1',
    batchId: 'b1',
    correlationId: 'c1',
    payload: event,
    raw: null,
  });
});

for (const text of ['not json {', '[1,2,3]', '"text"', '42', 'null', '']) {
  test(`what is no JSON object is kept as its text: ${text}`, () => {
    const { payload, raw, event, eventId } = row(text);
    assert.deepEqual(
      { payload, raw, event, eventId },
      { payload: null, raw: text, event: null, eventId: null },
    );
  });
}

test('names and ids that are no text are none', () => {
  const { event, eventId, payload } = row('{"event":7,"id":{"a":1}}');
  assert.deepEqual(
    { event, eventId, payload },
    { event: null, eventId: null, payload: { event: 7, id: { a: 1 } } },
  );
});

test('NUL and halves of surrogate pairs are gone from all of it', () => {
  const bad = 'a\0b\ud83dc';
  const text = JSON.stringify({ event: bad, id: bad, [bad]: [{ deep: bad }] });
  for (const stored of [row(text, bad), row(`${bad} is not JSON`, bad)]) {
    assert.doesNotMatch(JSON.stringify(stored), /\\u0000|\\ud83d/);
  }
  assert.deepEqual(row(text).payload, {
    event: 'ab\ufffdc',
    id: 'ab\ufffdc',
    'ab\ufffdc': [{ deep: 'ab\ufffdc' }],
  });
});

test('cutting a long name leaves no half of a character', () => {
  const name = `${'x'.repeat(299)}🌊`;
  const { event, channel } = row(JSON.stringify({ event: name }), name);
  assert.ok(event!.isWellFormed() && channel.isWellFormed());
  assert.ok(event!.length <= 300 && channel.length <= 300);
});

test('100 kB: the start of the text, and still the ids by which it is recognised', () => {
  const text = JSON.stringify({
    event: 'index_complete',
    id: 'e1',
    batch_id: 'b1',
    more: 'x'.repeat(100_000),
  });
  const { payload, raw, event, eventId, batchId } = row(text);
  assert.deepEqual(
    { payload, event, eventId, batchId },
    {
      payload: null,
      event: 'index_complete',
      eventId: 'e1',
      batchId: 'b1',
    },
  );
  assert.equal(raw, text.slice(0, 32_768));
  assert.equal(row('x'.repeat(100_000)).raw!.length, 32_768);
});

test('what is too deep for PostgreSQL is kept as its text', () => {
  const text = `{"id":"e1","a":${'['.repeat(9000)}${']'.repeat(9000)}}`;
  const { payload, raw } = row(text);
  assert.equal(payload, null);
  assert.equal(raw, text);
});

test('__proto__ is a field like any other', () => {
  assert.equal(JSON.stringify(row('{"__proto__":{"event":"x"}}').payload), '{"__proto__":{"event":"x"}}');
  assert.equal(row('{"__proto__":{"event":"x"}}').event, null);
});
