import type { http } from '@afk/contracts';
import type { Pool, Queryable } from '../pool.ts';
import { snapshot, type Page } from './snapshot.ts';

type BatchRow = {
  id: string;
  correlationId: string;
  asOf: Date;
  status: http.Batch['status'];
  startedAt: Date;
  finishedAt: Date | null;
  headlines: number | null;
  topics: number | null;
  trends: number | null;
  indexed: number | null;
};

const columns = `id, correlation_id as "correlationId", as_of as "asOf", status, started_at as "startedAt",
  finished_at as "finishedAt", headlines, topics, trends, indexed`;

/** The runs, newest first. */
export async function listBatches(pool: Pool, { limit, offset }: Page): Promise<http.BatchList> {
  return snapshot(pool, async (db) => {
    const count = await db.query<{ n: string }>('select count(*) as n from batches');
    const { rows } = await db.query<BatchRow>(
      `select ${columns} from batches order by started_at desc, id limit $1 offset $2`,
      [limit, offset],
    );
    return { total: Number(count.rows[0]!.n), items: rows.map(toBatch) };
  });
}

/** Undefined where there is no batch of that id. */
export async function findBatch(db: Queryable, id: string): Promise<http.Batch | undefined> {
  const { rows } = await db.query<BatchRow>(`select ${columns} from batches where id = $1`, [id]);
  return rows[0] && toBatch(rows[0]);
}

function toBatch(row: BatchRow): http.Batch {
  const { id, status, headlines, topics, trends, indexed, startedAt, finishedAt } = row;
  return {
    id,
    correlation_id: row.correlationId,
    as_of: row.asOf.toISOString(),
    status,
    started_at: startedAt.toISOString(),
    finished_at: finishedAt?.toISOString() ?? null,
    seconds: finishedAt && (finishedAt.getTime() - startedAt.getTime()) / 1000,
    headlines,
    topics,
    trends,
    indexed,
  };
}

/** The ids of the newest batch of that id or correlation id. */
export async function batchIdsOf(
  db: Queryable,
  id: string,
): Promise<Pick<http.Batch, 'id' | 'correlation_id'> | undefined> {
  const { rows } = await db.query<Pick<http.Batch, 'id' | 'correlation_id'>>(
    `select id, correlation_id from batches where id::text = $1 or correlation_id = $1
      order by started_at desc limit 1`,
    [id],
  );
  return rows[0];
}

/** The clock of the run that began last: what "now" is to a reader; undefined before the first run. */
export async function latestClock(db: Queryable): Promise<Date | undefined> {
  const { rows } = await db.query<{ asOf: Date }>(
    'select as_of as "asOf" from batches order by started_at desc, id limit 1',
  );
  return rows[0]?.asOf;
}

/** When the newest headline was published: at most an item that a feed dates in the future is newer than the clock. */
export async function newestHeadlineAt(db: Queryable): Promise<Date | undefined> {
  const { rows } = await db.query<{ at: Date | null }>('select max(published_at) as at from headlines');
  return rows[0]?.at ?? undefined;
}
