import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { readLabelled } from './labelled.ts';
import { readLabelMap, restricted } from './label-map.ts';

const folder = mkdtempSync(join(tmpdir(), 'afk-labelled-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

test('tab-separated with a header, columns in any order', () => {
  const path = file(
    'a.tsv',
    'headline\turl\tcategory\ttext\n"The ""big"" match"\t/1\tsports\t"It is over.\nAt last."\n',
  );
  const { examples } = readLabelled(path, 'headline+text');
  assert.deepEqual(examples, [
    { text: 'The "big" match\nIt is over.\nAt last.', label: 'sports', language: 'en' },
  ]);
  assert.equal(readLabelled(path, 'headline').examples[0]!.text, 'The "big" match');
});

test('the aggregator: TITLE and CATEGORY by name, a line that was cut off is left out', () => {
  const path = file(
    'b.csv',
    'ID,TITLE,CATEGORY\n1,"Shares fall, bonds rise",b\n2,New phone is out,t\n3,Broken',
  );
  const { examples, unlabelled } = readLabelled(path, 'headline');
  assert.deepEqual(
    examples.map(({ text, label }) => [text, label]),
    [
      ['Shares fall, bonds rise', 'b'],
      ['New phone is out', 't'],
    ],
  );
  assert.equal(unlabelled, 1);
});

test('three columns without a header; a text that does not tell its language has that of most', () => {
  const path = file('c.csv', 'sports\t0\tLe match de la semaine\nsante\t1\tGrippe\n\t0\tSans rubrique\n');
  const { examples, unlabelled } = readLabelled(path, 'headline');
  assert.deepEqual(
    examples.map(({ label, language }) => [label, language]),
    [
      ['sports', 'fr'],
      ['sante', 'fr'],
    ],
  );
  assert.equal(unlabelled, 1);
});

test('what is wrong with a file is said, with its name', () => {
  assert.throws(() => readLabelled(join(folder, 'none.tsv'), 'headline'), /none\.tsv: no such file/);
  assert.throws(
    () => readLabelled(file('d.tsv', 'category\ttitel\nx\ty\n'), 'headline'),
    /d\.tsv: no column headline or title/,
  );
  assert.throws(
    () => readLabelled(file('e.tsv', 'category\ttitle\nx\ty\n'), 'headline+text'),
    /e\.tsv: no column text/,
  );
  assert.throws(
    () => readLabelled(file('f.tsv', 'x\t0\ty\n'), 'headline+text'),
    /f\.tsv: no column text, it has no header/,
  );
  assert.throws(
    () => readLabelled(file('g.tsv', 'category\ttitle\n\ty\n'), 'headline'),
    /g\.tsv: no line with a category/,
  );
  assert.throws(() => readLabelled(file('h.tsv', ''), 'headline'), /h\.tsv: no column/);
  const torn = `category\ttitle\n${'x\ty\n'.repeat(10)}${'x\n'.repeat(3)}`;
  assert.throws(
    () => readLabelled(file('i.tsv', torn), 'headline'),
    /i\.tsv: 3 of 13 lines do not have 2 fields, first: number 11/,
  );
});

test('a map must name labels of the model', () => {
  const labels = ['sport', 'health'];
  assert.deepEqual([...readLabelMap(file('m.json', '{"sport":"s"}'), labels)], [['sport', 's']]);
  assert.throws(
    () => readLabelMap(file('n.json', '{"sports":"s"}'), labels),
    /no label "sports"; it has sport, health/,
  );
  assert.throws(() => readLabelMap(file('o.json', '{"sport":1}'), labels), /label of "sport" is no text/);
  assert.throws(() => readLabelMap(file('p.json', '["sport"]'), labels), /p\.json: not an object/);
  assert.throws(() => readLabelMap(file('q.json', '{'), labels), /q\.json is no JSON/);
  assert.throws(() => readLabelMap(file('r.json', '{}'), labels), /maps no label/);
});

test('probabilities are those among the labels of the map, summed where several lead to one', () => {
  const map = new Map([
    ['a', 'x'],
    ['b', 'x'],
    ['c', 'y'],
  ]);
  const labels = ['a', 'b', 'c', 'd'];
  const told = restricted('y', labels, [0.1, 0.2, 0.2, 0.5], map);
  assert.deepEqual({ gold: told.gold, label: told.label }, { gold: 'y', label: 'x' });
  assert.ok(Math.abs(told.probability - 0.6) < 1e-12);
  assert.equal(restricted('y', labels, [0, 0, 0, 1], map).probability, 0.5);
});
