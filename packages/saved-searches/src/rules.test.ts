import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsOf } from './rules.ts';

const clock = new Date('2026-01-31T10:00:00Z');
const of = (asked: Parameters<typeof faultsOf>[0], allowPrivate = false) =>
  faultsOf(asked, { clock, allowPrivate });
const fields = (asked: Parameters<typeof faultsOf>[0]): string[] => of(asked).map((f) => f.field);

test('a query with a word, a phrase or a filter is one; so is a filter alone', () => {
  for (const query of [
    'strike',
    '"rent cap"',
    'category:sport',
    'publisher:Lamp -cup',
    'the',
    'élysée',
    '12:30',
  ]) {
    assert.deepEqual(of({ query }), [], query);
  }
  assert.deepEqual(of({ query: '', category: 'politics' }), []);
  assert.deepEqual(of({ query: '-cup', language: 'fr' }), []);
  assert.deepEqual(of({ query: 'language:de -cup' }), []);
});

test('what every headline would answer is none', () => {
  for (const query of ['', '   ', '!!!', '-cup', 'after:3d', '""', '🙂', '-"rent cap" before:2026-01-01']) {
    assert.match(of({ query })[0]?.message ?? query, /every headline would match/);
  }
});

test('what the syntax refuses is refused in its words', () => {
  for (const [query, words] of [
    ['rain category:gossip', /"category:gossip" is none of/],
    ['rain after:soon', /"after:soon" is no day/],
    ['rain language:german', /"language:german" is no language/],
    [Array.from({ length: 33 }, (_, i) => `-w${i}`).join(' '), /more than 32/],
  ] as const) {
    const [fault] = of({ query });
    assert.equal(fault?.field, 'query');
    assert.match(fault.message, words);
  }
});

test('a webhook is an http or https URL without a password', () => {
  for (const good of [
    'https://lamp.example/hook?token=a%20b',
    'http://lamp.example:8080',
    'HTTPS://LAMP.example/',
  ]) {
    assert.deepEqual(of({ webhook_url: good }), [], good);
  }
  const wrong = [
    '',
    'lamp.example/hook',
    'ftp://lamp.example/',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'https://',
    'https://[::1',
    'https://lamp.example/a b',
    'https://lamp.example/\n',
    'http://lamp.example/\u0000',
    'https://user:word@lamp.example/',
    'https://user@lamp.example/',
  ];
  for (const url of wrong) assert.deepEqual(fields({ webhook_url: url }), ['webhook_url'], url);
});

test('a private address is refused, in whatever notation, unless that is allowed', () => {
  for (const host of [
    '127.0.0.1:9',
    '2130706433',
    '0x7f.1',
    '10.0.0.7',
    '[::1]',
    '[::ffff:7f00:1]',
    '169.254.169.254',
    'localhost:3000',
    'api.localhost',
    'LOCALHOST.',
  ]) {
    const [fault] = of({ webhook_url: `http://${host}/` });
    assert.match(fault?.message ?? host, /refused \(AFK_ALLOW_PRIVATE_WEBHOOKS=1 allows it\)/);
    assert.deepEqual(of({ webhook_url: `http://${host}/` }, true), []);
  }
});

test('every fault is told at once', () => {
  assert.deepEqual(fields({ query: 'after:x', webhook_url: 'x' }), ['query', 'webhook_url']);
});
