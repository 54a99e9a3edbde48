import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../options.ts';
import type { Engine } from './engine.ts';
import { must, run, type Ended, type ShellOptions } from './shell.ts';

/** What `docker inspect` says of a container, as far as the tests ask. */
export type Inspected = {
  Id: string;
  Name: string;
  Image: string;
  RestartCount: number;
  State: {
    Status: string;
    Pid: number;
    ExitCode: number;
    OOMKilled: boolean;
    StartedAt: string;
    Health?: { Status: string; Log: { Output: string }[] };
  };
  Config: {
    User: string;
    Image: string;
    Healthcheck?: { Test: string[] };
    StopTimeout?: number;
    Labels: Record<string, string>;
  };
  HostConfig: {
    Memory: number;
    PidsLimit: number | null;
    ReadonlyRootfs: boolean;
    Init: boolean | null;
    CapDrop: string[] | null;
    CapAdd: string[] | null;
    SecurityOpt: string[] | null;
    RestartPolicy: { Name: string };
    LogConfig: { Type: string; Config: Record<string, string> };
    PortBindings: Record<string, { HostIp: string; HostPort: string }[] | null> | null;
    Privileged: boolean;
    NetworkMode: string;
  };
  Mounts: { Type: string; Name?: string; Source: string; Destination: string; RW: boolean }[];
};

/** Services that run once and end. */
export const once = ['migrate', 'first-run'];

/**
 * A copy of the working tree as git knows it, and compose in it: a fresh clone, with whatever of it is
 * not committed yet.
 */
export class Project {
  readonly dir = mkdtempSync(join(tmpdir(), 'afk-compose-'));
  readonly name = 'afk-acceptance';
  /** Given to compose beside the machine's own; what `.env` says stands below it. */
  readonly env: Record<string, string> = {};
  private readonly engine: Engine;
  readonly files: string[] = ['compose.yml'];

  constructor(engine: Engine) {
    this.engine = engine;
    // The builder that the oldest of supported engines has as well.
    if (engine.compose.length === 1)
      Object.assign(this.env, { DOCKER_BUILDKIT: '0', COMPOSE_DOCKER_CLI_BUILD: '0' });
  }

  async copyTree(): Promise<void> {
    const list = await must('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root });
    for (const file of new Set(list.split('\0').filter(Boolean))) {
      const from = join(root, file);
      const to = join(this.dir, file);
      try {
        cpSync(from, to, { recursive: true });
      } catch (error) {
        // Deleted, and not committed yet.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
  }

  /** Another compose file, after those that there are. */
  add(file: string, text?: string): void {
    if (text !== undefined) this.write(file, text);
    this.files.push(file);
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.dir, file)), { recursive: true });
    writeFileSync(join(this.dir, file), text);
  }

  compose(args: readonly string[], options: ShellOptions = {}): Promise<string> {
    const [program, words] = this.words(args);
    return must(program, words, { cwd: this.dir, ...options, env: { ...this.env, ...options.env } });
  }

  /** {@link compose}, whatever comes of it. */
  tryCompose(args: readonly string[], options: ShellOptions = {}): Promise<Ended> {
    const [program, words] = this.words(args);
    return run(program, words, { cwd: this.dir, ...options, env: { ...this.env, ...options.env } });
  }

  private words(args: readonly string[]): [string, string[]] {
    const [program, ...before] = this.engine.compose;
    return [program, [...before, ...this.files.flatMap((f) => ['-f', f]), '-p', this.name, ...args]];
  }

  /** Every container of the project, those too that have ended. */
  async containers(): Promise<Inspected[]> {
    const label = `label=com.docker.compose.project=${this.name}`;
    const ids = (await must('docker', ['ps', '-aq', '--filter', label])).split('\n').filter(Boolean);
    return ids.length > 0 ? (JSON.parse(await must('docker', ['inspect', ...ids])) as Inspected[]) : [];
  }

  /** The containers of a service; the replicas in their order. */
  async replicas(service: string): Promise<Inspected[]> {
    const number = (c: Inspected): number => Number(c.Config.Labels['com.docker.compose.container-number']);
    const found = (await this.containers()).filter(
      (c) => serviceOf(c) === service && c.Config.Labels['com.docker.compose.oneoff'] !== 'True',
    );
    return found.sort((a, b) => number(a) - number(b));
  }

  async container(service: string): Promise<Inspected> {
    const [first] = await this.replicas(service);
    if (!first) throw new Error(`there is no container of ${service}`);
    return first;
  }

  /** Waits until all containers are up and healthy, and those that run once have ended well. */
  async healthy(ms = 120_000): Promise<void> {
    let waiting = '';
    for (const deadline = Date.now() + ms; Date.now() < deadline; await sleep(250)) {
      const bad = (await this.containers()).filter((c) => !isWell(c));
      waiting = bad.map((c) => `${serviceOf(c)} ${stateOf(c)}`).join(', ');
      if (bad.length === 0) return;
    }
    throw new Error(`not healthy after ${ms / 1000} s: ${waiting}`);
  }

  /** What a service printed, all of its containers. */
  async logs(service: string): Promise<string> {
    const containers = await this.replicas(service);
    const ended = await Promise.all(containers.map((c) => run('docker', ['logs', c.Id])));
    return ended.map(({ stdout, stderr }) => stdout + stderr).join('');
  }

  /** redis-cli in the container of Redis, as the administrator. */
  async redis(...args: string[]): Promise<string> {
    return (await must('docker', ['exec', 'afk-redis', 'redis-cli', ...args])).trim();
  }

  async down(...args: string[]): Promise<void> {
    await this.compose(['down', '--timeout', '20', ...args]);
  }

  /** Takes everything away but the images; that too which an earlier test left that was killed. */
  async remove(): Promise<void> {
    await this.sweep();
    rmSync(this.dir, { recursive: true, force: true });
  }

  async sweep(): Promise<void> {
    const mine = ['--filter', `label=com.docker.compose.project=${this.name}`];
    const list = async (...args: string[]): Promise<string[]> =>
      (await must('docker', [...args, '-q', ...mine])).split('\n').filter(Boolean);
    for (const [kind, args, rm] of [
      ['containers', ['ps', '-a'], ['rm', '-f']],
      ['volumes', ['volume', 'ls'], ['volume', 'rm', '-f']],
      ['networks', ['network', 'ls'], ['network', 'rm']],
    ] as const) {
      const found = await list(...args);
      if (found.length > 0) await run('docker', [...rm, ...found]);
      if ((await list(...args)).length > 0) throw new Error(`${kind} of ${this.name} cannot be removed`);
    }
  }
}

export const serviceOf = (c: Inspected): string => c.Config.Labels['com.docker.compose.service']!;

function isWell(c: Inspected): boolean {
  if (once.includes(serviceOf(c))) return c.State.Status === 'exited' && c.State.ExitCode === 0;
  return (
    c.State.Status === 'running' && (c.State.Health === undefined || c.State.Health.Status === 'healthy')
  );
}

function stateOf({ State }: Inspected): string {
  const health = State.Health
    ? `, ${State.Health.Status}: ${State.Health.Log.at(-1)?.Output.trim() ?? ''}`
    : '';
  return `${State.Status} (exit code ${State.ExitCode}${health})`;
}
