// node services/classifier-bridge/eval/pooling.ts <uci-news-aggregator.csv>
//
// How to make one category of a story's headlines: n headlines count as n^pool independent ones. For each
// pool: the share of gold stories that get their category when only the file's four are allowed, and, of
// all 17, how many are right and how many stay below the threshold (unsure).
import { readFileSync } from 'node:fs';
import { labels, linearOpinions, type Opinion } from '../src/domain/opinion.ts';
import { pooled } from '../src/domain/verdict.ts';
import { trainShipped } from '../src/shipped.ts';

const THRESHOLD = 0.3;
const PER_STORY = 25;
const categories: Record<string, string> = {
  economy_business_finance: 'b',
  science_technology: 't',
  arts_culture_entertainment: 'e',
  health: 'm',
};

const [file] = process.argv.slice(2);
if (!file) throw new Error('usage: pooling.ts <uci-news-aggregator.csv>');
const model = trainShipped();
const allowed = labels.map((label) => categories[label]);
const stories = readStories(readFileSync(file, 'utf8'));

for (const pool of [0, 0.3, 0.5, 1]) {
  let restricted = 0;
  let right = 0;
  let unsure = 0;
  for (const { category, titles } of stories) {
    const shares = pooled(opinionsOf(titles.slice(0, PER_STORY)), pool);
    const best = argmax(shares);
    if (allowed[argmax(shares.map((s, i) => (allowed[i] ? s : -1)))] === category) restricted++;
    if (shares[best]! < THRESHOLD) unsure++;
    else if (allowed[best] === category) right++;
  }
  const share = (restricted / stories.length).toFixed(3);
  console.log(JSON.stringify({ pool, stories: stories.length, restricted: Number(share), right, unsure }));
}

function opinionsOf(titles: readonly string[]): Opinion[] {
  return linearOpinions(
    model,
    titles.map((text) => ({ text, language: 'en' })),
  );
}

function argmax(values: Opinion): number {
  return values.indexOf(Math.max(...values));
}

/** Titles by STORY (column 5), with the story's CATEGORY (column 4); quoted fields may hold commas. */
function readStories(csv: string): { category: string; titles: string[] }[] {
  const stories = new Map<string, { category: string; titles: string[] }>();
  for (const line of csv.split('\n').slice(1)) {
    const fields = [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map((m) => m[1]!.replaceAll('"', ''));
    const [, title, , , category, story] = fields;
    if (!title || !category || !story) continue;
    const known = stories.get(story) ?? { category, titles: [] };
    known.titles.push(title);
    stories.set(story, known);
  }
  return [...stories.values()];
}
