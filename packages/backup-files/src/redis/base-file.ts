import { open, readFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/** Where Redis (7 and later) keeps its append-only file: a base and what came since, listed in a manifest. */
export const AOF_DIR = 'appendonlydir';
export const AOF_MANIFEST = 'appendonly.aof.manifest';

const TRIES = 10;

/** The base file as the manifest names it; it grows no more once it is there. */
export type BaseFile = { name: string; seq: number };

/** @throws Error where the folder holds no append-only file that begins with an RDB */
export async function baseOf(dataDir: string): Promise<BaseFile> {
  const text = await readFile(join(dataDir, AOF_DIR, AOF_MANIFEST), 'utf8');
  for (const line of text.split('\n')) {
    const [, name, seq] = /^file (\S+) seq (\d+) type b$/.exec(line.trim()) ?? [];
    if (!name || !seq) continue;
    if (!name.endsWith('.rdb')) throw new Error(`${name} is no RDB: aof-use-rdb-preamble is off`);
    return { name, seq: Number(seq) };
  }
  throw new Error(`${join(dataDir, AOF_DIR, AOF_MANIFEST)} names no base`);
}

/** The base, opened: it can be read to its end though a rewrite removes it meanwhile. */
export async function openBase(dataDir: string): Promise<BaseFile & { handle: FileHandle }> {
  for (let attempt = 1; ; attempt++) {
    const base = await baseOf(dataDir);
    try {
      return { ...base, handle: await open(join(dataDir, AOF_DIR, base.name), 'r') };
    } catch (error) {
      // Between the manifest and the file another rewrite has ended.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt === TRIES) throw error;
    }
  }
}
