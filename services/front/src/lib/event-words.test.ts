import assert from 'node:assert/strict';
import { test } from 'node:test';
import { http } from '@afk/contracts';
import { eventWords } from './event-words.ts';

const other = { id: 'a', label: 'A', language: 'en', merged_into: null };

test('a sentence for every kind of event, the other story’s name to come where there is one', () => {
  const kinds = http.trendEvent.shape.kind.options;
  assert.deepEqual(
    kinds.map((kind) => eventWords({ kind, headlines: 12, other })),
    [
      'Born, 12 headlines',
      'Came out of',
      'Grew to 12 headlines',
      'Took in',
      'Went into',
      'Part of it became',
      'Fell asleep',
      'Woke up again',
    ],
  );
});

test('counts agree with their noun, and a story without a name is another one', () => {
  assert.equal(eventWords({ kind: 'born', headlines: 1, other: null }), 'Born, 1 headline');
  assert.equal(eventWords({ kind: 'split_from', headlines: 4, other: null }), 'Came out of another story');
  assert.equal(eventWords({ kind: 'split', headlines: 4, other: null }), 'Part of it became another story');
});
