import { spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { aptInstall, canAptInstall } from '../stores/apt.ts';
import { findProgram } from '../stores/find-program.ts';
import { until } from '../testing/until.ts';
import { run } from './shell.ts';

/** A Docker engine that answers, and the compose that speaks to it. */
export type Engine = {
  /** `docker` and `compose` as they introduce themselves. */
  version: string;
  /** The words that compose begins with: `docker compose`, or `docker-compose`. */
  compose: readonly [string, ...string[]];
  /** Ends the engine where it was started here. */
  stop(): Promise<void>;
};

/**
 * The engine of this machine; where none runs and this is root, one is started, and on Debian installed
 * before.
 *
 * @returns the engine, or in one sentence why there is none
 */
export async function findEngine(say: (line: string) => void): Promise<Engine | string> {
  const running = await answers();
  const wanted = running ? ['docker'] : ['docker', 'dockerd', 'iptables'];
  const why = installMissing([...wanted, ...((await findCompose()) ? [] : ['docker-compose'])], say);
  if (why) return `no Docker engine: ${why}`;
  const compose = await findCompose();
  if (!compose) return 'no Docker engine: neither "docker compose" nor docker-compose is there';
  // Where there is a service manager, an installed engine has been started by it.
  const stop = (await answers()) ? async () => {} : await startEngine(say);
  if (typeof stop === 'string') return `no Docker engine: ${stop}`;
  const docker = await run('docker', ['version', '--format', 'Docker {{.Server.Version}}']);
  const [program, ...args] = compose;
  const said = await run(program, [...args, 'version', '--short']);
  return { version: `${docker.stdout.trim()}, compose ${said.stdout.trim()}`, compose, stop };
}

/** Installs what an engine of our own needs, as root on Debian. @returns what is missing otherwise */
function installMissing(wanted: readonly string[], say: (line: string) => void): string | undefined {
  const missing = (): string[] => wanted.filter((name) => !findProgram(name));
  if (missing().length === 0) return undefined;
  if (!canAptInstall()) return `${missing().join(', ')} not found`;
  say('installing Docker with apt (once) …');
  const said = aptInstall('docker.io', 'docker-compose', 'iptables', 'debootstrap');
  return missing().length === 0 ? undefined : `apt-get said ${said.slice(-300)}`;
}

/** COMPOSE says which, where both are there; else the plugin comes first. */
async function findCompose(): Promise<Engine['compose'] | undefined> {
  const given = process.env['COMPOSE']?.split(' ');
  const known = [['docker', 'compose'], ['docker-compose']] as const;
  for (const [program, ...args] of given ? [given as [string, ...string[]]] : known) {
    const { code } = await run(program, [...args, 'version'], { timeout: 20_000 });
    if (code === 0) return [program, ...args];
  }
  return undefined;
}

async function answers(): Promise<boolean> {
  return (await run('docker', ['info'], { timeout: 20_000 })).code === 0;
}

async function startEngine(say: (line: string) => void): Promise<(() => Promise<void>) | string> {
  if (process.getuid?.() !== 0) return 'none runs, and only root can start one';
  const log = join(mkdtempSync(join(tmpdir(), 'afk-dockerd-')), 'log');
  const out = openSync(log, 'w');
  const limits = ['--default-ulimit', 'nofile=10000:10000', '--default-ulimit', 'nproc=10000:10000'];
  const child = spawn('dockerd', limits, { stdio: ['ignore', out, out] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  say('starting dockerd …');
  try {
    await until('dockerd', async () => child.exitCode !== null || (await answers()), 60_000);
  } catch {
    child.kill();
  }
  if (child.exitCode === null && !child.killed) {
    return async () => {
      child.kill();
      await ended;
    };
  }
  const why = readFileSync(log, 'utf8').trim().split('\n').at(-1);
  return `dockerd does not start here: ${why}`;
}
