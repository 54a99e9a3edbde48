import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressesOf } from './address.ts';

const url = '/api/v1/search.rss?q=a%26b&limit=5';

test('read from the API itself: its own address, and the same search as JSON', () => {
  assert.deepEqual(addressesOf({ url, host: '127.0.0.1:3000', headers: {} }), {
    self: 'http://127.0.0.1:3000/api/v1/search.rss?q=a%26b&limit=5',
    page: 'http://127.0.0.1:3000/api/v1/search?q=a%26b&limit=5',
  });
});

test('read through the front page: its address, and its page of the search', () => {
  const headers = { 'x-forwarded-host': 'news.example', 'x-forwarded-proto': 'https' };
  assert.deepEqual(addressesOf({ url, host: 'api:3000', headers }), {
    self: 'https://news.example/api/v1/search.rss?q=a%26b&limit=5',
    page: 'https://news.example/search/?q=a%26b&limit=5',
  });
});

test('a host that is none is not written down', () => {
  for (const forged of [
    '"><script>',
    'a b',
    'evil.example/x',
    'user@evil.example',
    '',
    'a:99999',
    '999.1.1.1',
    'a..b',
  ]) {
    const { self } = addressesOf({ url, host: forged, headers: { 'x-forwarded-host': forged } });
    assert.ok(self.startsWith('http://localhost/api/v1/'), `${forged}: ${self}`);
  }
});
