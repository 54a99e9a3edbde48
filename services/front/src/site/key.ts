import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const keyLength = 32;

/**
 * The key with which pages and server islands understand each other (AES-256-GCM, base64). It is made
 * once and kept beside the builds, so that a page opened before a build, or before a restart, can still
 * load its islands after it.
 */
export async function siteKey(folder: string): Promise<string> {
  const file = join(folder, 'site.key');
  return (await readKey(file)) ?? (await createKey(file));
}

async function readKey(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return Buffer.from(text, 'base64').length === keyLength ? text : undefined;
}

/** Written aside and linked into place: of two first builds at once, both use the key of the first. */
async function createKey(file: string): Promise<string> {
  const aside = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(aside, randomBytes(keyLength).toString('base64'), { mode: 0o600 });
  try {
    await link(aside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(aside, { force: true });
  }
  const key = await readKey(file);
  if (!key) throw new Error(`${file} holds no key of ${keyLength} bytes; delete it and a new one is made`);
  return key;
}
