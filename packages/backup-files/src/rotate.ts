import { listBackups, removeBackup, type Backup } from './backups.ts';

const DAY = 86_400_000;

/** What is kept: so many backups, and none older than so many days (0: of any age). */
export type Keep = { count: number; days: number };

/**
 * Removes the backups of an environment that are beyond the count or the age; the newest never. What is no backup
 * stays. So do those of a clock that was ahead, or of now, if it is that clock which is wrong: they take no other's place.
 *
 * @returns the names of those that were removed, and how many there are now
 */
export async function rotate(
  dir: string,
  env: string,
  keep: Keep,
  now: Date,
): Promise<{ removed: string[]; kept: number }> {
  const { backups } = await listBackups(dir, env);
  const past = backups.filter(({ manifest }) => Date.parse(manifest.started_at) <= now.getTime());
  const old = past.filter((backup, i) => i > 0 && isBeyond(backup, i, keep, now));
  for (const backup of old) await removeBackup(backup);
  return { removed: old.map((b) => b.name), kept: backups.length - old.length };
}

function isBeyond({ manifest }: Backup, place: number, { count, days }: Keep, now: Date): boolean {
  const age = now.getTime() - Date.parse(manifest.started_at);
  return place >= count || (days > 0 && age > days * DAY);
}
