import assert from 'node:assert/strict';
import test from 'node:test';
import { matcherOf, parseQuery, storedOf, type IndexedHeadline } from './index.ts';
import { CLOCK, headline } from './testing/headlines.ts';

const matches = (text: string, part: Partial<IndexedHeadline>): boolean =>
  matcherOf(parseQuery(text, CLOCK))(headline(part));
const inFrench = (text: string, title: string): boolean => matches(text, { title, language: 'fr' });
const inEnglish = (text: string, title: string): boolean => matches(text, { title });

test('every word, or an inflection of it, in any order', () => {
  assert.ok(inFrench('retraite réforme', 'La réforme des retraites'));
  assert.ok(inEnglish('the striking workers', 'Workers strike again'));
  assert.ok(!inFrench('réforme chômage', 'La réforme des retraites'));
  assert.ok(matches('réforme chômage', { title: 'La réforme', summary: 'du chômage', language: 'fr' }));
  assert.ok(
    inEnglish('The Who', 'Who is the best?'),
    'words that say nothing count where there are no others',
  );
});

test('accents are not needed, of words, phrases and exclusions', () => {
  for (const word of ['activités', 'activites', 'ACTIVITÉS', 'activite\u0301s', 'activité']) {
    assert.ok(inFrench(word, 'Le club reprend ses activités'), word);
    assert.ok(!inFrench(`club -${word}`, 'Le club reprend ses activités'), word);
  }
  assert.ok(inFrench('"la premiere marche"', 'La Première marche'));
  assert.ok(inFrench('-premiere', 'Le premier pas'), 'other than what is written so');
});

test('a phrase is word for word, over punctuation, never from title to summary', () => {
  assert.ok(inFrench('"des retraites la grève"', 'Réforme des retraites : « la grève »'));
  assert.ok(!inFrench('"réforme retraites"', 'Réforme des retraites'));
  assert.ok(!inFrench('"la retraite"', 'Réforme : la retraites'));
  assert.ok(!inFrench('"form"', 'La réforme'), 'no part of a word');
  const parted = { title: 'Paris gagne', summary: 'la coupe', language: 'fr' };
  assert.ok(matches('"la coupe" "paris gagne"', parted));
  assert.ok(!matches('"gagne la coupe"', parted));
  assert.ok(!matches('"gagne | la"', { ...parted, summary: 'hier' }));
});

test('an exclusion of several words is one of that phrase', () => {
  assert.ok(!inEnglish('-"long covid"', 'What long covid does'));
  assert.ok(inEnglish('-"long covid"', 'Covid, how long?'));
  assert.ok(!inEnglish('-covid-19', 'The COVID-19 years'));
  assert.ok(inEnglish('-covid-19', 'Covid in 2019'));
});

/** What is typed as it stands in a headline is that, in a headline of any language. */
test('words that are read differently by language', () => {
  const texts = `l'Oréal don't o'clock s'il c'mon J'accuse N’Djamena N'Golo aujourd'hui quelqu’un U.S. u.s. 10,000
    1,234,567 4,5 4.5 10\u202f000 covid-19 porte-avions rock'n'roll O'Neill China's jusqu'à qu’il 5G 3-D A.I. p.m.`;
  for (const text of texts.split(/[ \n]+/).filter(Boolean))
    for (const language of ['fr', 'en', 'de']) {
      const title = `Alpha ${text} omega`;
      const what = `${text} ${language}`;
      assert.ok(matches(`"${text}"`, { title, language }), what);
      assert.ok(
        matches(`"alpha ${text.replaceAll('’', "'").toLowerCase()} OMEGA"`, { title, language }),
        what,
      );
      assert.ok(matches(text, { title, language }), what);
      assert.ok(!matches(`-${text}`, { title, language }), what);
    }
});

test('numbers and names are found over the borders of languages', () => {
  for (const number of ['10,000', '10 000', '10\u00a0000', '10000']) {
    assert.ok(inEnglish(`"${number} jobs"`, 'Some 10,000 jobs go'), number);
    assert.ok(inFrench(number, 'Quelque 10\u202f000 emplois'), number);
    assert.ok(inFrench(`"${number} emplois"`, 'Quelque 10 000 emplois'), number);
  }
  assert.ok(inEnglish('"Oréal"', "L'Oréal sells"));
  assert.ok(inFrench("l'Élysée", 'Élysée : un nouveau'));
});

test('scripts without spaces between words are found by whole runs', () => {
  for (const query of ['東京都庁', '"東京都庁"'])
    assert.ok(matches(query, { title: '東京都庁、雨', language: 'ja' }));
  for (const query of ['東京', '"東京"'])
    assert.ok(!matches(query, { title: '東京都庁、雨', language: 'ja' }), 'nothing says where a word ends');
});

test('what has no word is no answer to anything', () => {
  for (const text of ['🚀', '"🚀"', '-', '""']) assert.ok(!inEnglish(text, 'Rockets 🚀 - fly'), text);
  assert.ok(inEnglish('🚀 rocket', 'Rockets fly'));
  assert.ok(!inEnglish('rocket', '🚀'));
  assert.ok(inEnglish('-rocket', '🚀'));
});

test('fields and what is given beside the query', () => {
  const one = headline({
    title: 'x',
    language: 'fr-CA',
    publisher: 'Le Monde diplomatique',
    category: 'sport',
  });
  const has = (text: string, given = {}): boolean => matcherOf(parseQuery(text, CLOCK), given)(one);
  assert.ok(has('publisher:"le monde" category:health category:sport language:fr'));
  assert.ok(!has('-publisher:diplomatique'));
  assert.ok(!has('publisher:diplo'));
  assert.ok(has('after:1h'));
  assert.ok(!has('after:2026-03-02'));
  assert.ok(!has('before:2026-03-01T12:00Z'), 'before is not at');
  assert.ok(has('after:2026-03-01T12:00Z'), 'after is from');
  assert.ok(has('', { language: 'fr', publisher: 'Le Monde diplomatique', category: 'sport' }));
  assert.ok(!has('', { publisher: 'Le Monde' }));
  assert.ok(has('', { from: '2026-03-01T13:00:00+01:00', to: '2026-03-01T12:00:00Z' }));
  assert.ok(!has('', { to: '2026-03-01T12:30:00+01:00' }));
});

test('a headline is read once for many questions', () => {
  const one = headline({ title: 'Workers strike' });
  const matcher = matcherOf(parseQuery('striking -paris', CLOCK));
  assert.equal(matcher(storedOf(one)), matcher(one));
});
