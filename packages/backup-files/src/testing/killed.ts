import process from 'node:process';
import { findBackup, restoreBackup, takeBackup } from '../index.ts';

/** Takes or restores a backup in a process of its own, to be killed. */
const [what, settings] = process.argv.slice(2) as ['take' | 'restore', string];
const given = JSON.parse(settings) as {
  dir: string;
  databaseUrl: string;
  qdrant: { url: string };
  redis: { url: string; dataDir: string };
};
const signal = AbortSignal.timeout(60_000);
const log = { info: () => {}, warn: () => {} };
if (what === 'take') {
  await takeBackup({
    ...given,
    env: '',
    version: '0.1.0',
    at: new Date('2026-11-22T00:00:00Z'),
    signal,
    log,
  });
} else {
  const backup = await findBackup(given.dir, 'latest', '/');
  await restoreBackup({ ...given, backup, env: '', restoreRedis: async () => {}, signal });
}
