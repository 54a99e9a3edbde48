import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { readGoldHeadlines } from './headlines.ts';

const folder = mkdtempSync(join(tmpdir(), 'afk-headlines-'));
after(() => rmSync(folder, { recursive: true }));

function read(text: string) {
  const file = join(folder, 'headlines');
  writeFileSync(file, text);
  return readGoldHeadlines(file, 'en');
}

const HEADER = 'ID,TITLE,URL,PUBLISHER,CATEGORY,STORY,HOSTNAME,TIMESTAMP';

test('the CSV is read by its header, in whatever order the columns are', () => {
  const { headlines, timed, unreadable } = read(
    `\uFEFF${HEADER}\r\n7,"Rain, ""heavy"", ends",http://a,Paper,b,s1,a,1394470370698\r\n8,Sun,http://b,,b,s2,b,1394470370699\r\n`,
  );
  assert.equal(timed, true);
  assert.equal(unreadable, 0);
  assert.deepEqual(
    headlines.map(({ doc, gold }) => [doc.title, doc.language, doc.publisher, doc.publishedAt, gold]),
    [
      ['Rain, "heavy", ends', 'en', 'Paper', 1394470370698, 's1'],
      ['Sun', 'en', '', 1394470370699, 's2'],
    ],
  );
  const swapped = read('STORY,TITLE\ns1,Rain\n');
  assert.equal(swapped.headlines[0]?.doc.title, 'Rain');
  assert.equal(swapped.timed, false);
});

test('JSON lines have no times: all the same moment', () => {
  const { headlines, timed } = read(
    '{"Id":"1","clusterNo":3,"textCleaned":"rain ends"}\n\n{"Id":"2","clusterNo":"3","textCleaned":""}\n',
  );
  assert.equal(timed, false);
  assert.deepEqual(
    headlines.map(({ doc, gold }) => [doc.title, doc.publishedAt, gold]),
    [
      ['rain ends', 0, '3'],
      ['', 0, '3'],
    ],
  );
});

test('ids differ, and their order does not tell the order of the file', () => {
  const { headlines } = read(`TITLE,STORY\n${'x,1\n'.repeat(2000)}`);
  const ids = headlines.map(({ doc }) => doc.id);
  assert.equal(new Set(ids).size, 2000);
  const ascents = ids.filter((id, i) => i > 0 && id > ids[i - 1]!).length;
  assert.ok(ascents > 900 && ascents < 1100, `${ascents} of 1999 neighbours ascend`);
});

test('a file that was cut off loses its last line, and says so', () => {
  const { headlines, unreadable } = read(`${HEADER}\n1,A,u,P,b,s,h,1\n2,B,u,P,b,s,h,2\n3,C,ht`);
  assert.equal(headlines.length, 2);
  assert.equal(unreadable, 1);
});

test('rubbish is refused by name', () => {
  assert.throws(() => read(''), /headlines: no column TITLE/);
  assert.throws(() => read('category\theadline\nsport\tMatch'), /no column TITLE in its header \(category/);
  assert.throws(() => read(`${HEADER}\n`), /no headline with a story/);
  assert.throws(
    () => read(`${HEADER}\n1,A,u,P,b,s,h,1\n2,B,u,P,b,s,h,soon\n3,C,u,P,b,,h,3\n`),
    /2 of 3 headlines cannot be read, first: number 2/,
  );
  assert.throws(
    () => read('{"clusterNo":1,"textCleaned":"x"}\n{"clusterNo":'),
    /line 2 is no JSON: \{"clusterNo":/,
  );
  assert.throws(() => read('{"clusterNo":1}'), /line 1 has no text in "textCleaned"/);
  assert.throws(() => read('{"textCleaned":"x"}'), /line 1 has no number in "clusterNo"/);
  assert.throws(() => read('{"clusterNo":1,"textCleaned":"x"}\n[]\nnull'), /line 2 has no text/);
  assert.throws(() => readGoldHeadlines(join(folder, 'none.csv'), 'en'), /none\.csv/);
});
