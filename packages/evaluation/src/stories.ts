import { parseArgs } from 'node:util';
import { groupStories } from '@afk/topics';
import type { Doc, GroupOptions } from '@afk/topics';
import { LEADER_THRESHOLD, leaderGroups } from './baselines/leader.ts';
import { readGoldHeadlines } from './data/headlines.ts';
import type { GoldHeadlines } from './data/headlines.ts';
import { loneKept } from './lone.ts';
import { median } from './metrics/median.ts';
import { ari, bcubedF1, nmi } from './metrics/clusterings.ts';
import type { Evaluation, Row } from './report.ts';

const usage = `eval:stories --data FILE [--language en|fr|und]
  FILE: headlines with their gold stories: a CSV with the columns TITLE and STORY (PUBLISHER, TIMESTAMP in milliseconds), or
  JSON lines of {"Id", "clusterNo", "textCleaned"}.`;

const published: Row[] = [
  ['TF-IDF, average linkage at .93', 0.843, 0.689],
  ['LSA-200, average linkage at .8', 0.856, 0.726],
  ['half TF-IDF, half LSA-100, merged', 0.875, 0.758],
].map(([name, nmi, ari]) => ({
  name: `UCI: ${name as string}`,
  figures: { nmi: nmi as number, ari: ari as number, gold: 87 },
  source: 'measured on the 6,366 English headlines before this project began; memory quadratic',
}));
published.push(
  {
    name: 'Google News: GSDMM',
    figures: { nmi: 0.874, ari: 69.3 / 100, gold: 152 },
    source: 'Google News titles (152 stories), as published',
  },
  {
    name: 'Google News: MStreamF',
    figures: { nmi: 0.873, gold: 152 },
    source: 'the same titles, as published',
  },
  {
    name: 'Google News: TF-IDF, average linkage',
    figures: { nmi: 0.86, ari: 0.674, gold: 152 },
    source: 'the same titles, measured before this project began',
  },
);

export const evaluation: Evaluation = {
  usage,
  run: async (args) => {
    const { values } = parseArgs({
      args,
      options: { data: { type: 'string' }, language: { type: 'string', default: 'en' } },
    });
    if (values.data === undefined) throw new Error(usage);
    const data = readGoldHeadlines(values.data, values.language);
    const ours: Row = { name: 'AFK', figures: measure(data, (docs) => inStories(docs)) };
    const baselines: Row[] = [
      {
        name: `TF-IDF, leader at ${LEADER_THRESHOLD}`,
        figures: measure(data, (docs) => leaderGroups(docs).map(String)),
      },
    ];
    if (data.timed) {
      const timeless = (docs: Doc[]): string[] => inStories(docs, { silenceHalfLifeMs: Infinity });
      baselines.push({ name: 'AFK, blind to time', figures: measure(data, timeless) });
    }
    const title = `Stories in ${data.headlines.length} headlines`;
    return { title, ours, baselines, published, notes: notesOn(data) };
  },
};

function measure({ headlines }: GoldHeadlines, group: (docs: Doc[]) => string[]): Row['figures'] {
  const gold = headlines.map((headline) => headline.gold);
  const start = performance.now();
  const found = group(headlines.map(({ doc }) => doc));
  const seconds = (performance.now() - start) / 1000;
  return {
    nmi: nmi(gold, found),
    ari: ari(gold, found),
    bcubed_f1: bcubedF1(gold, found),
    clusters: new Set(found).size,
    gold: new Set(gold).size,
    seconds,
    lone_kept: loneKept(headlines, group),
  };
}

/** Name of each headline's story; one that is alone is a story of its own. */
function inStories(docs: readonly Doc[], options: GroupOptions = {}): string[] {
  const storyOf = new Map<string, string>();
  for (const { id, members } of groupStories(docs, { ...options, minSize: 1 })) {
    for (const member of members) storyOf.set(member, id);
  }
  return docs.map(({ id }) => storyOf.get(id)!);
}

function notesOn({ headlines, timed, unreadable }: GoldHeadlines): string[] {
  const notes = [
    'A headline that stands alone counts as a story of its own.',
    'lone_kept: given one headline of every gold story and nothing else, the share of them that is left alone (three draws).',
  ];
  if (unreadable > 0)
    notes.push(`Lines left out because they cannot be read (a file that was cut off): ${unreadable}.`);
  if (!timed)
    return [...notes, 'The file tells no times: every headline is of the same moment, time plays no part.'];
  const spans = [...Map.groupBy(headlines, ({ gold }) => gold).values()].map((story) =>
    spanOf(story.map(({ doc }) => doc)),
  );
  return [
    ...notes,
    `From a gold story's first headline to its last: ${minutes(median(spans))} minutes in the median, ${minutes(Math.max(...spans))} at most.`,
    'Where that is minutes, the times are those at which an aggregator wrote whole stories down, not those of the papers, and',
    'they give the stories away: "blind to time" is then the honest figure.',
  ];
}

const spanOf = (docs: readonly Doc[]): number => {
  const times = docs.map(({ publishedAt }) => publishedAt).sort((a, b) => a - b);
  return times.at(-1)! - times[0]!;
};

const minutes = (ms: number): string => (ms / 60_000).toFixed(1);
