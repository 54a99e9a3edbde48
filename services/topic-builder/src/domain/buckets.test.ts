import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bucketsOf, countByBucket } from './buckets.ts';

const width = 3 * 3_600_000;
const at = (time: string): Date => new Date(`2026-01-${time}Z`);

test('buckets begin at whole multiples of their width; the first and the last hold the ends', () => {
  const buckets = bucketsOf(at('28T10:00:00'), at('28T17:30:00'), width);
  const starts = Array.from({ length: buckets.count }, (_, i) =>
    buckets.startOf(i).toISOString().slice(11, 16),
  );
  assert.deepEqual(starts, ['09:00', '12:00', '15:00']);
});

test('the buckets of a later run fall together with those of this one', () => {
  const first = bucketsOf(at('28T10:00:00'), at('28T17:30:00'), width);
  const later = bucketsOf(at('28T12:40:00'), at('28T20:10:00'), width);
  assert.equal(later.startOf(0).getTime(), first.startOf(1).getTime());
});

test('a window that ends on a multiple has a bucket for its last moment', () => {
  const buckets = bucketsOf(at('28T09:00:00'), at('28T12:00:00'), width);
  assert.deepEqual([...countByBucket(buckets, [at('28T09:00:00'), at('28T12:00:00')])], [1, 1]);
});

test('each time is counted where it falls, and nowhere if outside', () => {
  const buckets = bucketsOf(at('28T10:00:00'), at('28T17:30:00'), width);
  const times = ['08:59:59.999', '09:00:00', '11:59:59.999', '12:00:00', '17:59:59', '18:00:00'];
  const counts = countByBucket(
    buckets,
    times.map((t) => at(`28T${t}`)),
  );
  assert.deepEqual([...counts], [2, 1, 1]);
  assert.deepEqual([...countByBucket(buckets, [])], [0, 0, 0]);
});
