import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { guard } from './guard.ts';

export type HandOptions = {
  name: string;
  script: 'worker.ts' | 'producer.ts';
  /** What the script is told. */
  job: object;
  /** Where what it says on stderr is kept. */
  stderr: string;
  /** Told of an end that nobody asked for. */
  onCrash: (what: string) => void;
};

/** A process that works, and is started anew whenever it ends, until it is told to end for good. */
export class Hand {
  readonly name: string;
  private readonly options: HandOptions;
  private child!: ChildProcess;
  private state: 'starting' | 'up' | 'stopped' | 'leaving' = 'starting';
  /** Whether the end of this process was asked for. */
  private doomed = false;
  private forGood = false;
  private ended: Promise<void> = Promise.resolve();

  constructor(options: HandOptions) {
    this.name = options.name;
    this.options = options;
    this.start();
  }

  /** Works, and is not on its way out. */
  get isUp(): boolean {
    return this.state === 'up';
  }

  kill(): void {
    this.doomed = true;
    this.child.kill('SIGKILL');
  }

  /** The next handler that begins dies half-way; should none begin, the process dies anyway. */
  async killInHandler(): Promise<void> {
    this.doomed = true;
    const child = this.child;
    this.tell('die');
    await sleep(400);
    child.kill('SIGKILL');
  }

  async pause(ms: number): Promise<void> {
    const child = this.child;
    this.state = 'stopped';
    child.kill('SIGSTOP');
    await sleep(ms);
    child.kill('SIGCONT');
    if (this.child === child && this.state === 'stopped') this.state = 'up';
  }

  /** SIGTERM. @returns how long it took to end, ms; Infinity where it had to be killed */
  async leave(patienceMs: number): Promise<number> {
    this.doomed = true;
    this.state = 'leaving';
    const began = performance.now();
    return this.end(() => this.child.kill('SIGTERM'), began, patienceMs);
  }

  /** Lets it finish what it has begun, for good. @returns as {@link leave} */
  async finish(how: 'message' | 'SIGTERM', patienceMs: number): Promise<number> {
    this.forGood = true;
    const ask = (): void => (how === 'SIGTERM' ? void this.child.kill('SIGTERM') : this.tell('end'));
    return this.end(ask, performance.now(), patienceMs);
  }

  async close(): Promise<void> {
    this.forGood = true;
    this.kill();
    await this.ended;
  }

  private async end(ask: () => void, began: number, patienceMs: number): Promise<number> {
    const child = this.child;
    const { ended } = this;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.doomed = true;
      child.kill('SIGKILL');
    }, patienceMs);
    ask();
    await ended;
    clearTimeout(timer);
    return late ? Infinity : performance.now() - began;
  }

  private start(): void {
    const { script, job, stderr } = this.options;
    const said = openSync(stderr, 'a');
    const args = [join(import.meta.dirname, script), JSON.stringify(job)];
    this.child = guard(spawn(process.execPath, args, { stdio: ['ignore', said, said, 'ipc'] }));
    closeSync(said);
    this.state = 'starting';
    this.doomed = false;
    const { child } = this;
    child.on('error', () => {});
    child.once('message', () => {
      if (this.state === 'starting') this.state = 'up';
    });
    this.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        if (code !== 0 && !(this.doomed && signal === 'SIGKILL')) this.crashed(`code ${code}, ${signal}`);
        else if (code === 0 && !this.doomed && !this.forGood) this.crashed('without being told to');
        if (!this.forGood) this.start();
        resolve();
      });
    });
  }

  private crashed(how: string): void {
    const tail = readFileSync(this.options.stderr, 'utf8').slice(-1500);
    this.options.onCrash(`${this.name} ended (${how})\n${tail}`);
  }

  private tell(what: string): void {
    if (this.child.connected) this.child.send(what, () => {});
  }
}
