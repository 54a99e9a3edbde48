import assert from 'node:assert/strict';
import { test } from 'node:test';
import { categoryItems, chosen, publisherItems, storyItems, wordItems } from './suggestions.ts';
import type { Typed } from './typed.ts';

const word = (prefix: string, head = ''): Typed => ({ kind: 'word', prefix, head });
const item = (text: string) => ({ text, kind: 'word' as const, headlines: 1 });

test('words keep what stands before them; stop words are none', () => {
  const words = [
    { word: 'the', text: 'the', headlines: 90 },
    { word: 'theatre', text: 'théâtre', headlines: 3 },
  ];
  assert.deepEqual(wordItems(word('the', 'rain '), words), [
    { text: 'rain théâtre', kind: 'word', headlines: 3 },
  ]);
});

test('stories by label or keyword; a label that goes on from all that was typed stands for it', () => {
  const stories = [
    { text: 'Vallée: “the” reservoir falls', keywords: ['drought', 'central bank'], headlines: 9 },
    { text: 'Something else', keywords: ['other'], headlines: 5 },
  ];
  const texts = (q: string, typed: Typed) => storyItems(q, typed, stories).map((s) => s.text);
  const label = 'Vallée: the reservoir falls';
  assert.deepEqual(texts('vall', word('vall')), [label]);
  assert.deepEqual(texts('no drou', word('drou', 'no ')), [`no ${label}`]);
  assert.deepEqual(texts('central b', word('b', 'central ')), [label]);
  assert.deepEqual(texts('reserv', word('reserv')), [], 'it begins with something else');
});

test('publishers: those that begin with it before those that have it inside, with their quotes', () => {
  const publishers = ['New York Lamp', 'Éclair', 'Lamp & Co', 'Lampion', 'Clamp'].map((text, n) => ({
    text,
    headlines: 9 - n,
  }));
  const texts = (prefix: string) =>
    publisherItems({ kind: 'publisher', prefix, head: 'rain -' }, publishers).map((p) => p.text);
  assert.deepEqual(texts('lam'), [
    'rain -publisher:"Lamp & Co"',
    'rain -publisher:Lampion',
    'rain -publisher:"New York Lamp"',
  ]);
  assert.deepEqual(texts('ecl'), ['rain -publisher:Éclair']);
  assert.equal(texts('').length, 5);
});

test('categories by id, English or French name, those with most headlines first', () => {
  const texts = (prefix: string) =>
    categoryItems({ kind: 'category', prefix, head: '' }, [{ text: 'health', headlines: 9 }]).map(
      (c) => c.text,
    );
  assert.deepEqual(texts('poli').sort(), ['category:"Police et justice"', 'category:Politics']);
  assert.deepEqual(texts('sante'), ['category:Santé']);
  assert.deepEqual(texts('business'), ['category:"Economy & business"']);
  assert.equal(texts('')[0], 'category:Health');
  assert.equal(texts('').length, 17);
});

test('words, then stories, none twice, none that stands there already', () => {
  const words = ['a', 'b', 'c', 'd', 'a', 'q'].map(item);
  const stories = ['s1', 's2', 's3', 'b'].map(item);
  const texts = (limit: number) => chosen('q', words, stories, limit).map((i) => i.text);
  assert.deepEqual(texts(6), ['a', 'b', 'c', 'd', 's1', 's2']);
  assert.deepEqual(texts(20), ['a', 'b', 'c', 'd', 's1', 's2', 's3']);
  assert.deepEqual(texts(1), ['a']);
  assert.deepEqual(chosen('q', [item('x'.repeat(1001))], [], 5), [], 'too long to be a query');
});
