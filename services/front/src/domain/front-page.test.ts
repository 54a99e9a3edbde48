import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeData } from '../testing/fake-data.ts';
import { composeFrontPage, labelLanguage, latestElsewhere, otherHeadlines } from './front-page.ts';

const data = fakeData({ trends: 120 });
const stories = [...data.details.values()];

test('every story is on the front page exactly once', () => {
  const { lead, seconds, briefs, sections } = composeFrontPage(stories);
  const sectioned = sections.flatMap((s) => s.stories.concat(s.more));
  const all = [lead, ...seconds, ...briefs, ...sectioned].map((s) => s?.id);
  assert.equal(all.length, stories.length);
  assert.equal(new Set(all).size, stories.length);
  assert.equal(lead?.id, stories[0]?.id);
});

test('the unsorted come last', () => {
  const { sections } = composeFrontPage(stories);
  assert.equal(sections.at(-1)?.id, 'unsorted');
  assert.ok(sections.every((s) => s.stories.length > 0 && s.stories.length <= 5));
});

test('a front page of nothing, and of one story', () => {
  assert.equal(composeFrontPage([]).lead, undefined);
  const one = composeFrontPage(stories.slice(0, 1));
  assert.ok(one.lead && one.sections.length === 0 && one.seconds.length === 0);
});

test('other headlines do not repeat the label, and prefer publishers not heard yet', () => {
  const headline = (title: string, publisher: string) =>
    ({ ...(stories[0]?.items[0] as never as object), title, publisher }) as never;
  const story = {
    label: 'A',
    items: [
      headline('A', 'x'),
      headline('B', 'x'),
      headline('C', 'x'),
      headline('B', 'y'),
      headline('D', 'y'),
    ],
  };
  assert.deepEqual(
    otherHeadlines(story, 3).map((h) => h.title),
    ['B', 'D', 'C'],
  );
});

test('a label speaks the language of its headline', () => {
  const french = stories.find((s) => s.items.find((h) => h.title === s.label)?.language === 'fr');
  assert.ok(french);
  assert.equal(labelLanguage(french), 'fr');
  assert.equal(labelLanguage({ label: 'unknown', items: [], languages: ['de'] }), 'de');
});

test('the latest headlines leave out what the top tells', () => {
  const top = stories.slice(0, 3);
  const latest = latestElsewhere(data.headlines, top, 8);
  assert.equal(latest.length, 8);
  assert.ok(latest.every((h) => !top.some((s) => s.id === h.trend_id)));
  assert.equal(new Set(latest.map((h) => h.title)).size, 8);
});
