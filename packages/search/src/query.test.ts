import assert from 'node:assert/strict';
import test from 'node:test';
import { parseQuery, QuerySyntaxError, type SearchQuery } from './index.ts';
import { MAX_CLAUSES } from './query.ts';
import { CLOCK, drawing } from './testing/headlines.ts';

const parse = (text: string): SearchQuery => parseQuery(text, CLOCK);

/** What of a query is not empty. */
function said(text: string): Record<string, unknown> {
  const { not, ...rest } = parse(text);
  const parts = Object.entries({
    ...rest,
    ...Object.fromEntries(Object.entries(not).map(([k, v]) => [`not ${k}`, v])),
  });
  return Object.fromEntries(
    parts.filter(([, v]) => v !== undefined && v !== '' && !(Array.isArray(v) && v.length === 0)),
  );
}

const refused = (text: string, message: RegExp): void =>
  assert.throws(
    () => parse(text),
    (error) => error instanceof QuerySyntaxError && message.test(error.message),
    text,
  );

test('words, phrases, exclusions and fields, in any order', () => {
  assert.deepEqual(
    said('grève "réforme des retraites" -sncf publisher:"Le Monde" -category:sport language:fr paris'),
    {
      text: 'grève réforme des retraites paris',
      phrases: ['réforme des retraites'],
      excluded: ['sncf'],
      publishers: ['le monde'],
      languages: ['fr'],
      'not categories': ['sport'],
    },
  );
  assert.deepEqual(said('-publisher:"Le Monde" -language:en -"long covid"'), {
    excluded: ['long covid'],
    'not publishers': ['le monde'],
    'not languages': ['en'],
  });
  assert.deepEqual(said(''), {});
  assert.deepEqual(said(' \t\n\u00a0\u3000 '), {});
});

test('every kind of quote, nested, glued and empty', () => {
  for (const text of ['"a b"', '“a b”', '„a b“', '« a b »', '«\u00a0a b\u202f»', '"\n a b "'])
    assert.deepEqual(said(text), { text: 'a b', phrases: ['a b'] }, text);
  assert.deepEqual(said('"a “b c” d"').phrases, ['a “b c” d']);
  assert.deepEqual(said('"a""b"c').phrases, ['a', 'b']);
  assert.deepEqual(said('"a"b').text, 'a b');
  assert.deepEqual(said("l'« exception culturelle »").phrases, ['exception culturelle']);
  assert.deepEqual(said('Macron: "je pars" (“vite”)').phrases, ['je pars', 'vite']);
  assert.deepEqual(said('"" x «» “ ”'), { text: 'x' });
});

