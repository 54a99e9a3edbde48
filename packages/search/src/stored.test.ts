import assert from 'node:assert/strict';
import test from 'node:test';
import { STORED_INDEXES, storedOf } from './index.ts';
import { headline } from './testing/headlines.ts';

test('what is stored of a headline', () => {
  const stored = storedOf(
    headline({
      title: 'La grève',
      summary: '',
      language: 'fr',
      publisher: 'L’Équipe',
      category: 'sport',
      publishedAt: new Date('2026-01-31T23:30:00+01:00'),
      demo: true,
    }),
  );
  assert.deepEqual(stored, {
    language: 'fr',
    category: 'sport',
    publisher: 'L’Équipe',
    publisher_words: ' l equipe ',
    published_at: '2026-01-31T22:30:00.000Z',
    day: '2026-01-31',
    demo: true,
    words: ' la greve ',
    stems: ' la grev ',
  });
  for (const field of Object.keys(STORED_INDEXES)) assert.ok(field in stored, field);
});

test('the day is that of UTC', () => {
  assert.equal(storedOf(headline({ publishedAt: new Date('2026-02-01T00:30:00+01:00') })).day, '2026-01-31');
});

test('a language with a region is the language; others stay what they are', () => {
  for (const [language, known] of [
    ['fr-CA', 'fr'],
    ['EN_gb', 'en'],
    ['de', 'de'],
    ['und', 'und'],
  ] as const)
    assert.equal(storedOf(headline({ language })).language, known);
});
