import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { realHeadlines } from './real.ts';

const folder = mkdtempSync(join(tmpdir(), 'afk-real-'));
after(() => rmSync(folder, { recursive: true }));

test('headlines of both languages; files of other columns are passed over', () => {
  for (const sub of ['stories-en', 'headlines-fr']) mkdirSync(join(folder, sub));
  writeFileSync(
    join(folder, 'stories-en', 'news.csv'),
    'TITLE,STORY,PUBLISHER,TIMESTAMP\n"Rain, then sun",s,Paper,1000\n',
  );
  writeFileSync(
    join(folder, 'headlines-fr', 'day.csv'),
    '"Grève, jour 2",2020-01-10 00:04:41,id,france,"{""x"":1}"\n',
  );
  writeFileSync(
    join(folder, 'headlines-fr', 'categories.csv'),
    'sport\t0\tUn titre, en mai 2019, et encore\n',
  );
  assert.deepEqual(realHeadlines(folder), {
    en: [{ title: 'Rain, then sun', language: 'en', publisher: 'Paper', publishedAt: 1000 }],
    fr: [
      {
        title: 'Grève, jour 2',
        language: 'fr',
        publisher: 'france',
        publishedAt: Date.parse('2020-01-10T00:04:41Z'),
      },
    ],
  });
  assert.deepEqual(realHeadlines('/nowhere'), { en: [], fr: [] });
});
