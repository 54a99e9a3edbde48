import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { corpus, demoStories, parseHeadlines } from './corpus.ts';
import { outlets } from './outlets.ts';
import { demoLineage, singles, stories } from './stories.ts';

const byId = new Map(corpus.map((headline) => [headline.id, headline]));
const hoursOf = (slug: string) => (demoStories[slug] ?? []).map((id) => byId.get(id)?.hour ?? Number.NaN);
const within = (hours: number[], from: number, to: number) => hours.filter((h) => h >= from && h < to).length;

test('the season is as large as promised', () => {
  assert.ok(corpus.length >= 420 && corpus.length <= 520, `${corpus.length} headlines`);
  assert.equal(stories.length, 26);
  assert.equal(stories.filter(({ language }) => language === 'fr').length, 13);
  assert.ok(new Set(stories.map(({ topic }) => topic)).size >= 12);
  const inStories = Object.values(demoStories).flat().length;
  assert.ok(corpus.length - inStories >= 80, 'singles');
});

test('every file in stories/ is listed', () => {
  const files = readdirSync(new URL('stories', import.meta.url)).sort();
  assert.deepEqual(
    files,
    [...stories.map(({ slug }) => slug), ...singles].map((slug) => `${slug}.tsv`).sort(),
  );
});

test('ids and titles are unique', () => {
  assert.equal(byId.size, corpus.length);
  assert.equal(new Set(corpus.map(({ title }) => title)).size, corpus.length);
});

test('every headline has a known outlet, an offset in [0, 72) and a title of 5 to 16 words', () => {
  const known = new Set(outlets.map(({ slug }) => slug));
  for (const { id, hour, outlet, title } of corpus) {
    assert.ok(known.has(outlet), `${id}: ${outlet}`);
    assert.ok(hour >= 0 && hour < 72, `${id}: ${hour}`);
    const words = title.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
    assert.ok(words >= 5 && words <= 16, `${id}: ${words} words`);
  }
});

test('every story has 6 to 35 headlines by several outlets, in order of time', () => {
  for (const [slug, ids] of Object.entries(demoStories)) {
    assert.ok(ids.length >= 6 && ids.length <= 35, `${slug}: ${ids.length}`);
    assert.ok(new Set(ids.map((id) => byId.get(id)?.outlet)).size >= 3, slug);
    const hours = hoursOf(slug);
    assert.deepEqual(
      hours,
      [...hours].sort((a, b) => a - b),
      slug,
    );
  }
});

test('stories follow the curve that they claim', () => {
  const curves = (curve: string) => stories.filter((story) => story.curve === curve);
  assert.ok(curves('rising').length >= 4);
  assert.ok(curves('fading').length >= 5);
  for (const { slug } of curves('rising')) {
    const hours = hoursOf(slug);
    assert.ok(within(hours, 60, 72) >= 0.7 * hours.length, slug);
  }
  for (const { slug } of curves('fading')) {
    const hours = hoursOf(slug);
    assert.ok(within(hours, 18, 48) >= 0.6 * hours.length, slug);
    assert.ok(within(hours, 60, 72) <= 2, slug);
  }
  for (const { slug } of curves('reviving')) {
    const hours = hoursOf(slug);
    const longestSleep = Math.max(...hours.slice(1).map((hour, index) => hour - (hours[index] ?? hour)));
    assert.ok(longestSleep >= 24, slug);
  }
});

test('lineage agrees with the headlines', () => {
  assert.equal(demoLineage.filter(({ kind }) => kind === 'merge').length, 2);
  assert.equal(demoLineage.filter(({ kind }) => kind === 'split').length, 2);
  for (const { kind, from, into, hour } of demoLineage) {
    const ended = from.filter((slug) => !into.includes(slug));
    const begun = into.filter((slug) => !from.includes(slug));
    for (const slug of ended) assert.ok(Math.max(...hoursOf(slug)) < hour, slug);
    for (const slug of begun) assert.equal(Math.min(...hoursOf(slug)), hour, slug);
    const survivor = (kind === 'merge' ? into[0] : from[0]) ?? '';
    assert.ok(within(hoursOf(survivor), hour, 72) >= 4, survivor);
  }
});

test('a handful of stories are told in both languages', () => {
  const languages = new Map(outlets.map(({ slug, language }) => [slug, language]));
  const both = Object.values(demoStories).filter((ids) => {
    const spoken = ids.map((id) => languages.get(byId.get(id)?.outlet ?? ''));
    return spoken.filter((l) => l === 'fr').length >= 2 && spoken.filter((l) => l === 'en').length >= 2;
  });
  assert.ok(both.length >= 4, `${both.length}`);
});

test('a malformed row is named by file and line', () => {
  const text = 'id\thour\toutlet\ttitle\tsummary\nx-01\tnoon\tabp\tTitle\tSummary\n';
  assert.throws(() => parseHeadlines(text, 'x'), { name: 'SyntaxError', message: /^x, line 2/ });
});
