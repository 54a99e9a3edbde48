import { randomUUID } from 'node:crypto';
import {
  beginBatch,
  noteBatch,
  noteFetch,
  saveCategories,
  saveFeeds,
  saveFlow,
  saveHeadlines,
  saveTrendCategories,
  saveTrends,
  type Pool,
  type TrendRow,
} from '@afk/database';

const HOUR = 3_600_000;
/** The clock of the run whose trends are current; `hours(-1)` is an hour before. */
export const now = Date.parse('2026-01-31T10:00:00Z');
export const hours = (n: number): Date => new Date(now + n * HOUR);

export const ids = {
  past: '00000000-0000-4000-8000-00000000000a',
  current: '00000000-0000-4000-8000-00000000000b',
  running: '00000000-0000-4000-8000-00000000000c',
  flood: '10000000-0000-4000-8000-000000000001',
  budget: '10000000-0000-4000-8000-000000000002',
  merged: '10000000-0000-4000-8000-000000000003',
  old: '10000000-0000-4000-8000-000000000004',
};
export const headline = (n: number): string => `20000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** Title, language, publisher, hours from now, trend. The last but one is dated in the future. */
const headlines = [
  ['River over its banks', 'en', 'The Lamp', -2, ids.flood],
  ['La rivière déborde', 'fr', 'Le Phare', -5, ids.flood],
  ['Rain for a week', 'en', 'The Lamp', -90, ids.flood],
  ['Budget: a vote at dawn', 'en', 'The Lamp', -1, ids.budget],
  ['An election of long ago', 'en', 'The Bell', -400, ids.old],
  ['Of tomorrow', 'en', 'The Bell', 30, null],
  ['Alone', 'en', 'The Bell', -3, null],
] as const;

const trend = (id: string, score: number, more: Partial<TrendRow> = {}): TrendRow => ({
  id,
  label: `label of ${id}`,
  central: headline(0),
  keywords: ['water'],
  languages: ['en'],
  status: 'rising',
  score,
  velocity: 0.5,
  acceleration: 0.25,
  z: 1.5,
  burst: { weight: 0, since: null },
  headlines: 1,
  publishers: 1,
  sparkline: Array.from({ length: 24 }, () => 0),
  firstSeen: hours(-90),
  lastSeen: hours(-2),
  demo: false,
  members: [],
  points: [],
  ...more,
});

/** Two runs that built trends, a third that has just begun. */
export async function makeWorld(db: Pool): Promise<void> {
  await saveWorldFeeds(db);
  await begin(db, ids.past, -300);
  await saveWorldHeadlines(db);
  await saveTrends(db, ids.past, pastTrends(), []);
  await noteBatch(db, { id: ids.past, status: 'complete', at: new Date(), headlines: 5, trends: 2 });
  await begin(db, ids.current, 0);
  await saveTrends(db, ids.current, currentTrends(), [{ from: ids.merged, into: ids.flood }]);
  await saveTrendCategories(db, 'test', [
    { id: ids.flood, category: 'disaster_accident', probability: 0.75 },
  ]);
  await begin(db, ids.running, 1);
}

async function begin(db: Pool, id: string, at: number): Promise<void> {
  await beginBatch(db, { id, triggerId: `trigger-${id}`, correlationId: `run-${id}`, asOf: hours(at) });
}

async function saveWorldFeeds(db: Pool): Promise<void> {
  const feed = (url: string, title: string) => ({ url, title, language: 'en' });
  const at = hours(-500);
  await saveFeeds(db, [feed('https://gone.example/rss', 'Gone')], { source: 'opml', at });
  const kept = [feed('https://lamp.example/rss', 'The Lamp'), feed('https://phare.example/rss', '')];
  await saveFeeds(db, kept, { source: 'opml', at, exclusive: true });
  await noteFetch(db, '2', hours(-1), { state: 'not_modified' });
  await noteFetch(db, '3', hours(-1), { state: 'failing', error: 'HTTP 500' });
}

async function saveWorldHeadlines(db: Pool): Promise<void> {
  const rows = headlines.map(([title, language, publisher, at], n) => ({
    id: headline(n),
    key: `key-${n}`,
    title,
    language,
    publisher,
    summary: '',
    url: `https://lamp.example/${n}`,
    publishedAt: hours(at),
  }));
  await saveHeadlines(db, rows, { feedId: '2', batchId: ids.past, seenAt: hours(0), demo: false });
  await saveCategories(db, 'test', [
    { id: headline(0), category: 'disaster_accident', probability: 0.9 },
    { id: headline(3), category: 'politics', probability: 0.8 },
    { id: headline(4), category: 'a_category_of_another_age', probability: 0.8 },
    { id: headline(6), category: null, probability: 0.1 },
  ]);
}

const members = (id: string): string[] => headlines.flatMap((h, n) => (h[4] === id ? [headline(n)] : []));

function pastTrends(): TrendRow[] {
  const points = [
    { at: new Date('2026-01-14T18:00:00Z'), minutes: 180, count: 1 },
    { at: new Date('2026-01-15T03:00:00Z'), minutes: 180, count: 2 },
  ];
  return [trend(ids.old, 9, { members: members(ids.old), points }), trend(ids.merged, 8)];
}

function currentTrends(): TrendRow[] {
  const points = [
    { at: new Date('2026-01-27T15:00:00Z'), minutes: 180, count: 1 },
    { at: new Date('2026-01-31T03:00:00Z'), minutes: 180, count: 1 },
    { at: new Date('2026-01-31T06:00:00Z'), minutes: 180, count: 1 },
  ];
  const flood = {
    members: members(ids.flood),
    points,
    languages: ['en', 'fr'],
    headlines: 2,
    publishers: 2,
    burst: { weight: 4.5, since: hours(-5) },
  };
  return [trend(ids.budget, 1, { members: members(ids.budget) }), trend(ids.flood, 5, flood)];
}

export type Heard = {
  channel: string;
  event: string;
  seconds: number;
  fields?: object;
  batchId?: string | null;
};

/** Puts events of a run in the flow log, heard 10 ms after they were emitted. @returns their ids */
export async function hear(
  db: Pool,
  batchId: string,
  start: Date,
  heard: readonly Heard[],
): Promise<string[]> {
  const rows = heard.map(({ channel, event, seconds, fields, batchId: own = batchId }) => {
    const eventId = randomUUID();
    const sent = new Date(start.getTime() + 1000 * seconds);
    return {
      at: new Date(sent.getTime() + 10),
      channel,
      event,
      eventId,
      batchId: own,
      correlationId: `run-${batchId}`,
      payload: { event, id: eventId, timestamp: sent.toISOString(), ...fields },
      raw: null,
    };
  });
  await saveFlow(db, rows);
  return rows.map((r) => r.eventId);
}
