import { parseArgs } from 'node:util';
import { randomOf } from '@afk/text';
import { groupStories } from '@afk/topics';
import { readGoldHeadlines } from './data/headlines.ts';
import type { GoldHeadline } from './data/headlines.ts';
import { HOUR, incremental, regrouped, replay, WINDOW } from './lineage/replay.ts';
import type { Method } from './lineage/replay.ts';
import { nmi } from './metrics/clusterings.ts';
import type { Evaluation, Row } from './report.ts';

/** How late a headline comes when a story is spread out: exponential, as independent papers take it up. */
const DELAY = { mean: 4 * HOUR, most: 60 * HOUR, seed: 1 };

const usage = `eval:lineage --data FILE [--language en|fr|und]
  FILE: a CSV of headlines with their gold stories and times: TITLE, STORY, TIMESTAMP (milliseconds), PUBLISHER.`;

export const evaluation: Evaluation = {
  usage,
  run: async (args) => {
    const { values } = parseArgs({
      args,
      options: { data: { type: 'string' }, language: { type: 'string', default: 'en' } },
    });
    if (values.data === undefined) throw new Error(usage);
    const { headlines, timed } = readGoldHeadlines(values.data, values.language);
    if (!timed) throw new Error(`${values.data}: no times (TIMESTAMP), nothing to replay`);
    const late = spreadOut(headlines);
    const [batch, lateBatch] = [batchNmi(headlines), batchNmi(late)];
    const row = (name: string, of: readonly GoldHeadline[], method: Method): Row => {
      return { name, figures: { ...replay(of, method, of === late ? lateBatch : batch) } };
    };
    return {
      title: `Lineage of stories: ${headlines.length} headlines, hour by hour`,
      ours: row('AFK', headlines, incremental()),
      baselines: [
        row('grouped from scratch, matched by overlap', headlines, regrouped()),
        row('spread: AFK', late, incremental()),
        row('spread: grouped from scratch, matched', late, regrouped()),
      ],
      published: [],
      notes,
    };
  },
};

const notes = [
  `continuity: of the pairs of consecutive hours in both of which a gold story has headlines in the window (${WINDOW / HOUR} h), the share in which`,
  'the id of most of them stays, or goes into the next by a recorded merge; continuity_growing: those pairs alone in which it gained.',
  'purity, nmi_incremental: of the ids in the end (or when a headline left the window); nmi_batch: all headlines grouped at once.',
  `spread: each headline comes later by an exponential delay (mean ${DELAY.mean / HOUR} h, at most ${DELAY.most / HOUR} h, seed ${DELAY.seed}). The times of the`,
  'UCI file are those at which an aggregator wrote whole stories down, so that no story of it ever grows: this one is the harder case.',
  'seconds: the replay, all hours.',
];

function spreadOut(headlines: readonly GoldHeadline[]): GoldHeadline[] {
  const random = randomOf(DELAY.seed);
  return headlines.map(({ doc, gold }) => {
    const delay = Math.min(DELAY.most, -Math.log(1 - random.uniform()) * DELAY.mean);
    return { doc: { ...doc, publishedAt: doc.publishedAt + Math.round(delay) }, gold };
  });
}

function batchNmi(headlines: readonly GoldHeadline[]): number {
  const storyOf = new Map<string, string>();
  const docs = headlines.map(({ doc }) => doc);
  for (const { id, members } of groupStories(docs, { minSize: 1, windowMs: Infinity })) {
    for (const member of members) storyOf.set(member, id);
  }
  return nmi(
    headlines.map(({ gold }) => gold),
    docs.map(({ id }) => storyOf.get(id)!),
  );
}
