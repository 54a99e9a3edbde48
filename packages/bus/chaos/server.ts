import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type Redis } from '../src/index.ts';
import { guard } from './guard.ts';
import type { Options } from './options.ts';

/** How often the size of the append-only file is looked at, ms; and how far back a power loss reaches. */
const SAMPLE_MS = 50;
const POWER_LOSS_MS = 1000;
/** With everysec, Redis puts off a write for so long where the disk is busy, ms. */
const POSTPONED_MS = 2000;
/** Redis answers again within this time after a start, or it never will, ms. */
const START_MS = 20_000;

/** The Redis under violence: one that can be killed, stopped, and started again on its files. */
export class Server {
  readonly port: number;
  private readonly dir: string;
  private readonly options: Options;
  private child: ChildProcess | undefined;
  private admin: Promise<Redis> | undefined;
  /** When what Redis was told may have gone with it: from, to, in ms since 1970. */
  readonly losses: { from: number; to: number }[] = [];
  private sizes: { at: number; file: string; size: number }[] = [];
  private readonly sampling: NodeJS.Timeout | undefined;

  constructor(dir: string, port: number, options: Options) {
    this.dir = dir;
    this.port = port;
    this.options = options;
    mkdirSync(dir, { recursive: true });
    if (options.powerLoss) this.sampling = setInterval(() => this.sample(), SAMPLE_MS).unref();
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** @throws Error where it does not start, or does not answer */
  async start(): Promise<void> {
    const settings = {
      port: String(this.port),
      bind: '127.0.0.1',
      dir: this.dir,
      appendonly: 'yes',
      appendfsync: this.options.fsync,
      'aof-load-truncated': 'yes',
      // One file from beginning to end, so that its size tells how far it is.
      'auto-aof-rewrite-percentage': '0',
      save: '',
      'maxmemory-policy': 'noeviction',
    };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
    const log = openSync(join(this.dir, 'redis.log'), 'a');
    const child = spawn('redis-server', args, { stdio: ['ignore', log, log] });
    closeSync(log);
    this.child = guard(child);
    await Promise.race([
      this.untilAnswers(),
      once(child, 'exit').then(() => {
        throw new Error(`redis-server ended as it started: see ${this.dir}/redis.log`);
      }),
    ]);
  }

  /** Runs a command of the run's own, waiting while Redis is stopped or starts. */
  async ask<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
    const deadline = Date.now() + START_MS;
    for (;;) {
      try {
        this.admin ??= connect(this.url, 'command', 'chaos');
        // One connection for all, which comes back by itself once it was made.
        this.admin.catch(() => (this.admin = undefined));
        return await work(await this.admin);
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await sleep(50);
      }
    }
  }

  /** kill -9, and a start on what is left in its files. */
  async crash(): Promise<void> {
    const child = this.child!;
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    const killedAt = Date.now();
    const from = this.options.powerLoss ? this.losePower() : killedAt;
    if (this.options.fsync === 'everysec') this.losses.push({ from: from - POSTPONED_MS, to: killedAt });
    await this.start();
  }

  async pause(ms: number): Promise<void> {
    this.child!.kill('SIGSTOP');
    await sleep(ms);
    this.child!.kill('SIGCONT');
  }

  async close(): Promise<void> {
    clearInterval(this.sampling);
    await this.admin?.then(
      (redis) => redis.disconnect(),
      () => {},
    );
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  private async untilAnswers(): Promise<void> {
    const deadline = Date.now() + START_MS;
    for (;;) {
      const redis = await connect(this.url, 'command', 'chaos').catch(() => undefined);
      const answer = await redis?.ping().catch(() => '');
      redis?.disconnect();
      if (answer === 'PONG') return;
      if (Date.now() > deadline) throw new Error(`Redis does not answer ${START_MS} ms after its start`);
      await sleep(20);
    }
  }

  private sample(): void {
    const file = this.appendOnlyFile();
    if (!file) return;
    this.sizes.push({ at: Date.now(), file, size: statSync(file).size });
    if (this.sizes.length > 1000) this.sizes = this.sizes.slice(-500);
  }

  private appendOnlyFile(): string | undefined {
    const dir = join(this.dir, 'appendonlydir');
    const name = existsSync(dir) ? readdirSync(dir).find((n) => n.endsWith('.incr.aof')) : undefined;
    return name && join(dir, name);
  }

  /** Cuts from the file what a machine without power may not have had on its disk. @returns since when */
  private losePower(): number {
    const then = this.sizes.findLast((s) => s.at <= Date.now() - POWER_LOSS_MS);
    this.sizes = [];
    if (!then) return Date.now();
    if (statSync(then.file).size > then.size) truncateSync(then.file, then.size);
    return then.at;
  }
}
