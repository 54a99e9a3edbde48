import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileNameOf, writeDurably, writeEntry } from '../files.ts';
import type { FileEntry, Manifest } from '../manifest.ts';
import type { Backup } from '../backups.ts';
import { QdrantFailure, type QdrantRest } from './client.ts';

export type QdrantPart = { part: Manifest['qdrant']; files: FileEntry[] };
/** The snapshot of a collection that lies on the server while it is fetched. */
export type OnServer = { collection: string; snapshot: string };

/** Names the snapshot that is being fetched: what a kill leaves on the server is removed by the next backup. */
export const ON_SERVER = 'snapshot-on-server.json';

/** The alias of an environment, as the semantic matcher names it. */
const aliasOf = (env: string): string => `${env === '' ? '' : `${env}-`}headlines`;

/** Takes a snapshot of each collection of this environment, and notes what its aliases lead to. */
export async function dumpQdrant(
  qdrant: QdrantRest,
  { env, root, signal }: { env: string; root: string; signal: AbortSignal },
): Promise<QdrantPart> {
  const { names, aliases } = await ownOf(qdrant, env);
  const collections: Manifest['qdrant']['collections'] = [];
  const files: FileEntry[] = [];
  for (const name of names) {
    signal.throwIfAborted();
    const led = aliases.some((a) => a.collection === name);
    const taken = await dumpCollection(qdrant, name, { root, signal }).catch((error: unknown) => {
      // One that was being made is given up at any moment; one that answers is not.
      if (!led && error instanceof QdrantFailure && error.status === 404) return undefined;
      throw error;
    });
    if (!taken) continue;
    files.push(taken.file);
    collections.push({ name, points: taken.points, file: taken.file.path });
  }
  return { part: { collections, aliases }, files };
}

/** What is of this environment: collections that say so themselves, and what its alias leads to. */
async function ownOf(
  qdrant: QdrantRest,
  env: string,
): Promise<{ names: string[]; aliases: Manifest['qdrant']['aliases'] }> {
  const own = aliasOf(env);
  const names = new Set<string>();
  const led = (await qdrant.aliases()).filter((a) => a.alias_name === own);
  for (const { collection_name } of led) names.add(collection_name);
  for (const name of await qdrant.collections()) {
    if (!name.startsWith(`${own}_`) || names.has(name)) continue;
    if ((await qdrant.metadataOf(name))?.['afk'] === own) names.add(name);
  }
  const aliases = led.map((a) => ({ alias: a.alias_name, collection: a.collection_name }));
  return { names: [...names].toSorted(), aliases };
}

async function dumpCollection(
  qdrant: QdrantRest,
  name: string,
  { root, signal }: { root: string; signal: AbortSignal },
): Promise<{ file: FileEntry; points: number }> {
  const snapshot = await qdrant.createSnapshot(name);
  const note = join(root, ON_SERVER);
  await writeDurably(note, JSON.stringify({ collection: name, snapshot } satisfies OnServer));
  try {
    const path = `qdrant/${fileNameOf(name)}.snapshot`;
    const file = await writeEntry(root, path, await qdrant.download(name, snapshot), signal);
    return { file, points: await qdrant.count(name) };
  } finally {
    await qdrant.deleteSnapshot(name, snapshot);
    await rm(note, { force: true });
  }
}

/** Takes the collections in, beside or over what there is; the aliases stay where they are. */
export async function loadCollections(qdrant: QdrantRest, { path, manifest }: Backup): Promise<void> {
  for (const { name, file } of manifest.qdrant.collections) {
    const { sha256 } = manifest.files.find((f) => f.path === file)!;
    await qdrant.upload(name, join(path, file), sha256);
  }
}

/** Lets the aliases lead to what was taken in, in one step, and removes collections that are not in the backup. */
export async function leadToBackup(qdrant: QdrantRest, { manifest }: Backup): Promise<void> {
  const { names } = await ownOf(qdrant, manifest.env);
  const { aliases, collections } = manifest.qdrant;
  const own = aliasOf(manifest.env);
  const there = (await qdrant.aliases()).filter((a) => a.alias_name === own);
  const actions = [
    ...there.map(() => ({ delete_alias: { alias_name: own } })),
    ...aliases.map((a) => ({ create_alias: { alias_name: a.alias, collection_name: a.collection } })),
  ];
  if (actions.length > 0) await qdrant.changeAliases(actions);
  const kept = new Set(collections.map((c) => c.name));
  for (const name of names.filter((n) => !kept.has(n))) await qdrant.deleteCollection(name);
}
