import { spawn } from 'node:child_process';
import process from 'node:process';

export type Ended = { code: number; stdout: string; stderr: string };
export type ShellOptions = {
  cwd?: string;
  env?: Record<string, string>;
  /** ms; then the program is killed, and its code is 124. */
  timeout?: number;
  input?: string;
};

/** Runs a program to its end, whatever its exit code. */
export function run(command: string, args: readonly string[], options: ShellOptions = {}): Promise<Ended> {
  const { cwd, env, timeout = 600_000, input = '' } = options;
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: 'pipe' });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // A program that reads nothing may be gone before it is given anything.
  child.stdin.on('error', () => {}).end(input);
  return new Promise((resolve) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, timeout);
    child.on('error', (error) => resolve({ code: 127, stdout, stderr: error.message }));
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code: late ? 124 : (code ?? 137), stdout, stderr });
    });
  });
}

/** {@link run}. @returns what the program printed. @throws Error with its last words, where it fails */
export async function must(
  command: string,
  args: readonly string[],
  options: ShellOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await run(command, args, options);
  if (code === 0) return stdout;
  const last = `${stdout}\n${stderr}`.trim().split('\n').slice(-15).join('\n');
  throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${last}`);
}
