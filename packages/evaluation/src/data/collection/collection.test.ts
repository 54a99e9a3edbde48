import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { readCollection } from './collection.ts';

const root = mkdtempSync(join(tmpdir(), 'afk-collection-'));
after(() => rmSync(root, { recursive: true }));

let folders = 0;
function folderOf(files: Record<string, string>): string {
  folders += 1;
  const folder = join(root, `c${folders}`);
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const DOCS = ['wing in a slipstream', 'heat in slabs', 'shock waves at a cone']
  .map(
    (title, i) =>
      `<doc>\n<docno>${i + 1}</docno>\n<title>${title} .</title>\n<text>${title} .\nit's R&amp;D</text>\n</doc>`,
  )
  .join('\n');
const top = (num: number, title: string): string =>
  `<top>\n<num> ${num}</num>\n<title>\n${title}\n</title>\n</top>`;
const QUERIES = `<?xml version='1.0'?>\n<xml>\n${[top(1, 'slipstream of a wing'), top(4, 'heat conduction in slabs'), top(2, 'cone shock')].join('\n')}</xml>`;
const whole = {
  'some.all.xml': DOCS,
  'some.qry.xml': QUERIES,
  'someqrel.txt': '1 0 1 1\n2 0 2 1\n3 0 3 2\n3 0 1 0\n3 0 2 -1\n',
};

test('documents, queries and judgements, joined by the places that judgements count', () => {
  const { documents, questions, notes } = readCollection(folderOf(whole));
  assert.deepEqual(documents[1], { id: '2', title: 'heat in slabs .', text: "heat in slabs . it's R&D" });
  assert.deepEqual(
    questions.map(({ text, grades }) => [text, ...grades]),
    [
      ['slipstream of a wing', ['1', 1]],
      ['heat conduction in slabs', ['2', 1]],
      ['cone shock', ['3', 2]],
    ],
  );
  assert.match(notes[0]!, /by places in the file, not numbers: 3 queries so, 2 the other way/);
});

test('where judgements have the queries’ own numbers, these count', () => {
  const { questions, notes } = readCollection(
    folderOf({ ...whole, 'someqrel.txt': '1 0 1 1\n4 0 2 1\n2 0 3 1' }),
  );
  assert.deepEqual(
    questions.map(({ grades }) => [...grades.keys()]),
    [['1'], ['2'], ['3']],
  );
  assert.match(notes[0]!, /by numbers: 3 queries so/);
});

test('where both would fit, the words decide', () => {
  const queries = [top(2, 'slipstream of a wing'), top(1, 'heat conduction in slabs')].join('\n');
  const byPlace = readCollection(
    folderOf({ ...whole, 'some.qry.xml': queries, 'someqrel.txt': '1 0 1 1\n2 0 2 1' }),
  );
  assert.deepEqual(
    byPlace.questions.map(({ grades }) => [...grades.keys()]),
    [['1'], ['2']],
  );
  const byNumber = readCollection(
    folderOf({ ...whole, 'some.qry.xml': queries, 'someqrel.txt': '1 0 2 1\n2 0 1 1' }),
  );
  assert.deepEqual(
    byNumber.questions.map(({ grades }) => [...grades.keys()]),
    [['1'], ['2']],
  );
});

test('names do not matter, nor do capitals, three columns, or tags that are never closed', () => {
  const folder = folderOf({
    a: DOCS.replaceAll('doc>', 'DOC>').replaceAll('</DOC>', ''),
    b: '<top>\n<num> Number: 301\n<title> Topic: wing slipstream\n<desc> Description:\nmore\n</top>',
    c: '301 1 1\n301\t2\t0\n',
    README: 'lines like\n1 0 1 1',
  });
  const { documents, questions } = readCollection(folder);
  assert.equal(documents.length, 3);
  assert.deepEqual(
    questions.map(({ text, grades }) => [text, ...grades]),
    [['wing slipstream', ['1', 1]]],
  );
});

test('what is left out is told', () => {
  const docs = `${DOCS}<doc><docno>9</docno><title></title><text></text></doc>`;
  const judgements = '1 0 1 1\n2 0 77 1\n3 0 2 0\n8 0 1 1';
  const { questions, notes } = readCollection(
    folderOf({ ...whole, 'some.all.xml': docs, 'someqrel.txt': judgements }),
  );
  assert.equal(questions.length, 2);
  // The document that is not there is one that nothing finds.
  assert.deepEqual([...questions[1]!.grades.keys()], ['77']);
  const told = notes.join('\n');
  for (const part of [
    /without a word.*: 1\./,
    /no document is relevant to them: 1/,
    /not there, kept as misses: 1/,
    /queries that are not there: 1/,
  ])
    assert.match(told, part);
});

test('rubbish is refused by name', () => {
  const refused: [Record<string, string>, RegExp][] = [
    [{}, /no file of documents .* among no files/],
    [{ ...whole, 'some.qry.xml': '' }, /some\.qry\.xml: 0 of 0 queries/],
    [{ 'some.all.xml': DOCS, 'some.qry.xml': QUERIES }, /no file of judgements/],
    [{ ...whole, 'someqrel.txt': '<html>404</html>' }, /someqrel\.txt: 0 of 1 lines are judgements/],
    [{ ...whole, 'someqrel.txt': '1 0 1 yes\n'.repeat(9) + '1 0 1 1' }, /someqrel\.txt: 1 of 10 lines/],
    [
      { ...whole, 'someqrel.txt': '90 0 1 1' },
      /someqrel\.txt: judges no query that there is \(query 90; the first is number 1\)/,
    ],
    [{ ...whole, 'someqrel.txt': '1 0 90 1' }, /someqrel\.txt: judges no document of some\.all\.xml/],
    [{ ...whole, 'someqrel.txt': '1 0 1 0' }, /no document is relevant to any query/],
    [{ ...whole, 'some.all.xml': DOCS + DOCS }, /some\.all\.xml: two documents have the number 1/],
    [
      { ...whole, 'some.all.xml': DOCS.replaceAll('title', 'head').replaceAll('text', 'body') },
      /no document has a <title>/,
    ],
    [{ ...whole, 'some.qry.xml': QUERIES.replaceAll('num', 'n') }, /some\.qry\.xml: 0 of 3 queries/],
    [{ ...whole, 'other.all.xml': DOCS }, /documents could be any of other\.all\.xml, some\.all\.xml/],
  ];
  for (const [files, message] of refused) assert.throws(() => readCollection(folderOf(files)), message);
  assert.throws(() => readCollection(join(root, 'nowhere')), /nowhere: no such folder/);
  const file = join(folderOf({ x: '' }), 'x');
  assert.throws(() => readCollection(file), /x: not a folder/);
});
