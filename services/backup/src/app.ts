import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { listBackups } from '@afk/backup-files';
import type { Service } from '@afk/bus';
import type { App } from '@afk/runtime';
import { backUp, type Deps } from './handlers/trigger-backup.ts';

/** Wires the one handler; the newest backup is known from the start. */
export function buildApp(service: Service, deps: Deps): App {
  service.on('trigger-backup', backUp(deps));
  return {
    async start() {
      const [newest] = (await listBackups(deps.dir, deps.source.env).catch(() => ({ backups: [] }))).backups;
      if (newest) deps.metrics.taken(newest);
      await service.start();
    },
    close: () => service.close(),
    healthy: () => service.healthy(),
    checks: async () => ({ backups: await stateOf(deps.dir, deps.source.env, new Date()) }),
  };
}

/** Whether backups can be written, and how old the newest is. That there is none yet is no illness. */
async function stateOf(dir: string, env: string, now: Date): Promise<{ ok: boolean; detail: string }> {
  try {
    await assertWritable(dir);
    const [newest] = (await listBackups(dir, env)).backups;
    if (!newest) return { ok: true, detail: 'no backup yet' };
    const hours = (now.getTime() - Date.parse(newest.manifest.started_at)) / 3_600_000;
    return { ok: true, detail: `the newest, ${newest.name}, is ${hours.toFixed(1)} hours old` };
  } catch (error) {
    return { ok: false, detail: (error as Error).message };
  }
}

/** The first backup makes the folder, and may do so where the one above it can be written. */
async function assertWritable(dir: string): Promise<void> {
  await access(dir, constants.W_OK).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return access(dirname(resolve(dir)), constants.W_OK);
  });
}
