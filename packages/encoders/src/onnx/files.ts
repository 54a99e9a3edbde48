import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A folder as the hub lays models out, or a model of the hub, whose files are kept in `cache`. */
export type ModelSource =
  | { folder: string; file?: string }
  | { hub: string; cache: string; file?: string; revision?: string; hubUrl?: string; timeoutMs?: number };

export type ModelFiles = {
  model: Uint8Array;
  tokeniser: object;
  /** tokenizer_config.json; empty where there is none. */
  tokeniserConfig: Record<string, unknown>;
  /** Changes with any of them. */
  hash: string;
};

const MODELS = ['onnx/model.onnx', 'model.onnx'];
const HUB = 'https://huggingface.co';
const TIMEOUT_MS = 600_000;

/** Throws an error that names what is missing, and where. */
export async function readModelFiles(source: ModelSource, signal?: AbortSignal): Promise<ModelFiles> {
  const read = (name: string) =>
    'folder' in source ? readLocal(source, name) : readCached(source, name, signal);
  const place = 'folder' in source ? source.folder : `${source.hub} on the hub`;
  const names = source.file === undefined ? MODELS : [source.file];
  const model = await firstThere(names, read);
  if (!model) throw new Error(`onnx: no ${names.join(' or ')} in ${place}`);
  const tokeniser = await read('tokenizer.json');
  if (!tokeniser) throw new Error(`onnx: no tokenizer.json in ${place}`);
  const config = (await read('tokenizer_config.json')) ?? Buffer.from('{}');
  const hash = createHash('sha256');
  for (const part of [model, tokeniser, config]) hash.update(createHash('sha256').update(part).digest());
  return {
    model,
    tokeniser: parse(tokeniser, `tokenizer.json in ${place}`),
    tokeniserConfig: parse(config, `tokenizer_config.json in ${place}`),
    hash: hash.digest('hex').slice(0, 12),
  };
}

async function firstThere(
  names: readonly string[],
  read: (name: string) => Promise<Buffer | undefined>,
): Promise<Buffer | undefined> {
  for (const name of names) {
    const found = await read(name);
    if (found) return found;
  }
  return undefined;
}

function parse(bytes: Buffer, name: string): Record<string, unknown> {
  try {
    return JSON.parse(bytes.toString()) as Record<string, unknown>;
  } catch (cause) {
    throw new Error(`onnx: ${name} is no JSON`, { cause });
  }
}

async function readLocal({ folder }: { folder: string }, name: string): Promise<Buffer | undefined> {
  try {
    return await readFile(join(folder, name));
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw error;
  }
}

type Hub = Extract<ModelSource, { hub: string }>;

async function readCached(source: Hub, name: string, signal?: AbortSignal): Promise<Buffer | undefined> {
  const { hub, cache, revision = 'main' } = source;
  if (!/^[\w-][\w.-]*(\/[\w-][\w.-]*)?$/.test(hub))
    throw new Error(`onnx: ${JSON.stringify(hub)} names no model of a hub`);
  const folder = join(cache, hub, encodeURIComponent(revision));
  const kept = await readLocal({ folder }, name);
  if (kept) return kept;
  const fetched = await download(source, name, signal);
  if (!fetched) return undefined;
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  // A file that is there is whole: another process may read it at any time.
  const part = `${path}.${randomUUID()}.part`;
  await writeFile(part, fetched);
  await rename(part, path);
  return fetched;
}

async function download(
  { hub, revision = 'main', hubUrl = HUB, timeoutMs = TIMEOUT_MS }: Hub,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Buffer | undefined> {
  const url = `${hubUrl}/${hub}/resolve/${encodeURIComponent(revision)}/${name}`;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, { signal: signal ? AbortSignal.any([signal, timeout]) : timeout });
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    return Buffer.from(await response.arrayBuffer());
  } catch (cause) {
    signal?.throwIfAborted();
    throw new Error(`onnx: ${url}: ${(cause as Error).message}`, { cause });
  }
}
