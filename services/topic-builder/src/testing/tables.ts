import type { NewHeadline } from '@afk/database';
import type { bench } from './bench.ts';
import { seasonEnd } from './demo.ts';

export const HOUR = 3_600_000;
/** So many hours into the season of the demo, which has 72. */
export const hour = (n: number): Date => new Date(seasonEnd.getTime() - (72 - n) * HOUR);

/** Takes away what a test leaves behind. */
export const EMPTY = 'truncate feeds, batches, trends, stories, story_window, story_mergers cascade';

/** So many headlines of one title, a letter apart, a minute after the other from the 60th hour on. */
export const story = (from: number, title: string, n: number): NewHeadline[] =>
  Array.from({ length: n }, (_, i) => ({
    id: `30000000-0000-4000-8000-${String(from + i).padStart(12, '0')}`,
    key: `k${from + i}`,
    title: `${title} ${'abcdefghij'[i]}`,
    url: `https://a.example/${from + i}`,
    summary: '',
    publisher: `P${i}`,
    language: 'en',
    publishedAt: new Date(hour(60).getTime() + i * 60_000),
  }));

/** What a bench's database holds, and the runs that fill it. */
export function tablesOf(b: Awaited<ReturnType<typeof bench>>) {
  const rows = async (sql: string, ...values: unknown[]) => (await b.db.query(sql, values)).rows;
  /** All that the second step writes. */
  const written = async () => [
    await rows('select * from trends order by id'),
    await rows('select * from trend_headlines order by headline_id'),
    await rows('select * from trend_points order by trend_id, at'),
    await rows('select * from trend_events order by trend_id, at, kind, other_id'),
  ];
  /** All that the first step writes. */
  const grouped = async () => [
    await rows('select * from story_window'),
    await rows('select * from stories order by id'),
    await rows('select * from story_headlines order by headline_id'),
    await rows('select * from story_mergers order by from_id'),
  ];
  const topics = async (): Promise<string[][]> =>
    (
      await rows(`select array_agg(headline_id::text) as members from story_headlines
                   group by story_id having count(*) > 1`)
    ).map((r) => r.members as string[]);
  const runAt = async (asOf: Date) => {
    const id = await b.batch(asOf);
    return { id, ...(await b.run(id)) };
  };
  const currentIn = async (batch: string): Promise<string[]> =>
    (await rows('select id from trends where updated_batch = $1', batch)).map((r) => r.id as string);
  /** What a trend's life is told as, oldest first. */
  const tales = async (trend: string): Promise<string[]> =>
    (
      await rows(
        'select kind, other_id, headlines from trend_events where trend_id = $1 order by at, kind',
        trend,
      )
    ).map((e) => `${e.kind} ${e.other_id ?? '-'} ${e.headlines}`);

  return { rows, written, grouped, topics, runAt, currentIn, tales };
}
