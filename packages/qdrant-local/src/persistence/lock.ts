import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Holder {
  pid: number;
  /** When the process started, in the kernel's own count; tells a pid that was given again. */
  started: string | undefined;
}

/** Field 22 of /proc/pid/stat; undefined where there is no such thing, and the pid alone must do. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in parentheses, may hold spaces: count from after it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function isAlive({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (cause) {
    // EPERM: it lives and belongs to someone else.
    if ((cause as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = startOf(pid);
  return now === undefined || started === undefined || now === started;
}

function readHolder(path: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8')) as Partial<Holder>;
    return typeof holder.pid === 'number' ? { pid: holder.pid, started: holder.started } : undefined;
  } catch {
    return undefined;
  }
}

/** Links are made whole or not at all, so a lock file never exists without its content. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  }
}

function inUse(directory: string, { pid }: Holder): Error {
  const who = pid === process.pid ? 'this process' : `process ${pid}`;
  return new Error(`${directory} is already in use by ${who}; a folder serves one qdrant-local at a time`);
}

/** Moves a dead process's lock away, unless another process has done so and has the lock by now. */
function clearStale(directory: string, path: string): void {
  const holder = readHolder(path);
  if (holder && isAlive(holder)) throw inUse(directory, holder);
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw cause;
  }
  const moved = readHolder(aside);
  const taken = moved !== undefined && isAlive(moved);
  if (taken) tryLink(aside, path);
  rmSync(aside, { force: true });
  if (taken) throw inUse(directory, moved);
}

/**
 * Takes the folder for this process and returns what gives it back. Throws when a living process has it; the
 * lock of a dead one is taken over. Processes on different machines cannot see each other's pids: do not share
 * a folder between them.
 */
export function lockDirectory(directory: string): () => void {
  const path = join(directory, 'LOCK');
  const own = `${path}.${randomUUID()}`;
  writeFileSync(own, JSON.stringify({ pid: process.pid, started: startOf(process.pid) }));
  try {
    while (!tryLink(own, path)) clearStale(directory, path);
  } finally {
    rmSync(own, { force: true });
  }
  return () => rmSync(path, { force: true });
}
