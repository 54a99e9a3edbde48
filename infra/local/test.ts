import { spawn } from 'node:child_process';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { root } from './options.ts';
import { findBrowser, installBrowser } from './browser.ts';
import { startThrowaway } from './stores/servers.ts';

/**
 * `npm test`: lint, types, then every package's tests against one real Redis and one real PostgreSQL,
 * which are started for it and go with it. `npm test -- --filter=@afk/bus` runs one package's.
 */
async function main(args: readonly string[]): Promise<number> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const browser = findBrowser() ?? installBrowser(say);
  if (!browser) say('no Chromium: the browser test will be skipped (install chromium, or set CHROMIUM_PATH)');
  const servers = await startThrowaway(say);
  servers.endWithProcess();
  const env = {
    ...process.env,
    AFK_TEST_REDIS_URL: servers.redisUrl,
    AFK_TEST_POSTGRES_URL: servers.postgresUrl,
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
    ...(browser ? { CHROMIUM_PATH: browser } : {}),
  };
  const tally = { passed: 0, failed: 0, skipped: 0 };
  const lint = await run('npm', ['run', '--silent', 'lint'], env, say);
  const tests = await run('npx', turbo(args), env, (line) => {
    count(tally, line);
    say(line);
  });
  if (lint !== 0) say('\nlint failed: see the top (npm run lint; npm run format)');
  say(`\n${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
  return lint === 0 && tests === 0 ? 0 : 1;
}

/** Two at a time: the tests start processes of their own. */
function turbo(args: readonly string[]): string[] {
  return [
    'turbo',
    'run',
    'typecheck',
    'test',
    '--concurrency=2',
    '--continue',
    '--output-logs=full',
    ...args,
  ];
}

function run(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  onLine: (line: string) => void,
): Promise<number> {
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const input of [child.stdout, child.stderr]) createInterface({ input }).on('line', onLine);
  return new Promise((resolve) => {
    child.on('error', () => resolve(1));
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/** Adds up the closing lines of Node's test runner. */
function count(tally: { passed: number; failed: number; skipped: number }, line: string): void {
  const [, what, n] = /ℹ (pass|fail|cancelled|skipped) (\d+)\s*$/.exec(line) ?? [];
  if (what === 'pass') tally.passed += Number(n);
  if (what === 'fail' || what === 'cancelled') tally.failed += Number(n);
  if (what === 'skipped') tally.skipped += Number(n);
}

process.exit(await main(process.argv.slice(2)));
