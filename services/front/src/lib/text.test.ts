import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  barWords,
  count,
  langAttribute,
  languageName,
  perWords,
  safeHref,
  shortLabel,
  sureness,
  trendHref,
  typeset,
  velocityWords,
} from './text.ts';

test('only http and https become links', () => {
  assert.equal(safeHref('https://news.example/a?b=1'), 'https://news.example/a?b=1');
  assert.equal(safeHref('  http://news.example '), 'http://news.example/');
  const bad = [
    'javascript:alert(1)',
    ' JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    '/relative',
    '//host',
    '',
    'ftp://x',
  ];
  for (const url of bad) assert.equal(safeHref(url), undefined, url);
});

test('lang is set for other languages only, and only with a sound tag', () => {
  assert.equal(langAttribute('fr'), 'fr');
  assert.equal(langAttribute('en'), undefined);
  assert.equal(langAttribute('"><script>'), undefined);
  assert.equal(langAttribute(null), undefined);
});

test('names of languages', () => {
  assert.equal(languageName('fr'), 'French');
  assert.equal(languageName('not a tag'), 'not a tag');
  assert.equal(languageName('und'), 'Other language');
});

test('counts agree with their noun', () => {
  assert.equal(count(1, 'source'), '1 source');
  assert.equal(count(1200, 'source'), '1,200 sources');
});

test('speed in words', () => {
  assert.equal(velocityWords(0.04, 1), 'As many headlines an hour as before');
  assert.equal(velocityWords(4.62, 0.01), '4.6 more headlines an hour than before');
  assert.equal(velocityWords(-1, 0), '1 fewer headline an hour than before');
  assert.equal(velocityWords(31.4, 2), '31 more headlines an hour than before, gaining speed');
  assert.equal(velocityWords(2, -0.2), '2 more headlines an hour than before, losing speed');
  assert.equal(velocityWords(-2, -0.2), '2 fewer headlines an hour than before, falling faster');
  assert.equal(velocityWords(-2, 0.2), '2 fewer headlines an hour than before, falling less than it did');
});

test('how often, and when, in words', () => {
  assert.deepEqual([20, 60, 180, 90, 1440, 10080, 20160].map(perWords), [
    'every 20 minutes',
    'an hour',
    'every 3 hours',
    'every 1.5 hours',
    'a day',
    'a week',
    'every 2 weeks',
  ]);
  const at = '2026-03-09T12:00:00Z';
  assert.deepEqual(
    [180, 1440, 10080, 20160].map((minutes) => barWords(minutes, at)),
    ['9 Mar, 12:00 UTC', 'on 9 Mar', 'in the week from 9 Mar', 'in the 14 days from 9 Mar'],
  );
});

test('no line breaks inside French marks', () => {
  assert.equal(
    typeset('Vote : « non » ! Et après ?'),
    'Vote\u00a0: «\u00a0non\u00a0»\u00a0! Et après\u00a0?',
  );
  assert.equal(typeset('Plain: nothing to set'), 'Plain: nothing to set');
});

test('labels in short, and no model is wholly sure', () => {
  assert.equal(shortLabel('Arts & entertainment'), 'Arts');
  assert.equal(shortLabel('Sport'), 'Sport');
  assert.equal(sureness(0.999), 'over 99 %');
  assert.equal(sureness(0.941), '94 %');
});

test('an id is a path segment, whatever is in it', () => {
  assert.equal(trendHref('a/b?c'), '/trends/a%2Fb%3Fc/');
});
