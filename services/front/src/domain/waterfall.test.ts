import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { http } from '@afk/contracts';
import { fakeData } from '../testing/fake-data.ts';
import { deadLettersDuring, waterfall } from './waterfall.ts';

const { batches } = fakeData({ asOf: new Date('2026-03-12T14:00:00Z') });
const complete = batches[0] as http.BatchDetail;
const failed = batches.find((b) => b.status === 'failed') as http.BatchDetail;

test('stages follow each other from edge to edge', () => {
  const { rows, seconds } = waterfall(complete);
  assert.equal(rows[0]?.left, 0);
  for (const [i, row] of rows.entries()) {
    const next = rows[i + 1];
    if (next) assert.ok(Math.abs(row.left + row.width - next.left) < 0.05);
  }
  const last = rows.at(-1);
  assert.ok(last && Math.abs(last.left + last.width - 100) < 0.05);
  assert.ok(Math.abs(seconds - (complete.seconds ?? 0)) < 0.1);
});

test('every event is shown, under the stage that it completed', () => {
  const { rows, others } = waterfall(complete);
  assert.equal(rows.flatMap((r) => r.events).length + others.length, complete.events.length);
  for (const row of rows) assert.ok(row.events.some((e) => e.event === row.event));
  assert.equal(rows[0]?.events[0]?.event, 'trigger-xml-headlines-extractor');
});

test('what happened after the last stage is kept apart', () => {
  const { others } = waterfall(failed);
  assert.deepEqual(
    others.map((e) => e.event),
    ['topic-builder_failed'],
  );
});

test('a stage that failed says why', () => {
  const event = failed.events.at(-1) as http.FlowEvent;
  const stage = { service: 'topic-builder', event: 'topic-builder_failed', seconds: 1, count: null };
  const stages = [...failed.stages, { ...stage, started_at: event.at, finished_at: event.at }];
  const reason = 'relation "trends" does not exist';
  const events = [...failed.events.slice(0, -1), { ...event, payload: { reason } }];
  const { rows, others } = waterfall({ ...failed, stages, events });
  assert.deepEqual(
    rows.map((r) => r.failure),
    [...failed.stages.map(() => undefined), reason],
  );
  assert.deepEqual(others, []);
});

test('a run that has only begun', () => {
  assert.deepEqual(waterfall({ ...complete, stages: [], events: [] }).rows, []);
});

test('dead letters of a run, also while it is under way', () => {
  const letter = (at: string) => ({ at }) as http.DeadLetter;
  const letters = [
    letter('2026-03-12T13:59:59Z'),
    letter('2026-03-12T14:00:10Z'),
    letter('2026-03-12T14:20:00Z'),
  ];
  const run = { started_at: '2026-03-12T14:00:00Z', finished_at: '2026-03-12T14:01:00Z' };
  assert.equal(deadLettersDuring(letters, run, '2026-03-12T15:00:00Z').length, 1);
  assert.equal(deadLettersDuring(letters, { ...run, finished_at: null }, '2026-03-12T15:00:00Z').length, 2);
});
