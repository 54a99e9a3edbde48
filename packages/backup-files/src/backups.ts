import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { syncFolder } from './files.ts';
import { DamagedBackup, readManifest, type Manifest } from './manifest.ts';

/** A whole backup. */
export type Backup = { name: string; path: string; manifest: Manifest };
/** A folder that is named like a backup and is none that can be read. */
export type Unreadable = { name: string; path: string; problem: string };

const PARTIAL = '.partial-';
const NAME = /^\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}Z(?:-\d+)?$/;

/** Beside the data, not in it: whoever removes the data folder keeps these. */
export const backupDirOf = (dataDir: string): string => `${resolve(dataDir)}-backups`;

/** The folder of a backup that began at this instant, such as `2026-11-21T15-04-05Z`. */
export const nameOf = (at: Date): string => `${at.toISOString().slice(0, 19).replaceAll(':', '-')}Z`;

/** All backups of a folder, the newest first, and what only looks like one. A folder that is not there has none. */
export async function listBackups(dir: string): Promise<{ backups: Backup[]; unreadable: Unreadable[] }> {
  const names = (await namesIn(dir)).filter((name) => NAME.test(name));
  const backups: Backup[] = [];
  const unreadable: Unreadable[] = [];
  for (const name of names) {
    const path = join(dir, name);
    try {
      backups.push({ name, path, manifest: await readManifest(path) });
    } catch (error) {
      unreadable.push({ name, path, problem: (error as Error).message });
    }
  }
  const at = (b: Backup): string => `${b.manifest.started_at} ${b.manifest.finished_at}`;
  backups.sort((a, b) => at(b).localeCompare(at(a)));
  return { backups, unreadable };
}

/**
 * The backup that a person means: `latest`, a name below `dir`, or a path.
 *
 * @param cwd what relative paths are relative to
 * @throws DamagedBackup where there is none
 */
export async function findBackup(dir: string, given: string, cwd: string): Promise<Backup> {
  if (given === 'latest') {
    const [newest] = (await listBackups(dir)).backups;
    if (!newest) throw new DamagedBackup(`there is no backup in ${dir}`);
    return newest;
  }
  const candidates = isAbsolute(given) ? [given] : [join(dir, given), resolve(cwd, given)];
  for (const path of candidates) {
    if (await isFolder(path)) return { name: basename(path), path, manifest: await readManifest(path) };
  }
  throw new DamagedBackup(`there is no backup "${given}": neither ${candidates.join(' nor ')}`);
}

/** A fresh folder to write a backup into, which is none until {@link publish}. */
export async function beginPartial(dir: string, at: Date): Promise<string> {
  await mkdir(dir, { recursive: true, mode: 0o755 });
  const path = join(dir, `${PARTIAL}${nameOf(at)}`);
  await mkdir(path, { mode: 0o755 });
  return path;
}

/** A free name for a backup that began at this instant: two in one second differ by a suffix. */
export async function freeName(dir: string, at: Date): Promise<string> {
  const taken = new Set(await namesIn(dir));
  const name = nameOf(at);
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name}-${n}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/** Makes a whole backup of what was written: in one step, and durably. */
export async function publish(partial: string, name: string): Promise<string> {
  const dir = dirname(partial);
  for (const entry of await readdir(partial, { withFileTypes: true })) {
    if (entry.isDirectory()) await syncFolder(join(partial, entry.name));
  }
  await syncFolder(partial);
  const path = join(dir, name);
  await rename(partial, path);
  await syncFolder(dir);
  return path;
}

/** Folders that a backup or a removal was killed in. */
export async function partials(dir: string): Promise<string[]> {
  return (await namesIn(dir)).filter((name) => name.startsWith(PARTIAL)).map((name) => join(dir, name));
}

/** Removes a backup so that half of one is never seen: killed meanwhile, it is a partial one. */
export async function removeBackup({ path, name }: Backup): Promise<void> {
  const aside = join(dirname(path), `${PARTIAL}${name}-removed`);
  await rename(path, aside);
  await rm(aside, { recursive: true, force: true });
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return (await readdir(dir)).toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
