import assert from 'node:assert/strict';
import test from 'node:test';
import {
  detectLanguage,
  fold,
  languageOf,
  runSteps,
  runStepsAsync,
  splitWords,
  tellingWords,
  terms,
  titleKey,
  tokenise,
} from './index.ts';

const surfaces = (text: string, language: string): string[] =>
  tokenise(text, language).map(({ surface }) => surface);

test('French elision, with either apostrophe', () => {
  for (const apostrophe of ["'", '’']) {
    assert.deepEqual(
      surfaces(
        `L${apostrophe}Élysée, d${apostrophe}Artagnan, qu${apostrophe}Alix, jusqu${apostrophe}Arras`,
        'fr',
      ),
      ['Élysée', 'Artagnan', 'Alix', 'Arras'],
    );
    assert.deepEqual(surfaces(`Aujourd${apostrophe}hui`, 'fr'), []);
  }
});

test('English possessives and contractions', () => {
  assert.deepEqual(surfaces("China’s banks, Alibaba's O'Neill doesn't", 'en'), [
    'China',
    'banks',
    'Alibaba',
    'ONeill',
    'doesnt',
  ]);
  assert.deepEqual(terms("L'Oréal", 'en'), terms('Oréal', 'fr'));
});

test('accents and inflection do not part words', () => {
  for (const language of ['fr', 'fr-CA']) {
    const [stem] = terms('dévoilée', language);
    for (const form of ['devoilees', 'DÉVOILÉES', 'dévoile\u0301'])
      assert.equal(terms(form, language)[0], stem, form);
  }
  assert.deepEqual(terms('Cœur', 'fr'), terms('coeur', 'fr'));
  assert.deepEqual(terms('shares', 'en'), terms('Share', 'en'));
});

test('numbers, initials and names are kept', () => {
  assert.deepEqual(terms('U.S. 10,000 4.5% G7 737', 'en'), ['us', '10000', '4.5', 'g7', '737']);
  assert.deepEqual(terms('4,5 % 10\u202f000', 'fr'), ['4.5', '10000']);
});

test('a hyphen between two words is told from a dash and from space', () => {
  const tied = (text: string): string[] =>
    splitWords(text, 'fr')
      .filter((word) => word.hyphenated)
      .map((word) => word.surface);
  assert.deepEqual(tied('Le porte-avions de Val-d’Isère, COVID-19'), ['avions', 'Isère', '19']);
  assert.deepEqual(tied('Paris - Lyon, -5 degrés, fin- début, U.S.–China, a--b'), []);
  assert.deepEqual(tied('low\u2010cost U.S.-China'), ['cost', 'China']);
});

test('each word says where it stands, without article and possessive', () => {
  const text = "L’Élysée, 10\u202f000 U.S. jobs: qu'O'Neill's e\u0301te\u0301 𝒳🚀";
  const places = splitWords(text, 'fr').map(({ start, end }) => text.slice(start, end));
  assert.deepEqual(places, ['Élysée', '10\u202f000', 'U.S.', 'jobs', "O'Neill", 'e\u0301te\u0301', '𝒳']);
});

test('stop words are dropped, in their language only', () => {
  assert.deepEqual(terms('the and of', 'en'), []);
  assert.deepEqual(terms('le la des avec', 'fr'), []);
  assert.deepEqual(terms('the le', 'und'), ['the', 'le']);
});

test('the telling words of a query', () => {
  const telling = (text: string, language?: string): string =>
    tellingWords(text, language)
      .map((word) => word.folded)
      .join(' ');
  assert.equal(telling('the tornado in Iowa'), 'tornado iowa');
  assert.equal(telling('la réforme des retraites'), 'reforme retraites');
  assert.equal(telling('The Who'), 'the who');
  assert.equal(telling('car crash'), 'car crash', 'a stop word in French only');
  assert.equal(telling('the car'), 'car');
  assert.equal(telling('il démissionne car il est malade'), 'demissionne malade');
  assert.equal(telling('but de Mbappé'), 'but mbappe', 'a stop word in English only');
  assert.equal(telling('car crash', 'fr'), 'crash', 'what is declared is believed');
  assert.equal(telling('🚀'), '');
});

test('language by vote; the hint decides ties and silence', () => {
  assert.equal(detectLanguage('Le gouvernement renonce à la réforme'), 'fr');
  assert.equal(detectLanguage('The government drops its reform'), 'en');
  assert.equal(detectLanguage('Titanfall'), 'und');
  assert.equal(detectLanguage('Titanfall', 'fr-FR'), 'fr');
  assert.equal(detectLanguage('Titanfall', 'de'), 'und');
  assert.equal(detectLanguage('What the government said about it', 'fr'), 'en');
  assert.equal(languageOf('EN_gb'), 'en');
  assert.equal(languageOf(undefined), 'und');
});

test('the title key forgets case, accents and punctuation', () => {
  assert.equal(titleKey('« Réforme » : l’âge-pivot !'), titleKey('Reforme - L’AGE pivot'));
  assert.equal(titleKey('🚀 …'), '');
});

test('folding is idempotent', () => {
  for (const text of ['Éléphant', 'ﬁn', 'İstanbul', '℡', 'ＡＢＣ', 'Ⅻ', 'ß'])
    assert.equal(fold(fold(text)), fold(text));
});

test('hostile text is read, quickly, twice the same', () => {
  const texts = [
    '',
    ' \u0000\u0007\u001b[31m',
    '🚀👩‍👩‍👧‍👦',
    'مرحبا بالعالم',
    '\u202eevil\u202c',
    '你好世界',
    "'".repeat(10_000),
    "a'".repeat(5000),
    'U.'.repeat(5000),
    '1,'.repeat(5000),
    'x'.repeat(10_000),
    '\ud800 lone surrogate',
  ];
  const start = performance.now();
  for (const text of texts) {
    for (const language of ['fr', 'en', 'und']) {
      const tokens = tokenise(text, language);
      assert.deepEqual(tokens, tokenise(text, language));
      for (const { term } of tokens) assert.ok(term.length > 0 && term.length <= 200, term);
    }
    detectLanguage(text);
  }
  assert.ok(performance.now() - start < 1000);
});

test('steps run at once or in turns, and stop when told', async () => {
  function* count(): Generator<undefined, number, undefined> {
    yield;
    yield;
    return 3;
  }
  assert.equal(runSteps(count()), 3);
  assert.equal(await runStepsAsync(count()), 3);
  const controller = new AbortController();
  const running = runStepsAsync(count(), controller.signal);
  controller.abort(new Error('enough'));
  await assert.rejects(running, { message: 'enough' });
});
