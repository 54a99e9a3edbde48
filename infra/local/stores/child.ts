import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';

/** A store that runs as a child process. */
export type Store = {
  url: string;
  pid: number;
  stop(): Promise<void>;
  /** Resolves when it is gone, with its exit code or signal. */
  ended: Promise<string>;
  /** Does not keep this process alive; `pid` is then to be ended by whoever ends it. */
  unref(): void;
};

export function toStore(
  child: ChildProcess & { pid: number },
  url: string,
  signal: NodeJS.Signals,
  ms: number,
): Store {
  return {
    url,
    pid: child.pid,
    stop: () => stopProgram(child, signal, ms),
    ended: new Promise((resolve) => child.once('exit', (code, by) => resolve(String(code ?? by)))),
    unref() {
      child.unref();
      for (const stream of [child.stdout, child.stderr]) (stream as { unref?(): void } | null)?.unref?.();
    },
  };
}

/**
 * Starts a program in a session of its own, so that a terminal's Ctrl-C reaches the supervisor only,
 * which stops what depends on a store before the store.
 */
export function startProgram(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): ChildProcess & { pid: number; output: () => string } {
  const child = spawn(command, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let tail = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => (tail = (tail + chunk.toString()).slice(-4000)));
  }
  child.on('error', (error) => (tail += error.message));
  return Object.assign(child as ChildProcess & { pid: number }, { output: () => tail.trim() });
}

/** Sends a signal and waits for the end; SIGKILL after `ms`. */
export async function stopProgram(child: ChildProcess, signal: NodeJS.Signals, ms: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill(signal);
  const late = setTimeout(() => child.kill('SIGKILL'), ms);
  await ended;
  clearTimeout(late);
}

/** Asks `probe` every 50 ms until it is true. @throws Error with the program's last words */
export async function untilReady(
  name: string,
  child: ChildProcess & { output: () => string },
  probe: () => Promise<boolean>,
  ms = 30_000,
): Promise<void> {
  const deadline = Date.now() + ms;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(
        `${name} ended as it started (exit ${child.exitCode ?? child.signalCode}):\n${child.output()}`,
      );
    }
    if (await probe().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${name} is not ready after ${ms / 1000} s:\n${child.output()}`);
}

/**
 * Keeps a store running: one that ends by itself is started again, on the same data and port.
 *
 * @param say told when that happens
 */
export async function keepRunning(
  name: string,
  launch: () => Promise<Store>,
  say: (line: string) => void,
): Promise<{ url: string; pid(): number; stop(): Promise<void> }> {
  let store = await launch();
  let stopping = false;
  let restarting: Promise<void> = Promise.resolve();
  const watch = (running: Store): void => {
    void running.ended.then((how) => {
      if (!stopping) restarting = restart(how);
    });
  };
  const restart = async (how: string): Promise<void> => {
    say(`${name} ended (${how}): starting it again`);
    for (let wait = 200; !stopping; wait = Math.min(wait * 2, 10_000)) {
      try {
        store = await launch();
        return watch(store);
      } catch (error) {
        say(`${name} does not start: ${(error as Error).message}`);
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  };
  watch(store);
  return {
    url: store.url,
    pid: () => store.pid,
    async stop() {
      stopping = true;
      await restarting;
      await store.stop();
    },
  };
}
