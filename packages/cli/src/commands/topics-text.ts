import type { ArchiveHeadline } from '@afk/database';
import type { FoundTopic, FoundTopics, Keyword } from '@afk/topics';
import { table } from '../output.ts';

const BLOCKS = '▁▂▃▄▅▆▇█';
const SHOWN_KEYWORDS = 6;

/** Topics as a person reads them: under what they belong to, with their course and a headline that stands for them. */
export function tellTopics(
  { topics, parents, outliers, time }: FoundTopics,
  headlines: readonly ArchiveHeadline[],
  from: Date,
  until: Date,
): string {
  const span = `${day(from)} to ${day(until)}`;
  if (headlines.length === 0) return `no headlines from ${span}`;
  if (topics.length === 0) return `${headlines.length} headlines from ${span}: no topic among them`;
  const title = (topic: FoundTopic): string => headlines[topic.representatives[0]!]!.title;
  const rows = parents.flatMap((parent) => [
    [String(parent.size), '', words(parent.keywords).toUpperCase(), ''],
    ...parent.topics
      .map((t) => topics[t]!)
      .map((topic) => [
        `  ${topic.size}`,
        time ? course(topic.shares) : '',
        words(topic.keywords),
        title(topic),
      ]),
  ]);
  const count = `${topics.length} topics in ${parents.length} groups`;
  const note = `${headlines.length} headlines from ${span}: ${count}, ${outliers.length} headlines in none`;
  return [note, '', table([['', time ? 'share' : '', 'about', 'such as'], ...rows], 70)].join('\n');
}

const words = (keywords: readonly Keyword[]): string =>
  keywords
    .slice(0, SHOWN_KEYWORDS)
    .map(({ word }) => word)
    .join(', ');

/** A bar a bucket, as high as its share of all headlines then. */
function course(shares: readonly number[]): string {
  const most = Math.max(...shares, Number.MIN_VALUE);
  return shares.map((share) => (share === 0 ? ' ' : BLOCKS[Math.ceil((share / most) * 8) - 1]!)).join('');
}

const day = (date: Date): string => date.toISOString().slice(0, 10);
