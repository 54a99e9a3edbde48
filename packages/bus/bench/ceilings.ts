import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { sampleEvent } from './setting.ts';

/** Depths of pipeline that `redis-benchmark` is run at. */
export const DEPTHS = [1, 16, 64] as const;

/** XADD by `redis-benchmark` (50 clients). @returns events a second; undefined where it is not installed */
export async function redisBenchmark(
  redisUrl: string,
  depth: number,
  count: number,
): Promise<number | undefined> {
  const { hostname, port } = new URL(redisUrl);
  const command = ['xadd', 'ceiling', '*', 'e', JSON.stringify(sampleEvent(12_345))];
  const args = ['-h', hostname, '-p', port, '-n', String(count), '-P', String(depth), '-q', ...command];
  try {
    const { stdout } = await promisify(execFile)('redis-benchmark', args, { timeout: 60_000 });
    const told = [...stdout.matchAll(/([\d.]+) requests per second/g)].at(-1);
    if (!told) throw new Error(`redis-benchmark said: ${stdout.slice(-200)}`);
    return Number(told[1]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
