import { randomUUID } from 'node:crypto';
import {
  beginBatch,
  saveFeeds,
  saveHeadlines,
  type NewHeadline,
  type Pool,
  type TrendRow,
} from '../index.ts';

const HOUR = 3_600_000;
const now = Date.parse('2026-01-31T10:00:00Z');
/** Hours from the clock of these tests. */
export const hours = (n: number): Date => new Date(now + n * HOUR);

/** A headline of this number: the same number gives the same id and key. */
export function headline(n: number, more: Partial<NewHeadline> = {}): NewHeadline {
  return {
    id: headlineId(n),
    key: `key-${n}`,
    title: `Headline ${n}`,
    url: `https://lamp.example/${n}`,
    summary: '',
    publisher: 'The Lamp',
    language: 'en',
    publishedAt: hours(-n),
    ...more,
  };
}
export const headlineId = (n: number): string => `20000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
export const trendId = (n: number): string => `10000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

export function trend(n: number, members: readonly number[], more: Partial<TrendRow> = {}): TrendRow {
  return {
    id: trendId(n),
    label: `Trend ${n}`,
    central: headlineId(members[0] ?? 0),
    keywords: ['water', 'l’eau "vive"'],
    languages: ['en', 'fr'],
    status: 'rising',
    score: 1.5,
    velocity: -0.25,
    acceleration: 0.125,
    z: 1.5,
    burst: { weight: 4.5, since: hours(-3) },
    headlines: members.length,
    publishers: 1,
    sparkline: [0, 1, 2],
    firstSeen: hours(-20),
    lastSeen: hours(-1),
    demo: false,
    members: members.map(headlineId),
    points: [],
    ...more,
  };
}

/** Begins a batch. @returns its id */
export async function batch(db: Pool, asOf: Date = hours(0)): Promise<string> {
  const id = randomUUID();
  await beginBatch(db, { id, triggerId: `trigger-${id}`, correlationId: `run-${id}`, asOf });
  return id;
}

/** Stores a feed with these headlines. @returns the feed's id */
export async function store(
  db: Pool,
  headlines: readonly NewHeadline[],
  { source = 'opml', url = 'https://lamp.example/rss' }: { source?: 'opml' | 'demo'; url?: string } = {},
): Promise<string> {
  await saveFeeds(db, [{ url, title: 'The Lamp', language: 'en' }], { source, at: hours(-100) });
  const { rows } = await db.query<{ id: string }>('select id from feeds where url = $1', [url]);
  const feedId = rows[0]!.id;
  const context = { feedId, batchId: randomUUID(), seenAt: hours(0), demo: source === 'demo' };
  await saveHeadlines(db, headlines, context);
  return feedId;
}
