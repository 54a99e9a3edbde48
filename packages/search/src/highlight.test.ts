import assert from 'node:assert/strict';
import test from 'node:test';
import type { Word } from '@afk/text';
import { wordsOf } from './forms.ts';
import { highlighter } from './index.ts';
import { drawing, randomText } from './testing/headlines.ts';

/** The text with what is marked in square brackets. */
function marked(
  text: string,
  searched: string,
  { phrases = [], language = 'fr' }: { phrases?: string[]; language?: string } = {},
): string {
  let shown = '';
  let at = 0;
  for (const [start, end] of highlighter(searched, phrases)(text, language)) {
    shown += `${text.slice(at, start)}[${text.slice(start, end)}]`;
    at = end;
  }
  return shown + text.slice(at);
}

test('words and their inflections, without article, possessive and what says nothing', () => {
  assert.equal(marked('L’élection et les élections', 'élection'), 'L’[élection] et les [élections]');
  assert.equal(
    marked("China's banks in China", "the China's bank", { language: 'en' }),
    "[China]'s [banks] in [China]",
  );
  assert.equal(marked('La grève des trains', 'la grève des avions'), 'La [grève] des trains');
  assert.equal(marked('The Who', 'the who', { language: 'en' }), '[The] [Who]');
  assert.equal(
    marked('A car crash', 'car crash', { language: 'en' }),
    'A [car] [crash]',
    'car is French for because',
  );
  assert.equal(marked('élections', 'elections'), '[élections]');
  assert.equal(marked('activités', 'activites'), '[activités]');
});

test('the whole of a word and no more', () => {
  assert.equal(
    marked('contre-enquête, malenquête, enquête.', 'enquête'),
    'contre-[enquête], malenquête, [enquête].',
  );
  assert.equal(marked("O'Neill’s aujourd'hui", "O’Neill aujourd'hui"), "[O'Neill]’s aujourd'hui");
  assert.equal(marked('U.S.-led in the U.S.', 'u.s.', { language: 'en' }), '[U.S.]-led in the [U.S.]');
  assert.equal(marked('10 000 et 10\u00a0000, 10', '10\u202f000'), '[10 000] et [10\u00a0000], 10');
  assert.equal(marked('Les e\u0301lections', 'élection'), 'Les [e\u0301lections]');
  assert.equal(marked('𝒳𐐷 😀grève😀', 'grève 𐐷'), '𝒳𐐷 😀[grève]😀');
  assert.equal(marked('COVID-19, covid', 'covid-19'), '[COVID]-[19], [covid]');
});

test('phrases from end to end, over punctuation', () => {
  const phrases = ['l’assemblée nationale vote'];
  assert.equal(marked("À l'Assemblée nationale : vote", '', { phrases }), "À l'[Assemblée nationale : vote]");
  assert.equal(marked('Assemblée vote', '', { phrases }), 'Assemblée vote');
  assert.equal(marked('a b a b a', '', { phrases: ['a b a'] }), '[a b a b a]', 'joined where they overlap');
  assert.equal(marked('grève des trains', 'grève', { phrases: ['grève des trains'] }), '[grève des trains]');
  assert.equal(marked('x', '🚀', { phrases: ['🚀', '', '"'] }), 'x');
});

test('words that are read differently by language are marked in each', () => {
  for (const language of ['fr', 'en', 'de'])
    for (const word of ["N'Djamena", "o'clock", "l'Oréal", '10,000']) {
      assert.match(marked(`x ${word} y`, `${word} zzz`, { language }), /\[/, `${word} ${language}`);
      assert.match(marked(`x ${word} y`, '', { phrases: [word], language }), /\[/, `${word} ${language}`);
    }
});

test('ranges are in order, disjoint, in the text, and begin and end with words', () => {
  const draw = drawing(9);
  for (let n = 0; n < 3000; n++) {
    const language = draw.of(['fr', 'en', 'de']);
    const text = randomText(draw, language, draw.below(12)) + draw.of(['', '\ud800', '🚀𝒳', '\udc00a']);
    const phrases = [randomText(draw, language, 2), text.slice(draw.below(9), 9 + draw.below(9))];
    const ranges = highlighter(randomText(draw, language, 4), phrases)(text, language);
    let last = 0;
    for (const [start, end] of ranges) {
      const what = JSON.stringify([text, start, end]);
      assert.ok(last <= start && start < end && end <= text.length, what);
      assert.equal(text.isWellFormed() && !text.slice(start, end).isWellFormed(), false, what);
      assert.match(text.slice(start, end), /^[\p{L}\p{N}].*[\p{L}\p{M}\p{N}.]$|^[\p{L}\p{N}]$/su, what);
      assert.doesNotMatch(text.slice(end), /^[\p{L}\p{M}\p{N}]/u, what);
      last = end;
    }
  }
});

test('what is the same word is marked wherever it stands', () => {
  const draw = drawing(10);
  for (let n = 0; n < 1000; n++) {
    const language = draw.of(['fr', 'en', 'und'] as const);
    const text = randomText(draw, language === 'und' ? 'de' : language, 6);
    const word = draw.of<Word | undefined>(wordsOf(text, language));
    if (!word) continue;
    const ranges = highlighter(text.slice(word.start, word.end))(text, language);
    assert.ok(
      ranges.some(([start, end]) => start <= word.start && word.end <= end),
      JSON.stringify([text, word]),
    );
  }
});

test('long texts of quotes, letters and numbers do not stall', () => {
  const mark = highlighter('a "b 1,1', ['a b', '1 1 1']);
  for (const part of ['"', 'a', 'a ', "a'", '1,', '1 ', '1 000 ', 'u.', 'a b '])
    mark(part.repeat(300_000 / part.length), 'fr');
});
