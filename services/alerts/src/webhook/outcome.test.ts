import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcomeOf } from './outcome.ts';

const now = new Date('2026-01-31T10:00:00Z');
const after = (retryAfter: string | undefined, status = 503): number | undefined => {
  const outcome = outcomeOf({ status, words: '', retryAfter }, now);
  return outcome.kind === 'again' ? outcome.afterMs : undefined;
};

test('2xx is delivered, 4xx final but for what means "not now", 5xx not', () => {
  const kind = (status: number): string => outcomeOf({ status, words: '', retryAfter: undefined }, now).kind;
  for (const status of [200, 201, 202, 204, 299]) assert.equal(kind(status), 'delivered', String(status));
  for (const status of [300, 301, 308, 400, 401, 403, 404, 410, 418, 451])
    assert.equal(kind(status), 'refused');
  for (const status of [408, 409, 425, 429, 500, 501, 503, 504, 599]) assert.equal(kind(status), 'again');
});

test('Retry-After is seconds or a date, an hour at most; rubbish and the past say nothing', () => {
  assert.equal(after('120'), 120_000);
  assert.equal(after(' 5 ', 429), 5000);
  assert.equal(after('Sat, 31 Jan 2026 10:00:30 GMT'), 30_000);
  assert.equal(after('999999999'), 3_600_000);
  for (const none of [
    undefined,
    '',
    '0',
    '-5',
    '1.5',
    'soon',
    '1e3',
    '9999999999999',
    'Sat, 31 Jan 2026 09:00:00 GMT',
  ]) {
    assert.equal(after(none), undefined, String(none));
  }
});
