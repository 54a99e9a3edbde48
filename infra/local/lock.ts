import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from './options.ts';

/**
 * One supervisor a data folder: a second would end the first one's servers as left over.
 * @returns what releases the folder. @throws UsageError naming the process that has it
 */
export function lockData(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, 'afk.pid');
  const holder = read(file);
  if (holder && holder !== process.pid && isSupervisor(holder)) {
    throw new UsageError(
      `AFK already runs on ${dataDir} (process ${holder}): stop it, or use another --data DIR`,
    );
  }
  writeFileSync(file, String(process.pid));
  return () => rmSync(file, { force: true });
}

function read(file: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10) || undefined;
  } catch {
    return undefined;
  }
}

function isSupervisor(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('infra/local/start.ts');
  } catch {
    // No /proc (macOS): a signal of 0 only asks whether the process is there.
    try {
      return process.platform !== 'linux' && process.kill(pid, 0);
    } catch {
      return false;
    }
  }
}
