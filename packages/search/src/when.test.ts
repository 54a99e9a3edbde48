import assert from 'node:assert/strict';
import test from 'node:test';
import { parseDay } from './when.ts';

const read = (text: string, clock = '2026-03-01T12:00:00Z'): string | undefined =>
  parseDay(text, new Date(clock))?.toISOString();

test('a day is its first moment in UTC, an instant has its zone', () => {
  assert.equal(read('2026-01-31'), '2026-01-31T00:00:00.000Z');
  assert.equal(read('2026-01-31T10:00Z'), '2026-01-31T10:00:00.000Z');
  assert.equal(read('2026-01-31t10:00:30.5z'), '2026-01-31T10:00:30.500Z');
  assert.equal(read('2026-01-31T00:30+01:00'), '2026-01-30T23:30:00.000Z');
  assert.equal(read('2026-01-31T00:30-0500'), '2026-01-31T05:30:00.000Z');
  assert.equal(read('2026-01-31T24:00Z'), '2026-02-01T00:00:00.000Z', 'midnight at the end of the day');
});

test('a stretch of time counts back from the clock, over leap days and the change of years', () => {
  assert.equal(read('12h'), '2026-03-01T00:00:00.000Z');
  assert.equal(read('3d'), '2026-02-26T12:00:00.000Z');
  assert.equal(read('3j'), read('3D'));
  assert.equal(read('2w'), '2026-02-15T12:00:00.000Z');
  assert.equal(read('2s'), read('2w'));
  assert.equal(read('1d', '2024-03-01T12:00:00Z'), '2024-02-29T12:00:00.000Z');
  assert.equal(read('1h', '2026-01-01T00:30:00Z'), '2025-12-31T23:30:00.000Z');
  assert.equal(read('0d'), '2026-03-01T12:00:00.000Z');
});

test('leap days, and the ends of the calendar', () => {
  assert.ok(read('2024-02-29') && read('2000-02-29') && read('0000-01-01') && read('9999-12-31'));
  for (const none of [
    '2026-02-29',
    '1900-02-29',
    '2026-02-30',
    '2026-04-31',
    '2026-02-30T10:00+0100',
    '2026-00-10',
  ])
    assert.equal(read(none), undefined, none);
  // With five digits no date of ours is written.
  for (const beyond of ['9999-12-31T23:00-05:00', '0000-01-01T00:00+01:00'])
    assert.equal(read(beyond), undefined, beyond);
});

test('anything else is no day', () => {
  const none = `2026 2026-01 2026-1-1 01/02/2026 2026-01-31T10:00 2026-01-31T25:00Z 2026-01-31T24:01Z 2026-01-31T10:60Z
    2026-01-31T10:00+99:00 3 d -3d 3m 99999d 3.5d ３d today Infinityd 2026-01-31Z +2026-01-31 2026−01−31`;
  for (const text of none.split(/\s+/)) assert.equal(read(text), undefined, text);
  assert.equal(read(''), undefined);
});
