import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGzip, createZstdCompress, constants } from 'node:zlib';
import { freshDatabase } from '@afk/local/testing';
import { startQdrantLocal } from '@afk/qdrant-local';
import { findBackup, restoreBackup, takeBackup } from '../src/index.ts';
import { writeEntry } from '../src/files.ts';
import { withClient } from '../src/postgres/client.ts';
import copy from 'pg-copy-streams';

/**
 * `node bench/dump.ts [rows]`: a backup and a restore of a flow log of so many rows (200,000), with the largest
 * resident set after each; then the same COPY through gzip and zstd, side by side.
 */
const rows = Number(process.argv[2] ?? 200_000);
const signal = AbortSignal.timeout(600_000);
const dir = await mkdtemp(join(tmpdir(), 'afk-bench-'));
const database = await freshDatabase();
const vectors = await startQdrantLocal();
const say = (line: string): void => void process.stdout.write(`${line}\n`);
/** Largest resident set of this process so far, MB. */
const peak = (): number =>
  Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) / 1024);

await database.pool.query(
  `insert into flow_log (at, channel, event, event_id, correlation_id, payload)
   select '2026-01-01'::timestamptz + n * interval '1 second', 'extractor', 'xml_processing_complete', md5(n::text), md5((n / 8)::text),
          jsonb_build_object('event', 'xml_processing_complete', 'id', md5(n::text), 'correlation_id', md5((n / 8)::text),
                             'status', 'ok', 'count', n % 400, 'feeds', 14, 'timestamp', '2026-01-01')
     from generate_series(1, $1) n`,
  [rows],
);
try {
  const stores = { databaseUrl: database.url, qdrant: { url: vectors.url }, env: '' };
  say(`${rows} rows; peak memory before ${peak()} MB`);
  let began = performance.now();
  const seconds = (): string => ((performance.now() - began) / 1000).toFixed(1);
  const log = { info: () => {}, warn: () => {} };
  const redis = { url: '', dataDir: undefined };
  const { name } = await takeBackup({ ...stores, dir, redis, version: '-', at: new Date(), signal, log });
  say(`backup   ${seconds()} s, peak memory ${peak()} MB`);
  began = performance.now();
  const backup = await findBackup(dir, name, '/');
  await restoreBackup({ ...stores, backup, restoreRedis: async () => {}, signal });
  say(`restore  ${seconds()} s, peak memory ${peak()} MB`);
  for (const round of [1, 2]) {
    for (const [codec, make] of codecs()) {
      began = performance.now();
      const bytes = await dumpWith(`${codec}-${round}`, make());
      say(`${codec.padEnd(8)} ${seconds()} s, ${(bytes / 1e6).toFixed(1)} MB`);
    }
  }
} finally {
  await vectors.close();
  await database.drop();
  await rm(dir, { recursive: true });
}

function codecs(): [string, () => NodeJS.ReadWriteStream][] {
  const zstd = (level: number) => () =>
    createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: level } });
  return [
    ['gzip 6', () => createGzip()],
    ['gzip 1', () => createGzip({ level: 1 })],
    ['zstd 3', zstd(3)],
    ['zstd 9', zstd(9)],
  ];
}

async function dumpWith(codec: string, through: NodeJS.ReadWriteStream): Promise<number> {
  return withClient(database.url, 'bench', async (client) => {
    const path = `${codec.replace(' ', '-')}.copy`;
    await writeEntry(dir, path, client.query(copy.to('copy flow_log to stdout')), signal, through);
    return statSync(join(dir, path)).size;
  });
}
