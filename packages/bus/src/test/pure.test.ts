import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoff, derivedId, namesOf, newId, redact } from '../index.ts';
import { compareIds } from '../redis/entries.ts';

test('without ENV, `*` is heard and other environments are told apart', () => {
  const names = namesOf('', ['extractor', 'topic-builder', 'splade_search']);
  assert.equal(names.everything, '*');
  assert.equal(names.own('extractor'), 'extractor');
  assert.equal(names.own('topic-builder'), 'topic-builder');
  assert.equal(names.own('staging-extractor'), undefined);
  assert.equal(names.own('a-b-topic-builder'), undefined);
  assert.equal(names.own('staging-splade_search:response:x-1'), undefined);
  assert.equal(names.own('splade_search:response:x-1'), 'splade_search:response:x-1');
  assert.equal(names.own('staging-config:changes'), undefined);
  assert.equal(names.own('config:changes'), 'config:changes');
  assert.equal(names.own('somebody-elses-channel'), 'somebody-elses-channel');
});

test('with ENV, only its own prefix is heard, and not that of an ENV that begins alike', () => {
  const names = namesOf('a', ['extractor']);
  assert.equal(names.everything, 'a-*');
  assert.equal(names.own('a-extractor'), 'extractor');
  assert.equal(names.own('extractor'), undefined);
  assert.equal(names.own('a-b-extractor'), undefined, "that is ENV=a-b's");
  assert.notEqual(names.stream('extractor'), namesOf('', []).stream('extractor'));
  assert.throws(() => namesOf('a*'), /ENV "a\*"/);
});

test('the wait doubles, has a limit, and is spread over its upper half', () => {
  const policy = { attempts: 9, backoff_ms: 100, max_backoff_ms: 1000 };
  assert.equal(backoff(policy, 1, 0), 50);
  assert.equal(backoff(policy, 1, 0.999), 100);
  assert.equal(backoff(policy, 3, 0), 200);
  assert.equal(backoff(policy, 30, 0.999), 1000);
});

test('ids: new ones sort by time, derived ones follow from their parts alone', () => {
  assert.ok(newId(1000) < newId(2000));
  assert.equal(derivedId('a', 'b', 1), derivedId('a', 'b', 1));
  assert.notEqual(derivedId('ab', 'c'), derivedId('a', 'bc'));
  const uuid = /^[\da-f]{8}-[\da-f]{4}-[78][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;
  assert.match(newId(), uuid);
  assert.match(derivedId('x'), uuid);
});

test('stream ids are ordered as numbers', () => {
  assert.ok(compareIds('9-0', '10-0') < 0);
  assert.ok(compareIds('10-2', '10-10') < 0);
  assert.equal(compareIds('10-2', '10-2'), 0);
});

test('a URL for the log has no password', () => {
  assert.equal(redact('redis://user:secret@host:6379/1'), 'redis://host:6379/1');
});
