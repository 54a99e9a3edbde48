import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Servers, Tasks } from './child.ts';

const CHILD = new URL('child.ts', import.meta.url);
/** No measurement lasts as long, ms. */
const LIMIT_MS = 120_000;

/** Measures in a process of its own. @throws Error where it ends without a result */
export async function inChild<T extends keyof Tasks>(
  task: T,
  options: Parameters<Tasks[T]>[0],
): Promise<Awaited<ReturnType<Tasks[T]>>> {
  const child = start(task, options);
  const late = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  try {
    return (await answer(child, task)) as Awaited<ReturnType<Tasks[T]>>;
  } finally {
    clearTimeout(late);
    await ended(child);
  }
}

export type Serving = { ask<T>(question: string): Promise<T>; end(): Promise<void> };

/** Starts a process that serves until `end`, and waits until it does. */
export async function serveInChild<T extends keyof Servers>(
  server: T,
  options: Parameters<Servers[T]>[0],
): Promise<Serving> {
  const child = start(server, options, ['--expose-gc']);
  await answer(child, server);
  return {
    ask<A>(question: string): Promise<A> {
      child.send(question);
      return answer(child, server) as Promise<A>;
    },
    async end() {
      child.send('end');
      await ended(child);
    },
  };
}

function start(name: string, options: object, flags: readonly string[] = []): ChildProcess {
  const execArgv = [...process.execArgv, ...flags];
  return fork(CHILD, [name, JSON.stringify(options)], { execArgv });
}

async function answer(child: ChildProcess, name: string): Promise<unknown> {
  const abort = new AbortController();
  const { signal } = abort;
  const died = once(child, 'exit', { signal }).then(() => {
    throw new Error(`the process of "${name}" ended (${child.exitCode ?? child.signalCode})`);
  });
  try {
    const [result] = await Promise.race([once(child, 'message', { signal }), died]);
    return result;
  } finally {
    died.catch(() => {});
    abort.abort();
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
