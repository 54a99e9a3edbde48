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
/** What the name of a partial backup ends with. */
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}Z(?:-\d+)?(?:-removed)?$/;

/** Environments may share a folder, and take their backups at the same time: each knows its own partial ones. */
const partialOf = (env: string): string => (env === '' ? PARTIAL : `${PARTIAL}${env}.`);

/** Beside the data, not in it: whoever removes the data folder keeps these. */
export const backupDirOf = (dataDir: string): string => `${resolve(dataDir)}-backups`;

/** The folder of a backup that began at this instant, such as `2026-11-21T15-04-05Z`. */
export const nameOf = (at: Date): string => `${at.toISOString().slice(0, 19).replaceAll(':', '-')}Z`;

/**
 * All backups of a folder, the newest first, and what only looks like one. A folder that is not there has none.
 *
 * @param env of this environment alone; undefined: of all
 */
export async function listBackups(
  dir: string,
  env?: string,
): Promise<{ backups: Backup[]; unreadable: Unreadable[] }> {
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
  const own = env === undefined ? backups : backups.filter((b) => b.manifest.env === env);
  return { backups: own, unreadable };
}

/**
 * The backup that a person means: `latest`, a name below `dir`, or a path.
 *
 * @param cwd what relative paths are relative to
 * @param env whose latest is meant; undefined: of all environments
 * @throws DamagedBackup where there is none
 */
export async function findBackup(dir: string, given: string, cwd: string, env?: string): Promise<Backup> {
  if (given === 'latest') {
    const [newest] = (await listBackups(dir, env)).backups;
    if (!newest) throw new DamagedBackup(`there is no backup in ${dir}${env ? ` of ENV=${env}` : ''}`);
    return newest;
  }
  const candidates = isAbsolute(given) ? [given] : [join(dir, given), resolve(cwd, given)];
  for (const path of candidates) {
    if (await isFolder(path)) return { name: basename(path), path, manifest: await readManifest(path) };
  }
  throw new DamagedBackup(`there is no backup "${given}": neither ${candidates.join(' nor ')}`);
}

/** A fresh folder to write a backup into, which is none until {@link publish}. */
export async function beginPartial(dir: string, env: string, at: Date): Promise<string> {
  await mkdir(dir, { recursive: true, mode: 0o755 });
  const path = join(dir, `${partialOf(env)}${nameOf(at)}`);
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

/**
 * Makes a whole backup of what was written: in one step, and durably.
 *
 * @throws DamagedBackup where a file is not there: somebody else has been at the folder
 */
export async function publish(partial: string, { name, files }: Manifest): Promise<string> {
  const dir = dirname(partial);
  for (const { path, bytes } of files) {
    const found = await stat(join(partial, path)).catch(() => undefined);
    if (found?.size !== bytes)
      throw new DamagedBackup(`${join(partial, path)} was lost meanwhile: does another program write there?`);
  }
  for (const entry of await readdir(partial, { withFileTypes: true })) {
    if (entry.isDirectory()) await syncFolder(join(partial, entry.name));
  }
  await syncFolder(partial);
  const path = join(dir, name);
  await rename(partial, path);
  await syncFolder(dir);
  return path;
}

/** Folders that a backup or a removal of this environment was killed in. */
export async function partials(dir: string, env: string): Promise<string[]> {
  const start = partialOf(env);
  return (await namesIn(dir))
    .filter((name) => name.startsWith(start) && MOMENT.test(name.slice(start.length)))
    .map((name) => join(dir, name));
}

/** Removes a backup so that half of one is never seen: killed meanwhile, it is a partial one. */
export async function removeBackup({ path, name, manifest }: Backup): Promise<void> {
  const aside = join(dirname(path), `${partialOf(manifest.env)}${name}-removed`);
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
