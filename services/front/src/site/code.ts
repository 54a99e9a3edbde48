import { createHash } from 'node:crypto';
import { glob, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Astro's handler in middleware mode: renders what is rendered on demand, else calls `next`. */
export type SiteCode = (
  req: IncomingMessage,
  res: ServerResponse,
  next: (error?: unknown) => void,
  locals: object,
) => Promise<void>;

/**
 * Loads the server code of builds. Node never lets go of a module, so code is imported again only if it
 * differs from all that was loaded before: builds that differ in their data share one.
 */
export function createCodeLoader() {
  const loaded = new Map<string, Promise<SiteCode>>();
  return {
    /** @param buildDir a folder that `buildSite` made. */
    async load(buildDir: string): Promise<SiteCode> {
      const folder = join(buildDir, 'server');
      const files = (await Array.fromAsync(glob('**/*.mjs', { cwd: folder }))).sort();
      const hash = await hashOf(folder, files);
      const code = loaded.get(hash) ?? importAll(folder, files);
      loaded.set(hash, code);
      code.catch(() => loaded.delete(hash));
      return code;
    },
    /** How many distinct versions are in memory. */
    size: () => loaded.size,
  };
}

async function hashOf(folder: string, files: string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(file)
      .update('\0')
      .update(await readFile(join(folder, file)));
  return hash.digest('hex');
}

/** Imports every chunk now: a page that is first asked for much later must not need the folder any more. */
async function importAll(folder: string, files: string[]): Promise<SiteCode> {
  const url = (file: string) => pathToFileURL(join(folder, file)).href;
  const entry = (await import(url('entry.mjs'))) as { handler: SiteCode };
  for (const file of files) await import(url(file));
  return entry.handler;
}
