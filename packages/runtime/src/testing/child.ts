import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';

export type LogLine = { level: string; msg: string; service: string } & Record<string, unknown>;
export type Child = {
  process: ChildProcess;
  /** What it has logged so far. */
  lines(): LogLine[];
  output(): { stdout: string; stderr: string };
  /** Resolves when it logs this. Rejects where it exits without. */
  logged(message: string): Promise<void>;
  /** Resolves when it has gone and all that it wrote was read. */
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
};

/** Runs a file of this folder as a process with this environment and no other. Ends with the test. */
export function startChild(t: TestContext, file: string, env: Record<string, string> = {}): Child {
  const child = fork(new URL(file, import.meta.url), { env, silent: true });
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]!.setEncoding('utf8').on('data', (text: string) => (written[name] += text));
  }
  // Not "close", which does not come after a disconnect.
  const ends = [child.stdout!, child.stderr!].map((stream) => once(stream, 'end'));
  const exited: Child['exited'] = once(child, 'exit').then(async ([code, signal]) => {
    await Promise.all(ends);
    return { code: code as number | null, signal: signal as NodeJS.Signals | null };
  });
  t.after(() => child.kill('SIGKILL'));
  const lines = (): LogLine[] =>
    written.stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as LogLine);
  return {
    process: child,
    exited,
    lines,
    output: () => written,
    async logged(message) {
      let gone = false;
      void exited.then(() => (gone = true));
      while (!lines().some((l) => l.msg === message)) {
        if (gone) throw new Error(`exited without "${message}": ${written.stdout}${written.stderr}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
  };
}
