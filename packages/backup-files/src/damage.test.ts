import assert from 'node:assert/strict';
import { cp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { bench, contents, fillDatabase } from './testing/bench.ts';
import { DamagedBackup, findBackup, restoreBackup, type Backup } from './index.ts';
import { writeManifest } from './manifest.ts';

const b = await bench();
after(() => b.close());
await fillDatabase(b.database);
const whole = await b.take();
await b.database.pool.query(`update headlines set title = 'what there is now'`);
const now = await contents(b.database);
let touchedRedis = 0;

/** Restores a copy of the backup that something was done to. @returns how that ended */
async function restored(name: string, harm: (path: string) => Promise<unknown>): Promise<Error> {
  const path = join(b.backups, name);
  await cp(whole.path, path, { recursive: true });
  await harm(path);
  try {
    await restoreFrom(await findBackup(b.backups, name, '/'));
  } catch (error) {
    assert.deepEqual(await contents(b.database), now, 'nothing is touched');
    assert.equal(touchedRedis, 0);
    return error as Error;
  } finally {
    await rm(path, { recursive: true });
  }
  return assert.fail(`${name} was restored`);
}

const restoreFrom = (backup: Backup): Promise<void> =>
  restoreBackup({
    backup,
    databaseUrl: b.database.url,
    qdrant: b.qdrant,
    env: '',
    restoreRedis: async () => void touchedRedis++,
    signal: AbortSignal.timeout(60_000),
  });

async function flip(path: string): Promise<void> {
  const bytes = await readFile(path);
  bytes[bytes.length >> 1]! ^= 1;
  await writeFile(path, bytes);
}

for (const file of ['postgres/headlines.copy.zst', 'postgres/sequences.json', 'redis/base.rdb']) {
  test(`${file}: one bit flipped, cut short, missing: refused by its name`, async () => {
    for (const [how, harm, reason] of [
      ['flipped', (p: string) => flip(join(p, file)), /its SHA-256 is not/],
      ['cut', (p: string) => truncate(join(p, file), 7), /7 bytes instead of \d+/],
      ['missing', (p: string) => rm(join(p, file)), /is missing/],
    ] as const) {
      const error = await restored(`harmed-${how}`, harm);
      assert.ok(error instanceof DamagedBackup, String(error));
      assert.ok(error.message.includes(join(`harmed-${how}`, file)), error.message);
      assert.match(error.message, reason);
    }
  });
}

test('backup.json: any change of it is noticed, and what is none is told', async () => {
  const file = (p: string): string => join(p, 'backup.json');
  const changed = async (p: string): Promise<void> => {
    const text = await readFile(file(p), 'utf8');
    await writeFile(file(p), text.replace('"rows": 500', '"rows": 501'));
  };
  assert.match((await restored('changed', changed)).message, /backup\.json is damaged/);
  assert.match((await restored('cut', (p) => truncate(file(p), 100))).message, /cut\/backup\.json: .*JSON/);
  assert.match((await restored('gone', (p) => rm(file(p)))).message, /there is none: this is no backup/);
});

test('a path that leads out of the backup is refused', async () => {
  const error = await restored('outside', async (p) => {
    const files = [{ path: 'redis/../../../etc/passwd', bytes: 1, sha256: 'a'.repeat(64) }];
    await writeManifest(p, { ...whole.manifest, files });
  });
  assert.match(error.message, /files\.0\.path: /);
});

test('a backup of a newer AFK, in its schema or its format, is refused by name', async () => {
  const { postgres } = whole.manifest;
  const later = { ...postgres, migrations: [...postgres.migrations, '0999_of_tomorrow'] };
  const newer = await restored('newer', (p) => writeManifest(p, { ...whole.manifest, postgres: later }));
  assert.match(newer.message, /newer AFK \(0\.1\.0, schema 0999_of_tomorrow\).*install the newer program/);
  const format = await restored('format', (p) => writeManifest(p, { ...whole.manifest, format: 2 as 1 }));
  assert.match(format.message, /format 2, and this program reads up to 1/);
});

test('a backup of another environment is refused', async () => {
  const error = await restored('staging', (p) => writeManifest(p, { ...whole.manifest, env: 'staging' }));
  assert.match(error.message, /is of ENV=staging, and this AFK has no ENV/);
});

test('rows that no longer fit leave everything as it was', async () => {
  const tables = whole.manifest.postgres.tables.map((t) =>
    t.name === 'feeds' ? { ...t, columns: [...t.columns.slice(0, -1), 'shoe_size'] } : t,
  );
  const postgres = { ...whole.manifest.postgres, tables };
  const error = await restored('columns', (p) => writeManifest(p, { ...whole.manifest, postgres }));
  assert.match(error.message, /shoe_size/);
});

test('what is not there is named, with where it was looked for', async () => {
  await assert.rejects(
    findBackup(b.backups, 'yesterday', '/somewhere'),
    /no backup "yesterday": neither .*somewhere/,
  );
  await assert.rejects(findBackup('/nowhere', 'latest', '/'), /there is no backup in \/nowhere/);
  assert.equal((await findBackup(b.backups, 'latest', '/')).name, whole.name);
  assert.equal((await findBackup('/nowhere', whole.path, '/')).name, whole.name);
});
