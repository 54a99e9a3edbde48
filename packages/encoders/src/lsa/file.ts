import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import type { LsaModel } from './model.ts';

/*
 * A model in bytes: "AFKLSA01" | SHA-256 of what follows | uint32 length of the header | header, JSON in UTF-8 | weights |
 * components, both float32. All numbers little-endian.
 */
const MAGIC = 'AFKLSA01';
const DIGEST = 32;
const START = MAGIC.length + DIGEST;

type Content = Omit<LsaModel, 'version'>;
type Header = { documents: number; leftOut: number; rank: number; terms: string[] };

export function writeLsaModel(model: LsaModel): Uint8Array {
  const body = bodyOf(model);
  const digest = createHash('sha256').update(body).digest();
  return Buffer.concat([Buffer.from(MAGIC, 'latin1'), digest, body]);
}

/** Throws where the bytes are no model, another format's or damaged. */
export function readLsaModel(bytes: Uint8Array): LsaModel {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = buffer.toString('latin1', 0, MAGIC.length);
  if (magic !== MAGIC)
    throw new Error(`not an LSA model of this format: begins with ${JSON.stringify(magic)}, not ${MAGIC}`);
  const body = buffer.subarray(START);
  if (!createHash('sha256').update(body).digest().equals(buffer.subarray(MAGIC.length, START)))
    throw new Error(`damaged LSA model: its checksum does not fit its ${bytes.byteLength} bytes`);
  return { version: versionOfBody(body), ...contentOf(body) };
}

/** Twelve hexadecimal digits of the content's hash. */
export const versionOf = (content: Content): string => versionOfBody(bodyOf(content));

const versionOfBody = (body: Uint8Array): string =>
  createHash('sha256').update(body).digest('hex').slice(0, 12);

function bodyOf({ documents, leftOut, rank, rows, weights, components }: Content): Buffer {
  const header: Header = { documents, leftOut, rank, terms: [...rows.keys()] };
  const json = Buffer.from(JSON.stringify(header));
  const body = Buffer.alloc(4 + json.length + 4 * (weights.length + components.length));
  body.writeUInt32LE(json.length);
  json.copy(body, 4);
  bytesOf(weights).copy(body, 4 + json.length);
  bytesOf(components).copy(body, 4 + json.length + 4 * weights.length);
  return body;
}

function contentOf(body: Buffer): Content {
  const end = 4 + body.readUInt32LE();
  const { documents, leftOut, rank, terms } = JSON.parse(body.toString('utf8', 4, end)) as Header;
  const weights = floats(body, end, terms.length);
  const components = floats(body, end + 4 * terms.length, terms.length * rank);
  return {
    documents,
    leftOut,
    rank,
    rows: new Map(terms.map((term, row) => [term, row])),
    weights,
    components,
  };
}

function bytesOf(values: Float32Array): Buffer {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return endianness() === 'LE' ? bytes : Buffer.from(bytes).swap32();
}

// Copied, as bytes may begin anywhere and numbers may not.
function floats(from: Buffer, at: number, count: number): Float32Array {
  const values = new Float32Array(count);
  const bytes = Buffer.from(values.buffer);
  from.copy(bytes, 0, at, at + 4 * count);
  if (endianness() !== 'LE') bytes.swap32();
  return values;
}
