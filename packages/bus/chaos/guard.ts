import type { ChildProcess } from 'node:child_process';

const living = new Set<ChildProcess>();
const lastly: (() => void)[] = [];

process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
  for (const step of lastly) step();
});
for (const [signal, number] of [
  ['SIGHUP', 1],
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const) {
  process.once(signal, () => process.exit(128 + number));
}

/** From now on the child ends with this process, on whatever way that ends. */
export function guard(child: ChildProcess): ChildProcess {
  living.add(child);
  child.once('exit', () => living.delete(child));
  return child;
}

/** Done when this process ends, after its children; must not wait for anything. */
export function atExit(step: () => void): void {
  lastly.push(step);
}
