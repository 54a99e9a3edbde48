import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { fromJSON, toJSON, type LinearModel, type LinearModelJson } from '@afk/classifier';
import { categoryOf } from '@afk/contracts';

/** No model of ours is near this size: what is, is none. */
const MOST_BYTES = 512 * 1024 * 1024;

/** Name of a model: what its row is called, and what headlines have as their `category_model`. */
export const nameOf = (model: LinearModel): string => `linear-${model.version}`;

/** A row that holds no model, or one that this release cannot use. */
export class UnreadableModel extends Error {
  constructor(name: string, cause: unknown) {
    super(`the model ${name} cannot be read: ${(cause as Error).message}`, { cause });
    this.name = 'UnreadableModel';
  }
}

/** A model as its row holds it: gzipped JSON. The same model gives the same bytes. */
export async function packModel(model: LinearModel): Promise<Buffer> {
  return promisify(gzip)(JSON.stringify(toJSON(model)));
}

/** @throws UnreadableModel naming the model and what is wrong with it */
export async function unpackModel(name: string, body: Uint8Array): Promise<LinearModel> {
  try {
    const text = (await promisify(gunzip)(body, { maxOutputLength: MOST_BYTES })).toString('utf8');
    const model = fromJSON(JSON.parse(text) as LinearModelJson);
    const strange = model.labels.find((label) => !categoryOf(label));
    if (strange !== undefined) throw new TypeError(`its label "${strange}" is none of the 17 categories`);
    if (nameOf(model) !== name) throw new TypeError(`its body is that of ${nameOf(model)}`);
    return model;
  } catch (cause) {
    throw new UnreadableModel(name, cause);
  }
}
