import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type Redis } from '@afk/bus';
import { startRedis } from '@afk/local/stores/redis';
import { freePort, freshDatabase, recorder, type TestDatabase } from '@afk/local/testing';
import { startQdrantLocal } from '@afk/qdrant-local';
import { QdrantClient } from '@qdrant/js-client-rest';
import { takeBackup, type Backup, type TakeOptions } from '../index.ts';

/** Real stores of a test's own, with a folder for backups. */
export async function bench() {
  const dir = await mkdtemp(join(tmpdir(), 'afk-backup-'));
  const redisDir = join(dir, 'redis');
  const server = await startRedis({ dir: redisDir, port: await freePort() });
  const database = await freshDatabase();
  const vectors = await startQdrantLocal();
  const redis = await connect(server.url, 'command', 'test');
  const log = recorder();
  const backups = join(dir, 'backups');
  const options = (changes: Partial<TakeOptions> = {}): TakeOptions => ({
    dir: backups,
    databaseUrl: database.url,
    qdrant: { url: vectors.url },
    redis: { url: server.url, dataDir: redisDir },
    env: '',
    version: '0.1.0',
    at: new Date('2026-11-21T15:04:05.678Z'),
    signal: AbortSignal.timeout(60_000),
    log,
    ...changes,
  });
  return {
    dir,
    backups,
    redisDir,
    redisUrl: server.url,
    redis,
    database,
    qdrant: { url: vectors.url },
    client: new QdrantClient({ url: vectors.url, checkCompatibility: false }),
    log: log.lines,
    options,
    take: (changes: Partial<TakeOptions> = {}): Promise<Backup> => takeBackup(options(changes)),
    async close(): Promise<void> {
      redis.disconnect();
      await server.stop();
      await vectors.close();
      await database.drop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
export type Bench = Awaited<ReturnType<typeof bench>>;

/** Rows of every kind that there is: what refers to itself, what is null, bytes, arrays, JSON, hostile text. */
export async function fillDatabase({ pool }: TestDatabase): Promise<void> {
  const [a, b, batch] = ['a', 'b', 'c'].map((d) => `${d.repeat(8)}-0000-4000-8000-000000000000`);
  const text = 'tab\t, line\n, \\N and \\. “quotes” – 漢字 \u{1f4f0}';
  const now = '2026-11-20T10:00:00.123456Z';
  await pool.query(
    `insert into feeds (url, title, source, created_at)
     select 'https://news.example/' || n, $1, 'opml', $2 from generate_series(1, 5) n`,
    [text, now],
  );
  await pool.query(
    `insert into batches (id, trigger_id, correlation_id, as_of, status) values ($1, 't', 'c', $2, 'complete')`,
    [batch, now],
  );
  await pool.query(
    `insert into headlines (id, key, feed_id, batch_id, title, url, publisher, language, published_at, first_seen_at,
                            category_probability)
     select gen_random_uuid(), 'k' || n, 1 + n % 5, $1, $2, 'https://news.example', 'P', 'en', $3, $3, random()
       from generate_series(1, 500) n`,
    [batch, text, now],
  );
  // The first is taken in by the second: whoever copies them one by one must not mind the order.
  await pool.query(
    `insert into trends (id, label, central, keywords, languages, status, score, velocity, headlines, publishers,
                         sparkline, first_seen, last_seen, born_batch, updated_batch, merged_into)
     select id, $3, id, array[$3, null, ''], '{fr,en}', 'rising', 1.0 / 3, 'NaN', 1, 1, '{1,2,3}', $4, $4, $5, $5, into_id
       from (values ($1::uuid, $2::uuid), ($2, null)) as t (id, into_id)`,
    [a, b, text, now, batch],
  );
  await pool.query(
    `insert into trend_events (trend_id, batch_id, at, kind, other_id, headlines)
     values ($1, $3, $4, 'born', null, 1), ($1, $3, $4, 'merged', $2, 2)`,
    [a, b, batch, now],
  );
  await pool.query(
    `insert into models (version, kind, examples, metrics, body, active)
     values ('linear-1', 'linear', 3, '{"f1": 0.5}', '\\x00ff5c0a', true)`,
  );
  await pool.query(
    `insert into flow_log (at, channel, event, event_id, payload)
     select $2, 'extractor', 'e', 'id-' || n, jsonb_build_object('n', n, 'text', $1::text) from generate_series(1, 50) n`,
    [text, now],
  );
  // What the saved searches were put to is gone from here: a restore must not bring it back.
  await pool.query(
    'delete from unevaluated_headlines where headline_id in (select id from headlines order by id limit 400)',
  );
}

/** Every row of every table, as text. */
export async function contents({ pool }: TestDatabase): Promise<Record<string, string[]>> {
  const { rows } = await pool.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' order by 1`,
  );
  const all: Record<string, string[]> = {};
  for (const { name } of rows) {
    if (name === 'schema_migrations') continue;
    const found = await pool.query<{ row: string }>(`select t::text as row from "${name}" t order by 1`);
    all[name] = found.rows.map((r) => r.row);
  }
  return all;
}

/** Some keys of each kind that the bus uses. */
export async function fillRedis(redis: Redis): Promise<void> {
  await redis.xadd('{afk}:stream:extractor', '*', 'payload', '{"event":"x"}');
  await redis.xgroup('CREATE', '{afk}:stream:extractor', 'classifier-bridge', '0');
  await redis.hset('{afk}:finished', 'id', '1-1');
  await redis.zadd('{afk}:retry:front', 1, 'x');
}
