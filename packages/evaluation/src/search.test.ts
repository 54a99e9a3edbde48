import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { toJson, toText } from './report.ts';
import { evaluation } from './search.ts';

const root = mkdtempSync(join(tmpdir(), 'afk-search-'));
after(() => rmSync(root, { recursive: true }));

const THINGS = ['wing', 'slab', 'cone', 'plate', 'nozzle', 'shell', 'propeller', 'cylinder', 'beam', 'jet'];
const MATTERS = [
  'slipstream',
  'conduction',
  'shock',
  'buckling',
  'expansion',
  'flutter',
  'vibration',
  'wake',
];

/** A document a pair of a thing and a matter; each query asks for one pair, and half a pair is no answer. */
function writeCollection(folder: string): void {
  const pairs = THINGS.flatMap((thing) => MATTERS.map((matter) => ({ thing, matter })));
  const docs = pairs.map(
    ({ thing, matter }, i) =>
      `<doc><docno>d${i}</docno><title>the ${matter} of a ${thing} .</title><text>we studied ${matter} effects, for the ${thing} at hand .</text></doc>`,
  );
  const asked = pairs.filter((_, i) => i % 7 === 0);
  const queries = asked.map(
    ({ thing, matter }, i) => `<top><num>${i + 1}</num><title>${thing} with ${matter}</title></top>`,
  );
  const judgements = asked.map((_, i) => `${i + 1} 0 d${i * 7} 1`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'docs.xml'), docs.join('\n'));
  writeFileSync(join(folder, 'queries.xml'), queries.join('\n'));
  writeFileSync(join(folder, 'qrels.txt'), judgements.join('\n'));
}

function writeHeadlines(folder: string): void {
  mkdirSync(join(folder, 'stories-en'));
  mkdirSync(join(folder, 'headlines-fr'));
  const english = THINGS.flatMap((thing) =>
    MATTERS.map(
      (matter) =>
        `"Two ${thing} makers warn of ${matter} risk in the town's ${matter} plant ${thing}ville",s`,
    ),
  );
  writeFileSync(join(folder, 'stories-en', 'news.csv'), `TITLE,STORY\n${english.join('\n')}\n`);
  const places = ['Nantes', 'Lille', 'Brest', 'Dijon', 'Tours', 'Nîmes'];
  const french = places.flatMap((place) =>
    MATTERS.map(
      (matter) =>
        `À ${place} l’entreprise ${matter} annonce deux grèves à l’usine de ${place},2020-01-10 00:00:00,i,s`,
    ),
  );
  writeFileSync(join(folder, 'headlines-fr', 'day.csv'), `${french.join('\n')}\n`);
}

const data = join(root, 'shared', 'search');
writeCollection(data);
writeHeadlines(join(root, 'shared'));

type Quality = { ndcg10: number; recall100: number };
type Printed = Record<'sparse' | 'dense' | 'hybrid' | 'bm25', Quality> & {
  known_item: Record<string, { all: Record<string, { mrr10: number; success10: number }> }>;
  bars: { name: string; met: boolean }[];
};

test('a plain collection is searched well by every method, known items are found, twice the same', async () => {
  const report = await evaluation.run(['--data', data]);
  const printed = JSON.parse(toJson(report)) as Printed;
  assert.deepEqual(Object.keys(printed).slice(0, 4), ['sparse', 'dense', 'hybrid', 'bm25']);
  for (const method of ['sparse', 'dense', 'hybrid', 'bm25'] as const) {
    const { ndcg10, recall100 } = printed[method];
    assert.ok(ndcg10 > 0.5 && ndcg10 <= 1, `${method}: ndcg10 ${ndcg10}`);
    assert.ok(recall100 > 0.9 && recall100 <= 1, `${method}: recall100 ${recall100}`);
  }
  assert.equal(printed.bm25.ndcg10, 1);
  assert.deepEqual(Object.keys(printed.known_item), ['en', 'fr']);
  for (const { all } of Object.values(printed.known_item)) assert.ok(all['sparse']!.success10 > 0.9);
  assert.deepEqual(
    printed.bars.map(({ name }) => name),
    ['hybrid nDCG@10', 'known-item MRR@10, en', 'known-item MRR@10, fr'],
  );
  assert.equal(toJson(await evaluation.run(['--data', data])), toJson(report));
});

test('for people: a table, the bars, how queries are numbered, what the other fusions come to', async () => {
  const text = toText(await evaluation.run(['--data', data, '--fusions']));
  assert.match(text, /ndcg10 +recall100\nAFK, hybrid/);
  assert.match(text, /Known items, French: .*dropped \d+/);
  assert.match(text, /bar: known-item MRR@10, en .*, at least 0\.85: (?:met|NOT met)/);
  assert.match(text, /Judgements call their queries by/);
  assert.match(text, /\(as it is\)/);
});

test('without headlines beside it there is no known-item search, and it says so', async () => {
  const lone = join(root, 'lone', 'search');
  writeCollection(lone);
  const report = await evaluation.run(['--data', lone]);
  assert.deepEqual(report.bars?.length, 1);
  assert.match(
    toText(report),
    /No known-item search: no stories-en\/\*\.csv or headlines-fr\/\*\.csv in .*lone/,
  );
});

test('rubbish is refused by name', async () => {
  await assert.rejects(evaluation.run(['--data', '/nowhere']), /\/nowhere: no such folder/);
  await assert.rejects(evaluation.run(['--data', root]), /no file of documents/);
  await assert.rejects(evaluation.run(['--data', data, '--headlines', '/nowhere']), /--headlines \/nowhere/);
  await assert.rejects(evaluation.run(['--data', data, '--language', 'de']), /--language de/);
  await assert.rejects(evaluation.run(['--date', data]), /--date/);
});
