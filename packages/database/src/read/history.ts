import type { http } from '@afk/contracts';
import type { Pool, Queryable } from '../pool.ts';
import { findCurrent } from './current.ts';
import { snapshot, type Page } from './snapshot.ts';

type EventRow = {
  at: Date;
  kind: http.TrendEvent['kind'];
  batchId: string;
  headlines: number;
  otherId: string | null;
  otherLabel: string;
  otherLanguage: string | null;
  otherMergedInto: string | null;
};

/** What comes first where one run saw several: a trend begins before it meets others, and ends after that. */
const inOneRun = `array_position(array['born', 'split_from', 'revived', 'absorbed', 'grown', 'split', 'slept', 'merged'], e.kind)`;

/** The label is the title of the central headline, which may have been deleted since. */
const columns = `e.at, e.kind, e.batch_id as "batchId", e.headlines, o.id as "otherId", o.label as "otherLabel",
  coalesce(h.language, o.languages[1]) as "otherLanguage", o.merged_into as "otherMergedInto"`;

const source = `trend_events e left join trends o on o.id = e.other_id left join headlines h on h.id = o.central
  left join batches b on b.id = e.batch_id`;

/**
 * The events of a trend, newest first, up to the clock of the current run. One that went into another keeps its
 * own. Undefined where there is no trend of that id.
 */
export async function trendHistory(
  pool: Pool,
  id: string,
  page: Page,
): Promise<http.TrendHistory | undefined> {
  return snapshot(pool, async (db) => {
    const { rowCount } = await db.query('select from trends where id = $1', [id]);
    if (rowCount === 0) return undefined;
    const clock = (await findCurrent(db))?.asOf ?? null;
    const count = await db.query<{ total: number }>(
      `select count(*)::int as total from trend_events
        where trend_id = $1 and ($2::timestamptz is null or at <= $2)`,
      [id, clock],
    );
    return { trend_id: id, total: count.rows[0]!.total, items: await eventsOf(db, id, clock, page) };
  });
}

async function eventsOf(
  db: Queryable,
  id: string,
  clock: Date | null,
  { limit, offset }: Page,
): Promise<http.TrendEvent[]> {
  // Runs of the same clock in the order in which they began.
  const { rows } = await db.query<EventRow>(
    `select ${columns} from ${source} where e.trend_id = $1 and ($2::timestamptz is null or e.at <= $2)
      order by e.at desc, b.started_at desc nulls last, e.batch_id, ${inOneRun} desc, e.other_id
      limit $3 offset $4`,
    [id, clock, limit, offset],
  );
  return rows.map(toEvent);
}

function toEvent(row: EventRow): http.TrendEvent {
  const { at, kind, batchId, headlines, otherId, otherLabel, otherLanguage, otherMergedInto } = row;
  return {
    at: at.toISOString(),
    kind,
    batch_id: batchId,
    headlines,
    other: otherId
      ? { id: otherId, label: otherLabel, language: otherLanguage, merged_into: otherMergedInto }
      : null,
  };
}
