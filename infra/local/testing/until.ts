import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `condition` holds; `ms` says when to give up, long after a busy machine. @throws Error naming what was waited for */
export async function until(what: string, condition: () => unknown, ms = 30_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited ${ms} ms in vain for: ${what}`);
    await sleep(10);
  }
}
