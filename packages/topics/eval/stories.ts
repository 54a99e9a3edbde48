// node packages/topics/eval/stories.ts <csv> [<headerless csv of other headlines, mixed in but not scored>]
//
// Groups the headlines of a UCI News Aggregator file (columns TITLE, PUBLISHER, STORY, TIMESTAMP, by header) and
// compares the topics with STORY. A headline in no topic counts as a group of its own.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { buildTopics } from '../src/index.ts';
import type { Doc } from '../src/index.ts';
import { parseCsv } from './csv.ts';
import { ari, nmi } from './metrics.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { threshold: { type: 'string' }, show: { type: 'string', default: '0' } },
});
const [file, mixedFile] = positionals;
if (file === undefined) throw new Error('usage: stories.ts <csv> [<other csv>] [--threshold t] [--show n]');

const [header = [], ...lines] = parseCsv(readFileSync(file, 'utf8'));
// A truncated last line has fewer fields.
const rows = lines.filter((line) => line.length === header.length);
const column = (name: string): number => header.indexOf(name);
const docs = rows.map((row, i): Doc => ({
  id: `gold-${i}`,
  title: row[column('TITLE')] ?? '',
  language: 'en',
  publishedAt: Number(row[column('TIMESTAMP')]),
  publisher: row[column('PUBLISHER')] ?? '',
}));
const gold = rows.map((row) => row[column('STORY')] ?? '');
// Headline first, time second; set to the time of the first file, so that the two truly mix.
const others = mixedFile === undefined ? [] : parseCsv(readFileSync(mixedFile, 'utf8'));
const all = docs.concat(
  others.map((row, i) => ({
    id: `other-${i}`,
    title: row[0] ?? '',
    language: 'fr',
    publishedAt: docs[i % docs.length]?.publishedAt ?? 0,
    publisher: row[3] ?? '',
  })),
);

const start = performance.now();
const threshold = values.threshold === undefined ? {} : { threshold: Number(values.threshold) };
const topics = buildTopics(all, threshold);
const seconds = (performance.now() - start) / 1000;

const found = all.map((_, i) => `alone-${i}`);
for (const [t, topic] of topics.entries()) for (const member of topic.members) found[member] = `topic-${t}`;
const scored = found.slice(0, docs.length);
console.log(
  JSON.stringify({
    headlines: all.length,
    nmi: Number(nmi(gold, scored).toFixed(4)),
    ari: Number(ari(gold, scored).toFixed(4)),
    clusters: new Set(scored).size,
    gold: new Set(gold).size,
    topics: topics.length,
    seconds: Number(seconds.toFixed(2)),
  }),
);
for (const topic of topics.slice(0, Number(values.show))) {
  console.log(`${topic.members.length}  ${all[topic.central]?.title}  [${topic.keywords.join(', ')}]`);
}
