import type { Backup } from '@afk/backup-files';
import { bytesOf } from '@afk/backup-files';
import type { Registry } from '@afk/runtime';
import { Gauge } from 'prom-client';

export type BackupMetrics = { taken(backup: Backup): void };

/** Figures of the newest backup; also of one that an earlier process took. */
export function backupMetrics(registry: Registry): BackupMetrics {
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers: [registry] });
  const last = gauge('afk_backup_last_success_timestamp_seconds', 'When the newest whole backup began');
  const bytes = gauge('afk_backup_bytes', 'Size of the newest backup');
  const seconds = gauge('afk_backup_seconds', 'Time that the newest backup took');
  return {
    taken({ manifest }) {
      last.set(Date.parse(manifest.started_at) / 1000);
      bytes.set(bytesOf(manifest));
      seconds.set(secondsOf(manifest));
    },
  };
}

export function secondsOf({ started_at, finished_at }: Backup['manifest']): number {
  return Math.max(0, Date.parse(finished_at) - Date.parse(started_at)) / 1000;
}
