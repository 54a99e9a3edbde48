import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../options.ts';
import { freePort } from '../stores/ports.ts';

/** `npm start` as a person runs it: the real program, its own stores, its own data. */
export type Afk = {
  child: ChildProcess;
  api: string;
  page: string;
  dataDir: string;
  base: number;
  redisPort: number;
  /** Everything said on stderr, and on stdout, so far. */
  said: () => string;
  printed: () => string;
  exited: Promise<number | null>;
};

/** As many as a start takes, and some more. */
const PORTS = 20;

export async function startAfk(
  args: readonly string[],
  options: { dataDir: string; env?: Record<string, string>; base?: number },
): Promise<Afk> {
  const base = options.base ?? (await freePort(PORTS));
  const child = spawn(
    process.execPath,
    [join(root, 'infra/local/start.ts'), '--port-base', String(base), '--data', options.dataDir, ...args],
    {
      cwd: root,
      env: { ...process.env, REDIS_URL: '', DATABASE_URL: '', QDRANT_URL: '', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let said = '';
  let printed = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const exited = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  return {
    child,
    api: `http://127.0.0.1:${base}`,
    page: `http://127.0.0.1:${base + 1}`,
    dataDir: options.dataDir,
    base,
    redisPort: base + 2,
    said: () => said,
    printed: () => printed,
    exited,
  };
}

export function dataFolder(): { dir: string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), 'afk-line-'));
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }) };
}

/** Processes whose command line or environment names that folder. */
export function processesOf(dir: string): string[] {
  const found: string[] = [];
  for (const pid of readdirSync('/proc').filter((p) => /^\d+$/.test(p) && Number(p) !== process.pid)) {
    try {
      const text =
        readFileSync(`/proc/${pid}/cmdline`, 'utf8') + readFileSync(`/proc/${pid}/environ`, 'utf8');
      if (text.includes(dir)) found.push(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
    } catch {
      // It ended meanwhile, or is somebody else's.
    }
  }
  return found;
}
