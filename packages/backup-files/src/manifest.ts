import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeDurably } from './files.ts';

export const MANIFEST = 'backup.json';
/** Raise when an older program could not read what a newer one writes. */
export const FORMAT = 1;

const count = z.int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hex');
/** Below the backup's own folder, wherever that lies: a path that leads out of it is refused. */
const path = z.string().regex(/^(?:postgres|qdrant|redis)\/[\w%-][\w%.-]*$/, 'a file of this backup');
const instant = z.iso.datetime();

const file = z.object({ path, bytes: count, sha256 });
const table = z.object({ name: z.string(), columns: z.array(z.string()), rows: count, file: path });
const collection = z.object({ name: z.string(), points: count, file: path });

/** `backup.json`: what a backup is of, and all that is in it. */
export const manifest = z.object({
  format: z.literal(FORMAT),
  name: z.string(),
  /** The event that asked for it: the same event again finds this backup. */
  event_id: z.string().optional(),
  /** The version of AFK that took it, and its `ENV`. */
  afk: z.string(),
  env: z.string(),
  started_at: instant,
  finished_at: instant,
  files: z.array(file),
  postgres: z.object({
    /** All migrations that the database had had, oldest first. The last is the revision of its schema. */
    migrations: z.array(z.string()).min(1),
    /** Those of the schema's: a restore makes them where they belong before any migration asks for them. */
    extensions: z.array(z.string()),
    tables: z.array(table),
    sequences: path,
  }),
  qdrant: z.object({
    collections: z.array(collection),
    aliases: z.array(z.object({ alias: z.string(), collection: z.string() })),
  }),
  redis: z.union([z.object({ file: path, version: z.string() }), z.object({ left_out: z.string() })]),
});
export type Manifest = z.infer<typeof manifest>;
export type FileEntry = Manifest['files'][number];

/** A backup that is not what it should be. The message names the file. */
export class DamagedBackup extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DamagedBackup';
  }
}

/** The files are guarded by what this file says, and this file by `seal`: the SHA-256 of all the rest of it. */
const sealOf = (content: unknown): string =>
  createHash('sha256').update(JSON.stringify(content)).digest('hex');

export async function writeManifest(dir: string, content: Manifest): Promise<void> {
  await writeDurably(
    join(dir, MANIFEST),
    `${JSON.stringify({ ...content, seal: sealOf(content) }, null, 2)}\n`,
  );
}

/** @throws DamagedBackup where there is none, or not one that this program can read */
export async function readManifest(dir: string): Promise<Manifest> {
  const name = join(dir, MANIFEST);
  let content: Record<string, unknown>;
  try {
    content = JSON.parse(await readFile(name, 'utf8')) as Record<string, unknown>;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is none: this is no backup' : message;
    throw new DamagedBackup(`${name}: ${why}`, { cause });
  }
  const { seal, ...rest } = content ?? {};
  if (typeof rest['format'] === 'number' && rest['format'] > FORMAT) {
    throw new DamagedBackup(
      `${name}: format ${rest['format']}, and this program reads up to ${FORMAT}: install the newer program`,
    );
  }
  if (seal !== sealOf(rest)) throw new DamagedBackup(`${name} is damaged: it is not what was written`);
  return checkManifest(name, rest);
}

/** @throws DamagedBackup where it is none that can be read; asked before one is written, too */
export function checkManifest(name: string, content: unknown): Manifest {
  const parsed = manifest.safeParse(content);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((i) => `${i.path.join('.') || 'the file'}: ${i.message}`);
  throw new DamagedBackup(`${name}: ${wrong.join('; ')}`);
}

export const bytesOf = ({ files }: Manifest): number => files.reduce((sum, f) => sum + f.bytes, 0);
export const rowsOf = ({ postgres }: Manifest): number => postgres.tables.reduce((n, t) => n + t.rows, 0);
export const pointsOf = ({ qdrant }: Manifest): number =>
  qdrant.collections.reduce((n, c) => n + c.points, 0);
/** Undefined: Redis was left out. */
export const redisBytesOf = ({ files, redis }: Manifest): number | undefined =>
  'file' in redis ? files.find((f) => f.path === redis.file)?.bytes : undefined;
