import assert from 'node:assert/strict';
import test from 'node:test';
import { parseTable } from './table.ts';

test('quoted fields hold separators, line breaks and doubled quotes', () => {
  const text =
    'category\theadline\ttext\r\nsport\t"A ""great"" day"\t"First line.\nSecond\tline."\nhealth\tFlu\t\n';
  assert.deepEqual(parseTable(text, '\t'), [
    ['category', 'headline', 'text'],
    ['sport', 'A "great" day', 'First line.\nSecond\tline.'],
    ['health', 'Flu', ''],
  ]);
});

test('a headline that only begins with a quotation is taken as written', () => {
  const text = 'politics\t0\t"No deal", says minister\nsport\t0\t"Never again\nhealth\t0\t""';
  assert.deepEqual(parseTable(text, '\t'), [
    ['politics', '0', '"No deal", says minister'],
    ['sport', '0', '"Never again'],
    ['health', '0', ''],
  ]);
});

test('a quote within a field is a character like others', () => {
  assert.deepEqual(parseTable('a\tThe "best" of\tb', '\t'), [['a', 'The "best" of', 'b']]);
});

test('comma-separated, with byte order mark, blank lines and no line break at the end', () => {
  assert.deepEqual(parseTable('\uFEFFID,TITLE\n\n1,"Rain, then sun"\r\n\r\n2,', ','), [
    ['ID', 'TITLE'],
    ['1', 'Rain, then sun'],
    ['2', ''],
  ]);
  assert.deepEqual(parseTable('', ','), []);
});
