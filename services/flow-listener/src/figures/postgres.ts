import { eventsOfBatch, type Pool, type Queryable } from '@afk/database';
import type { Sample } from '@afk/runtime';
import type { Name } from './names.ts';
import { stagesOf } from './stages.ts';

type Row = {
  runs: Record<string, number>;
  feeds: Record<string, number>;
  headlines: number;
  bytes: number;
};

const RUNS = ['running', 'complete', 'failed'];
const FEEDS = ['new', 'ok', 'not_modified', 'failing'];

/** One question of what is counted; `json` of counts by state. */
const counted = `select
    (select coalesce(json_object_agg(status, n), '{}') from (
       select status, count(*)::int as n from batches where started_at > now() - interval '1 day' group by status
     ) as r) as runs,
    (select coalesce(json_object_agg(state, n), '{}') from (
       select state, count(*)::int as n from feeds where active group by state) as f) as feeds,
    (select count(*)::int from headlines) as headlines,
    pg_database_size(current_database())::float8 as bytes`;

type Last = { id: string; correlation_id: string; finishedAt: Date; headlines: number | null };

async function lastRun(db: Queryable): Promise<Last | undefined> {
  const { rows } = await db.query<Last>(
    `select id, correlation_id, finished_at as "finishedAt", headlines from batches
      where status = 'complete' order by finished_at desc limit 1`,
  );
  return rows[0];
}

/** Every known state has a series, be it of 0: one that appears late has no past to compare with. */
const byState = (
  name: Name,
  label: string,
  known: readonly string[],
  counts: Record<string, number>,
): Sample<Name>[] => known.map((state) => ({ name, labels: { [label]: state }, value: counts[state] ?? 0 }));

async function samplesOfRun(db: Pool): Promise<Sample<Name>[]> {
  const last = await lastRun(db);
  // 0, as before any run: the alarm for a run that is late holds for one that never was, too.
  if (!last) return [{ name: 'afk_last_run_timestamp_seconds', value: 0 }];
  const { stages, seconds } = stagesOf(await eventsOfBatch(db, last));
  return [
    { name: 'afk_last_run_timestamp_seconds', value: last.finishedAt.getTime() / 1000 },
    { name: 'afk_last_run_headlines', value: last.headlines ?? 0 },
    // The flow log is trimmed before the runs are.
    ...(seconds === undefined ? [] : [{ name: 'afk_last_run_seconds' as const, value: seconds }]),
    ...stages.map(({ stage, seconds: value }): Sample<Name> => {
      return { name: 'afk_last_run_stage_seconds', labels: { stage }, value };
    }),
  ];
}

/** What the database knows of runs, feeds and headlines. */
export async function postgresSamples(db: Pool): Promise<Sample<Name>[]> {
  const { rows } = await db.query<Row>(counted);
  const { runs, feeds, headlines, bytes } = rows[0]!;
  return [
    ...byState('afk_runs_last_day', 'status', RUNS, runs),
    ...byState('afk_feeds', 'state', FEEDS, feeds),
    { name: 'afk_headlines', value: headlines },
    { name: 'afk_database_bytes', value: bytes },
    ...(await samplesOfRun(db)),
  ];
}
