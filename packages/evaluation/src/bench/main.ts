import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { sharedData } from '../data/shared.ts';
import { sourceOf } from './headlines.ts';
import type { Batch, Incremental, Measured, Task } from './measured.ts';
import { mediansOf, tableOf } from './table.ts';
import { timeTrends } from './trends.ts';

const usage = `npm run bench:topics -- [--sizes 1000,10000,50000,200000] [--rounds 1] [--limit 600] [--data FOLDER] [--json]
  Seconds and peak memory of grouping so many headlines at once, and of 500 more coming to a window restored from what was stored;
  milliseconds of the figures of 1,000 trends.
  --limit: seconds that one process may take.  --json: the figures as JSON, last line.
  FOLDER: laid out like ../shared/data, the default; without one the headlines are invented.`;
const NEWS = 500;
const child = fileURLToPath(new URL('child.ts', import.meta.url));

try {
  await main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sizes: { type: 'string', default: '1000,10000,50000,200000' },
      rounds: { type: 'string', default: '1' },
      limit: { type: 'string', default: '600' },
      data: { type: 'string', default: sharedData },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return void process.stdout.write(`${usage}\n`);
  const sizes = values.sizes.split(',').map((size) => whole(size, '--sizes'));
  const [rounds, limit] = [whole(values.rounds, '--rounds'), whole(values.limit, '--limit')];
  const { name } = sourceOf(values.data);
  const measured: Measured[] = [];
  for (const size of sizes) measured.push(await measure(values.data, size, rounds, limit));
  process.stdout.write(
    `${name}, multiplied with noise; medians of ${rounds}\n\n${tableOf(measured, NEWS, limit)}\n`,
  );
  const trends = timeTrends(rounds);
  process.stdout.write(
    `\n${trends.series} trends of ${trends.hours} h: bursts ${trends.bursts_ms.toFixed(0)} ms, with z and velocity ${trends.all_ms.toFixed(0)} ms\n`,
  );
  if (values.json)
    process.stdout.write(`${JSON.stringify({ source: name, rounds, news: NEWS, measured, trends })}\n`);
}

/** @throws RangeError naming the option */
function whole(text: string, option: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new RangeError(`${option} ${text}: whole numbers above 0\n${usage}`);
  return number;
}

async function measure(data: string, size: number, rounds: number, limit: number): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'afk-bench-'));
  try {
    const all: Measured[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const task = { data, size, news: NEWS, rows: join(folder, 'rows') };
      const batch = (await run({ ...task, kind: 'batch' }, limit)) as Batch | undefined;
      const incremental =
        batch && ((await run({ ...task, kind: 'incremental' }, limit)) as Incremental | undefined);
      all.push({ size, batch, incremental });
      process.stderr.write(`${size} headlines, round ${round + 1} of ${rounds}\n`);
    }
    return mediansOf(all);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs a task in a process of its own; undefined where it took too long. @throws Error where it failed */
function run(task: Task, limit: number): Promise<unknown> {
  const running = spawn(process.execPath, [child, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: limit * 1000,
    killSignal: 'SIGKILL',
  });
  let output = '';
  running.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    running.on('error', reject);
    running.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(output));
      // Killed, with nobody else to do it than the time limit, or the machine for want of memory.
      else if (running.killed) resolve(undefined);
      else reject(new Error(`${task.kind} of ${task.size} headlines: exit code ${code}, see above`));
    });
  });
}
