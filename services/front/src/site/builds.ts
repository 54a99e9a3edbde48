import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Beside the pages, not among them: which batch they show. */
const BATCH = 'batch';

/** The builds of a folder, `build-<time>` each; the time sorts them. */
export class Builds {
  private readonly dir: string;

  constructor(dir: string) {
    this.dir = resolve(dir);
  }

  /** A path for a new build: after all that there are, also where the clock was ahead once. */
  async next(): Promise<string> {
    await mkdir(this.dir, { recursive: true });
    const newest = Number(/\d+$/.exec((await this.newest()) ?? '')?.[0] ?? 0);
    return join(this.dir, `build-${String(Math.max(Date.now(), newest + 1)).padStart(15, '0')}`);
  }

  async newest(): Promise<string | undefined> {
    return (await this.list()).at(-1);
  }

  /** Notes which batch a build shows. */
  async note(build: string, batchId: string): Promise<void> {
    await writeFile(join(build, BATCH), batchId);
  }

  /** Which batch the newest build shows; undefined: there is no build, or one of an older release. */
  async batchOfNewest(): Promise<string | undefined> {
    const newest = await this.newest();
    return newest && (await readFile(join(newest, BATCH), 'utf8').catch(() => undefined));
  }

  /** Removes all but the newest `keep`, and what an aborted build left. */
  async prune(keep: number): Promise<void> {
    const wrecks = (await this.names()).filter((n) => n.endsWith('.work')).map((n) => join(this.dir, n));
    for (const old of [...(await this.list()).slice(0, -keep), ...wrecks]) {
      await rm(old, { recursive: true, force: true });
    }
  }

  private names(): Promise<string[]> {
    return readdir(this.dir).catch(() => []);
  }

  private async list(): Promise<string[]> {
    return (await this.names())
      .filter((n) => /^build-\d+$/.test(n))
      .sort()
      .map((n) => join(this.dir, n));
  }
}
