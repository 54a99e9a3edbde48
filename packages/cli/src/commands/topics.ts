import { categoryIds } from '@afk/contracts';
import { archiveOf, type ArchiveHeadline } from '@afk/database';
import { findTopicsAsync, type FoundTopics } from '@afk/topics';
import { Option, type Command } from 'commander';
import { momentOf } from '../period.ts';
import type { Act } from '../program.ts';
import { tellTopics } from './topics-text.ts';

type Options = {
  since: string;
  until?: string;
  k: string;
  language?: string;
  category?: string;
  outliers: 'keep' | 'assign';
  buckets: string;
  min: string;
  seed: string;
};

/** The archive in topics: what has been told of over weeks and months, where trends tell of the last days. */
export function topicsCommand(program: Command, act: Act): void {
  program
    .command('topics')
    .description('Find what the headlines of a longer time are about, in two levels, and when')
    .option('--since <period>', 'how far back, or from when: 36h, 30d, 2w, 2026-01-31', '30d')
    .option('--until <period>', 'up to when; default: now')
    .option('--k <n>', 'so many topics, or "auto": as many as there are', 'auto')
    .option('--language <language>', 'of this language only: fr, en')
    .addOption(new Option('--category <id>', 'of this category only').choices(categoryIds))
    .addOption(
      new Option('--outliers <what>', 'headlines far from every topic: keep them out, or assign them')
        .choices(['keep', 'assign'])
        .default('keep'),
    )
    .option('--buckets <n>', 'of time, from the first headline to the last', '12')
    .option('--min <n>', 'headlines that make a topic', '5')
    .option('--seed <n>', 'the same seed gives the same topics', '1')
    .action(
      act(async ({ connections, out }, options: Options) => {
        const now = new Date();
        const from = momentOf('--since', options.since, now);
        const until = options.until === undefined ? now : momentOf('--until', options.until, now);
        if (from >= until) throw new Error(`--since ${options.since}: not before --until ${options.until}`);
        const headlines = await archiveOf(connections.db(), from, until, options);
        const found = await findTopicsAsync(headlines.map(toDoc), {
          k: options.k === 'auto' ? 'auto' : Number(options.k),
          outliers: options.outliers,
          buckets: Number(options.buckets),
          minSize: Number(options.min),
          seed: Number(options.seed),
        });
        out.data({ from, until, ...asData(found, headlines) }, () =>
          tellTopics(found, headlines, from, until),
        );
      }),
    );
}

const toDoc = ({ id, title, summary, language, publishedAt }: ArchiveHeadline) => ({
  id,
  title,
  text: summary,
  language,
  publishedAt: publishedAt.getTime(),
});

/** As JSON: headlines by id, with the titles of those that stand for a topic. */
function asData({ topics, parents, outliers, time }: FoundTopics, headlines: readonly ArchiveHeadline[]) {
  const idOf = (i: number): string => headlines[i]!.id;
  return {
    headlines: headlines.length,
    topics: topics.map(({ members, representatives, ...topic }) => ({
      ...topic,
      representatives: representatives.map((i) => ({ id: idOf(i), title: headlines[i]!.title })),
      members: members.map(idOf),
    })),
    parents,
    outliers: outliers.map(idOf),
    time: time && { from: new Date(time.from), width_minutes: time.width / 60_000, totals: time.totals },
  };
}
