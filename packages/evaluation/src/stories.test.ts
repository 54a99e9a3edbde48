import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { evaluation as lineage } from './lineage.ts';
import { toJson, toText } from './report.ts';
import { evaluation as stories } from './stories.ts';

const folder = mkdtempSync(join(tmpdir(), 'afk-evaluation-'));
after(() => rmSync(folder, { recursive: true }));

const TITLES = {
  volcano: [
    'Volcano erupts in Iceland, flights grounded',
    'Iceland volcano: flights grounded',
    'Iceland volcano grounds flights',
  ],
  pensions: [
    'Parliament votes on the pension reform',
    'Pension reform: parliament votes',
    'Pension reform passes in parliament',
  ],
  chess: ['Chess champion loses title in Toronto'],
};

const lines = Object.entries(TITLES).flatMap(([story, titles]) => {
  return titles.map((title, i) => ({ story, title, at: 1_400_000_000_000 + i * 3_600_000 }));
});

function fileOf(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const csv = (): string =>
  fileOf(
    'news.csv',
    `STORY,TITLE,TIMESTAMP\n${lines.map((l) => `${l.story},"${l.title}",${l.at}\n`).join('')}`,
  );

test('eval:stories on a CSV: perfect on plain stories, baselines and published figures beside', async () => {
  const report = await stories.run(['--data', csv()]);
  const { seconds, ...figures } = JSON.parse(toJson(report)) as Record<string, unknown>;
  assert.ok(typeof seconds === 'number');
  const { baselines, published, ...ours } = figures as {
    baselines: { name: string }[];
    published: unknown[];
  };
  assert.deepEqual(ours, { nmi: 1, ari: 1, bcubed_f1: 1, clusters: 3, gold: 3, lone_kept: 1 });
  assert.deepEqual(
    baselines.map(({ name }) => name.split(',')[0]),
    ['TF-IDF', 'AFK'],
  );
  assert.ok(published.length > 3);
  // Two stories of two hours, one of none.
  assert.match(toText(report), /120\.0 minutes in the median, 120\.0 at most/);
});

test('eval:stories on JSON lines says that time plays no part', async () => {
  const text = lines
    .map((l, i) => JSON.stringify({ Id: String(i), clusterNo: l.story, textCleaned: l.title }))
    .join('\n');
  const report = await stories.run(['--data', fileOf('news.jsonl', text)]);
  assert.equal(report.ours.figures['nmi'], 1);
  assert.deepEqual(report.baselines.length, 1);
  assert.match(toText(report), /tells no times/);
  await assert.rejects(
    lineage.run(['--data', fileOf('news.jsonl', text)]),
    /news\.jsonl: no times \(TIMESTAMP\)/,
  );
});

test('eval:lineage: all four figures, ours and of the baselines', async () => {
  const report = await lineage.run(['--data', csv()]);
  for (const { figures } of [report.ours, ...report.baselines]) {
    for (const name of ['continuity', 'purity', 'nmi_incremental', 'nmi_batch']) {
      assert.ok(figures[name]! > 0 && figures[name]! <= 1, `${name} ${figures[name]}`);
    }
  }
  assert.equal(report.ours.figures['continuity'], 1);
  assert.equal(report.baselines.length, 3);
});

test('without data both say how they are called', async () => {
  await assert.rejects(stories.run([]), /eval:stories --data FILE/);
  await assert.rejects(lineage.run([]), /eval:lineage --data FILE/);
  await assert.rejects(stories.run(['--data', join(folder, 'none.csv')]), /none\.csv/);
  await assert.rejects(stories.run(['--date', 'x']), /--date/);
});
