import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publishersOf } from './publisher.ts';

const item = (site: string, author?: string, source?: string) => ({
  url: `https://www.${site}.example/${Math.abs(author?.length ?? 0)}`,
  author,
  source,
});

test('an outlet’s own feed: the feed’s title, whoever signs', () => {
  const items = [item('lamp', 'Ann Reed'), item('lamp', 'Ben Shaw'), item('blog-of-the-lamp')];
  assert.deepEqual(publishersOf('The Lamp', items), ['The Lamp', 'The Lamp', 'The Lamp']);
});

test('a collection whose authors are outlets: the author', () => {
  const items = [
    item('lamp', 'The Lamp'),
    item('lamp', 'The Lamp'),
    item('bell', 'The Bell'),
    item('phare', 'Le Phare'),
    item('phare', 'Le Phare'),
  ];
  assert.deepEqual(
    publishersOf('All the news', items),
    items.map((i) => i.author),
  );
});

test('a collection whose authors are people: the site', () => {
  const items = [
    item('lamp', 'Ann Reed'),
    item('lamp', 'Ben Shaw'),
    item('lamp', 'Cy Hall'),
    item('bell', 'Dee Poole'),
    item('bell', 'Ed Marsh'),
    item('phare'),
  ];
  assert.deepEqual(publishersOf('All the news', items), [
    ...Array.from({ length: 3 }, () => 'lamp.example'),
    ...Array.from({ length: 2 }, () => 'bell.example'),
    'phare.example',
  ]);
});

test('one author for all of a collection is its editor, not an outlet', () => {
  const items = ['lamp', 'bell', 'phare', 'echo'].map((site) => item(site, 'Curator'));
  assert.deepEqual(publishersOf('All the news', items), [
    'lamp.example',
    'bell.example',
    'phare.example',
    'echo.example',
  ]);
});

test('a source is who published it, in a collection and in an outlet’s feed', () => {
  const items = [item('lamp', 'Ann Reed', 'The Lamp'), item('bell', 'Ben Shaw'), item('phare')];
  assert.deepEqual(publishersOf('All the news', items), ['The Lamp', 'bell.example', 'phare.example']);
  assert.deepEqual(publishersOf('The Lamp', [item('lamp'), item('lamp', 'x', 'Agency')]), [
    'The Lamp',
    'Agency',
  ]);
});

test('an empty feed has no publishers', () => assert.deepEqual(publishersOf('The Lamp', []), []));
