import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../../', import.meta.url));

/** A program of ours in a process of its own. */
export type Running = {
  pid: number;
  /** Its log, as far as it is kept: JSON lines. */
  lines(): string[];
  stop(): Promise<void>;
};

const READY_MS = 60_000;
const STOP_MS = 10_000;
const LINES = 2000;

/**
 * Starts a script and waits until its address answers.
 *
 * @throws Error with its last words where it ends or does not answer in a minute
 */
export async function run(
  script: string,
  { args = [], env = {}, ready }: { args?: string[]; env?: Record<string, string>; ready: string },
): Promise<Running> {
  const child = spawn(process.execPath, [script, ...args], {
    // A channel to us, on whose end it ends too, whatever becomes of us.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...env },
  });
  const lines: string[] = [];
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      lines.push(...chunk.split('\n').filter(Boolean));
      lines.splice(0, lines.length - LINES);
    });
  }
  const forget = endWithUs(child);
  const running = {
    pid: child.pid!,
    lines: () => lines,
    stop: () => stop(child).finally(forget),
  };
  try {
    await untilReady(child, ready, script);
    return running;
  } catch (error) {
    await running.stop();
    throw new Error(`${(error as Error).message}\n${lines.slice(-10).join('\n')}`, { cause: error });
  }
}

async function untilReady(child: ChildProcess, ready: string, script: string): Promise<void> {
  for (const deadline = performance.now() + READY_MS; performance.now() < deadline; await sleep(50)) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`${script} ended as it started`);
    const response = await fetch(ready).catch(() => undefined);
    await response?.text();
    if (response?.ok) return;
  }
  throw new Error(`${script} did not answer ${ready} in ${READY_MS / 1000} s`);
}

function endWithUs(child: ChildProcess): () => void {
  const end = (): void => void child.kill('SIGKILL');
  process.once('exit', end);
  return () => process.off('exit', end);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(late);
}

/** Resident memory of a process now and at its highest, millions of bytes; undefined where there is no /proc. */
export function memoryOf(pid: number): { now: number; peak: number } | undefined {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return undefined;
  const status = readFileSync(file, 'utf8');
  const of = (name: string): number =>
    (Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1024) / 1e6;
  return { now: of('VmRSS'), peak: of('VmHWM') };
}
