import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { knownMigrations } from '@afk/database';
import type { Backup } from './backups.ts';
import { hashFile } from './files.ts';
import { DamagedBackup } from './manifest.ts';

/**
 * Reads every file of a backup, and compares it with what was written.
 *
 * @throws DamagedBackup naming the first file that is missing or is not what it was
 */
export async function verifyBackup(
  { path: root, manifest }: Backup,
  signal?: AbortSignal,
): Promise<{ files: number }> {
  // Sizes first: what is missing or cut short is told at once.
  for (const { path, bytes } of manifest.files) {
    const found = await stat(join(root, path)).catch(() => undefined);
    if (!found?.isFile()) throw new DamagedBackup(`${join(root, path)} is missing`);
    if (found.size !== bytes) {
      throw new DamagedBackup(`${join(root, path)} is damaged: ${found.size} bytes instead of ${bytes}`);
    }
  }
  for (const { path, sha256 } of manifest.files) {
    signal?.throwIfAborted();
    if ((await hashFile(join(root, path))).sha256 !== sha256) {
      throw new DamagedBackup(`${join(root, path)} is damaged: its SHA-256 is not that of what was written`);
    }
  }
  const listed = new Set(manifest.files.map((f) => f.path));
  const unlisted = referenced(manifest).find((path) => !listed.has(path));
  if (unlisted) throw new DamagedBackup(`${root}: ${unlisted} is not among its files`);
  return { files: manifest.files.length };
}

/** @throws Error where the backup is of a newer schema than this program has */
export async function assertReadable({ path, manifest }: Backup): Promise<void> {
  const known = await knownMigrations();
  const { migrations } = manifest.postgres;
  if (migrations.every((name, i) => known[i] === name)) return;
  throw new Error(
    `${path} is of a newer AFK (${manifest.afk}, schema ${migrations.at(-1)}) than this program, which knows up ` +
      `to ${known.at(-1)}: install the newer program`,
  );
}

function referenced({ postgres, qdrant, redis }: Backup['manifest']): string[] {
  return [
    ...postgres.tables.map((t) => t.file),
    postgres.sequences,
    ...qdrant.collections.map((c) => c.file),
    ...('file' in redis ? [redis.file] : []),
  ];
}
