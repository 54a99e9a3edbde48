import assert from 'node:assert/strict';
import { test } from 'node:test';
import { absolute, clockOrDay, duration, longDate, momentOrDay, relative } from './time.ts';

const asOf = '2026-03-12T14:05:00Z';

test('relative time counts back from the reference, never from this machine', () => {
  assert.equal(relative('2026-03-12T14:04:30Z', asOf), 'just now');
  assert.equal(relative('2026-03-12T13:05:01Z', asOf), '59 min ago');
  assert.equal(relative('2026-03-12T11:05:00Z', asOf), '3 h ago');
  assert.equal(relative('2026-03-10T14:04:00Z', asOf), '2 d ago');
  assert.equal(relative('2026-03-12T15:00:00Z', asOf), 'just now', 'a clock that runs ahead is no error');
});

test('absolute times are UTC, whatever zone they came in', () => {
  assert.equal(absolute('2026-03-12T01:30:00+02:00'), '11 Mar, 23:30 UTC');
  assert.equal(longDate(asOf), 'Thursday 12 March 2026');
});

test('a time of another day is told by its day', () => {
  assert.equal(clockOrDay('2026-03-12T00:10:00Z', asOf), '00:10');
  assert.equal(clockOrDay('2026-03-11T23:59:00Z', asOf), '11 Mar');
});

test('since when: the clock on the same day, the day too before it', () => {
  assert.equal(momentOrDay('2026-03-12T09:00:00Z', asOf), '09:00 UTC');
  assert.equal(momentOrDay('2026-03-11T22:00:00Z', asOf), '11 Mar, 22:00 UTC');
  assert.equal(momentOrDay('2026-03-12T09:00:00Z', null), '12 Mar, 09:00 UTC');
});

test('durations', () => {
  const cases: [number, string][] = [
    [0.0312, '31 ms'],
    [0.44, '0.4 s'],
    [18.2, '18 s'],
    [59.7, '1 min'],
    [125, '2 min 5 s'],
    [3600, '1 h'],
    [4320, '1 h 12 min'],
  ];
  for (const [seconds, words] of cases) assert.equal(duration(seconds), words);
});
