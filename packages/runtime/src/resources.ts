import type { Logger } from './logger.ts';

/** What a process has open: closed in reverse order, each awaited, a failure never stopping the rest. */
export class Resources {
  private readonly open: { name: string; close: () => Promise<unknown> }[] = [];
  private readonly log: Pick<Logger, 'warn'>;

  constructor(log: Pick<Logger, 'warn'>) {
    this.log = log;
  }

  /** @returns the same thing, so that it can be opened and noted in one line */
  add<T>(name: string, thing: T, close: (thing: T) => Promise<unknown>): T {
    this.open.push({ name, close: () => close(thing) });
    return thing;
  }

  async close(): Promise<void> {
    for (const { name, close } of this.open.splice(0).reverse()) {
      try {
        await close();
      } catch (error) {
        this.log.warn({ name, error: (error as Error).message }, 'closing');
      }
    }
  }
}
