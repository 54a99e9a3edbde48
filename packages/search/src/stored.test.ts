import assert from 'node:assert/strict';
import test from 'node:test';
import { matcherOf, parseQuery, STORED_INDEXES, storedOf } from './index.ts';
import { CLOCK, headline } from './testing/headlines.ts';

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

test('a language is its two letters, or und: what it is counted by is what it can be asked for by', () => {
  for (const [language, known] of [
    ['fr-CA', 'fr'],
    ['EN_gb', 'en'],
    ['de', 'de'],
    ['DE', 'de'],
    ['de-AT', 'de'],
    [' pt_BR ', 'pt'],
    ['und', 'und'],
    ['', 'und'],
    ['Klingon', 'und'],
  ] as const) {
    const one = headline({ language });
    assert.equal(storedOf(one).language, known);
    for (const text of [`language:${known}`, `lang:${known.toUpperCase()}-XX`]) {
      assert.ok(matcherOf(parseQuery(text, CLOCK))(one), text);
      assert.ok(!matcherOf(parseQuery(`-${text}`, CLOCK))(one), text);
    }
    assert.ok(matcherOf(parseQuery('', CLOCK), { language: known })(one));
  }
});
