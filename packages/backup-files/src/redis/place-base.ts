import { copyFile, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, writeDurably } from '../files.ts';
import { AOF_DIR, AOF_MANIFEST } from './base-file.ts';

const BASE = 'appendonly.aof.1.base.rdb';

/**
 * Puts a base in the place of what a Redis that is down has in its data folder; that is kept aside, as
 * `appendonlydir.before-restore`. What `infra/redis/restore.sh` does in a container.
 */
export async function placeRedisBase(dataDir: string, base: string): Promise<void> {
  const at = (name: string): string => join(dataDir, name);
  const [made, aside] = [at(`${AOF_DIR}.new`), at(`${AOF_DIR}.before-restore`)];
  await rm(made, { recursive: true, force: true });
  await mkdir(made, { recursive: true });
  await copyFile(base, join(made, BASE));
  const handle = await open(join(made, BASE), 'r+');
  await handle.sync().finally(() => handle.close());
  await writeDurably(join(made, AOF_MANIFEST), `file ${BASE} seq 1 type b\n`);
  await syncFolder(made);
  if (await stat(at(AOF_DIR)).catch(() => undefined)) {
    await rm(aside, { recursive: true, force: true });
    await rename(at(AOF_DIR), aside);
  }
  await rename(made, at(AOF_DIR));
  await syncFolder(dataDir);
}
