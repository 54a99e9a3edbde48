import { spawn } from 'node:child_process';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Load, LoadTask } from './measured.ts';

const clients = fileURLToPath(new URL('clients.ts', import.meta.url));

/** Runs clients in a process of their own. @throws Error where they fail */
export async function load(task: LoadTask): Promise<Load> {
  const running = spawn(process.execPath, [clients], {
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: (task.warm + task.seconds + 60) * 1000,
    killSignal: 'SIGKILL',
  });
  running.stdin.end(JSON.stringify(task));
  const closed = new Promise<number | null>((resolve) => running.once('close', resolve));
  const printed = await text(running.stdout);
  const code = await closed;
  if (code !== 0) throw new Error(`the clients of ${task.url} ended with ${code}, see above`);
  return JSON.parse(printed) as Load;
}