test('a quote that is never closed is none', () => {
  assert.deepEqual(said('"long covid'), { text: 'long covid' });
  assert.deepEqual(said('a “b c" d'), { text: 'a b c d' });
  assert.deepEqual(said('a" b'), { text: 'a b' });
  assert.deepEqual(said('12" tv 55"'), { text: '12 tv 55' });
  assert.deepEqual(said('say"hello'), { text: 'say hello' }, 'two words stay two');
  // Half a field or exclusion would mean something else than what was asked.
  refused('publisher:"Le Monde', /publisher:"Le is never closed/);
  refused('covid -"long covid', /-"long is never closed/);
});

test('a no-break space parts words, and no number', () => {
  assert.deepEqual(said('10\u00a0000\u00a0euros'), { text: '10\u00a0000 euros' });
  assert.deepEqual(said('-10\u202f000 «\u00a0oui\u00a0»\u00a0!'), {
    text: 'oui !',
    phrases: ['oui'],
    excluded: ['10\u202f000'],
  });
});

test('a minus excludes where it stands before a word and after none', () => {
  assert.deepEqual(said('covid-19'), { text: 'covid-19' });
  assert.deepEqual(said('covid -19'), { text: 'covid', excluded: ['19'] });
  assert.deepEqual(said('−5'), { excluded: ['5'] });
  assert.deepEqual(said('a - b'), { text: 'a - b' });
  assert.deepEqual(said('a-'), { text: 'a-' });
  assert.deepEqual(said('--word'), { text: '--word' });
  assert.deepEqual(said('"covid"-19'), { text: 'covid -19', phrases: ['covid'] });
  assert.deepEqual(said('-covid-19'), { excluded: ['covid-19'] });
  assert.deepEqual(said('a -> b -🚀 -"!"'), { text: 'a b' });
  assert.deepEqual(said('–word'), { text: '–word' }, 'a dash is no minus');
});

test('signs alone are no empty question, which would be answered with everything', () => {
  for (const text of ['-', '""', '"', '- -', '🚀', '-🚀', '…']) assert.equal(parse(` ${text} `).text, text);
});

test('fields in any case; a value that says nothing is an error', () => {
  assert.deepEqual(said('PUBLISHER:L’Équipe'), { publishers: ['l equipe'] });
  assert.deepEqual(said('publisher:« Le Monde »'), { publishers: ['le monde'] });
  refused('publisher:', /"publisher:" has nothing after it/);
  refused('publisher: Le Monde', /"publisher:" has nothing after it/);
  refused('category:""', /"category:" has nothing after it/);
  refused('publisher:🚀', /"publisher:🚀" names no publisher/);
  refused(`after:${'x'.repeat(900)}`, /^"after:x{54}…" is no day/);
});

test('what looks like a field and is none is words', () => {
  for (const text of ['12:30', 'http://a.b/c', 'foo:bar', '::', 'x:', '(publisher:x)'])
    assert.equal(parse(text).text, text);
});

test('categories by id, by name in either language, by a part of one name', () => {
  const categories = (text: string): unknown => said(`category:${text}`).categories;
  assert.deepEqual(categories('sport'), ['sport']);
  assert.deepEqual(categories('SANTÉ'), ['health']);
  assert.deepEqual(categories('science-technology'), ['science_technology']);
  assert.deepEqual(categories('"Économie et finance"'), ['economy_business_finance']);
  assert.deepEqual(categories('economie'), ['economy_business_finance']);
  refused('category:et', /"category:et" is none of arts_culture/);
  refused('category:constructor', /"category:constructor" is none of/);
});

test('languages by code or name', () => {
  for (const name of ['fr', 'FR', 'french', 'français', 'fr-CA'])
    assert.deepEqual(said(`language:${name}`).languages, ['fr']);
  for (const name of ['en', 'English', 'anglais']) assert.deepEqual(said(`lang:${name}`).languages, ['en']);
  for (const name of ['de', 'DE', 'de-AT', 'de_CH', '"de"'])
    assert.deepEqual(said(`language:${name}`).languages, ['de']);
  assert.deepEqual(said('-lang:IT lang:und')['not languages'], ['it']);
  for (const name of ['german', 'd', 'd2', 'unde', 'constructor', '__proto__', '🚀'])
    refused(`language:${name}`, new RegExp(`"language:${name}" is no language; such as fr`, 'u'));
});

test('of several days the narrower counts; none may lie between is an error', () => {
  const day = (text: string): Date => new Date(`${text}T00:00:00Z`);
  const { after, before } = parse('after:2026-01-01 after:2026-01-05 before:2026-02-03 before:2026-02-01');
  assert.deepEqual([after, before], [day('2026-01-05'), day('2026-02-01')]);
  refused(
    'after:2026-02-01 before:2026-02-01',
    /nothing can lie between "after:2026-02-01" and "before:2026-02-01"/,
  );
  refused('after:1d before:2d', /nothing can lie between/);
  refused('-after:2026-01-01', /"-after:" has no meaning; use "before:"/);
  refused('before:yesterday', /"before:yesterday" is no day; such as/);
});

test('a query that mixes a day with a stretch of time does not become wrong by waiting', () => {
  const text = 'after:2026-01-01 before:3d';
  for (const clock of ['2025-12-01', '2026-01-04', '2027-01-01']) parseQuery(text, new Date(clock));
});

test('so many clauses and no more', () => {
  parse('-a '.repeat(MAX_CLAUSES));
  for (const clause of ['-a ', '"a" ', 'publisher:a ', '-🚀 '])
    refused(clause.repeat(MAX_CLAUSES + 1), new RegExp(`more than ${MAX_CLAUSES}`));
});

test('whatever is typed is understood or refused by name', () => {
  const draw = drawing(11);
  const parts =
    `" “ ” « » - − -- : publisher: -category: after: 3d ' ’ \\ ( .* %_ '; drop table x;-- \u0000 \u202e \ud800 🚀 مرحبا
    a é 10\u202f000 sport \t x"y`.split(/ /);
  for (let n = 0; n < 5000; n++) {
    const text = Array.from({ length: draw.below(12) }, () => draw.of(parts)).join(draw.of(['', ' ']));
    try {
      const query = parse(text);
      assert.ok(query.text.isWellFormed());
      assert.equal(query.text, query.text.trim());
    } catch (error) {
      assert.ok(error instanceof QuerySyntaxError && error.message.isWellFormed(), `${text}: ${error}`);
    }
  }
});

test('a megabyte of quotes does not stall', () => {
  for (const part of ['"', '“', '« ', '" ', 'a"', '- ', 'x:', 'publisher', '"a" ', '-“ '])
    try {
      parse(part.repeat(1_000_000 / part.length));
    } catch (error) {
      assert.ok(error instanceof QuerySyntaxError);
    }
});
