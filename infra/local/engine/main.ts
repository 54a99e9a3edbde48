import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { findEngine } from './engine.ts';

/**
 * `npm run test:compose`: compose.yml on a real Docker engine. Where no engine can be had it says so in
 * one line, which is no failure.
 */
async function main(): Promise<number> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const engine = await findEngine(say);
  if (typeof engine === 'string') {
    say(`test:compose skipped: ${engine}`);
    return 0;
  }
  say(`${engine.version}\n`);
  const file = join(import.meta.dirname, 'acceptance.ts');
  const args = [
    '--test',
    `--test-reporter=${process.env['REPORTER'] ?? 'spec'}`,
    '--test-concurrency=1',
    file,
  ];
  const env = { ...process.env, COMPOSE: engine.compose.join(' ') };
  const child = spawn(process.execPath, args, { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  const code = await new Promise<number>((resolve) => child.once('close', (c) => resolve(c ?? 1)));
  await engine.stop();
  return code;
}

process.exit(await main());
