import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { categoryIds } from '@afk/contracts';
import { readSeed } from './seed.ts';

const read = (language: string) => {
  const name = `seed/${language}.tsv`;
  return readSeed(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'), language, name);
};

for (const language of ['en', 'fr']) {
  test(`seed/${language}.tsv: every category has 30 headlines or more, and none comes twice`, () => {
    const examples = read(language);
    const titles = new Map<string, number>();
    const sizes = new Map<string, number>();
    for (const { text, label } of examples) {
      sizes.set(label, (sizes.get(label) ?? 0) + 1);
      const key = text
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
        .trim();
      titles.set(key, (titles.get(key) ?? 0) + 1);
      assert.equal(text, text.trim(), 'no blanks at the ends');
    }
    assert.deepEqual([...sizes.keys()].toSorted(), categoryIds.toSorted());
    for (const [label, size] of sizes) assert.ok(size >= 30, `${label}: ${size}`);
    assert.deepEqual(
      [...titles].filter(([, n]) => n > 1),
      [],
      'titles that come twice',
    );
  });
}

test('a line that is not category, tab, headline is named with file and line, as an editor counts them', () => {
  const bad = ['sport', 'gossip\tA star was seen', 'sport\t', 'sport\t ', 'sport\ta\tb', '\tno category'];
  for (const line of bad) {
    const text = `sport\tCup final tonight\n\n\nweather\tRain\n${line}\n`;
    assert.throws(
      () => readSeed(text, 'en', 'seed/en.tsv'),
      (error: Error) => error.message.startsWith('seed/en.tsv:5: ') && error.message.includes(line),
      JSON.stringify(line),
    );
  }
});

test('line ends of Windows and blank lines are no fault', () => {
  assert.deepEqual(readSeed('sport\tCup final\r\n\r\nweather\tRain\r\n', 'en', 'x'), [
    { text: 'Cup final', label: 'sport', language: 'en' },
    { text: 'Rain', label: 'weather', language: 'en' },
  ]);
});
