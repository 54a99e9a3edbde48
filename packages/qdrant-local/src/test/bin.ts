import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

export interface Bin {
  child: ChildProcess;
  /** Resolves with the URL, or undefined when it ended without one. */
  url: Promise<string | undefined>;
  exit: Promise<number | null>;
  errors(): string;
}

/** The server as a process of its own. */
export async function runBin(t: TestContext, path: string): Promise<Bin> {
  const bin = join(import.meta.dirname, '../bin.ts');
  const child = spawn(process.execPath, [bin, '--path', path, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  const url = new Promise<string | undefined>((resolve) => {
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const found = /(http:\/\/[^\s,]+)/.exec(output);
      if (found) resolve(found[1]);
    });
    child.once('close', () => resolve(undefined));
  });
  return { child, url, exit, errors: () => errors };
}
