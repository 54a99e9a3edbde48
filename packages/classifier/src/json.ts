import type { LinearModel, LinearModelJson } from './types.ts';

/** Exact: `fromJSON(JSON.parse(JSON.stringify(toJSON(model))))` predicts the same bits. */
export function toJSON(model: LinearModel): LinearModelJson {
  return {
    kind: 'linear',
    format: 2,
    version: model.version,
    labels: [...model.labels],
    characters: [...model.characters],
    vocabulary: [...model.vocabulary.keys()],
    idf: encode(model.idf),
    weights: Buffer.from(model.weights.buffer, model.weights.byteOffset, model.weights.length).toString(
      'base64',
    ),
    scales: encode(model.scales),
    intercepts: encode(model.intercepts),
    base: model.base && { model: toJSON(model.base.model), weights: encode(model.base.weights) },
  };
}

/** Throws TypeError when the value is no linear model of this format, or its parts do not fit together. */
export function fromJSON(json: LinearModelJson): LinearModel {
  if (json.kind !== 'linear' || json.format !== 2) {
    throw new TypeError(`no linear model of format 2: kind ${json.kind}, format ${json.format}`);
  }
  const model: LinearModel = {
    version: json.version,
    labels: json.labels,
    characters: json.characters,
    vocabulary: new Map(json.vocabulary.map((feature, number) => [feature, number])),
    idf: decode(json.idf),
    weights: Int8Array.from(Buffer.from(json.weights, 'base64')),
    scales: decode(json.scales),
    intercepts: decode(json.intercepts),
    base: json.base && { model: fromJSON(json.base.model), weights: decode(json.base.weights) },
  };
  const wrong = mismatch(model);
  if (wrong !== undefined) throw new TypeError(`model ${json.version}: ${wrong}`);
  return model;
}

/** What of the parts does not fit together, or is no number. */
function mismatch(model: LinearModel): string | undefined {
  const features = model.vocabulary.size;
  const labels = model.labels.length;
  const sizes: [string, { length: number }, number][] = [
    ['idf', model.idf, features],
    ['weights', model.weights, features * labels],
    ['scales', model.scales, features],
    ['intercepts', model.intercepts, labels],
  ];
  if (model.base) sizes.push(['base.weights', model.base.weights, model.base.model.labels.length * labels]);
  for (const [name, values, expected] of sizes)
    if (values.length !== expected) return `${name} has ${values.length} values, not ${expected}`;
  const numbers = { idf: model.idf, scales: model.scales, intercepts: model.intercepts };
  for (const [name, values] of Object.entries(numbers))
    if (!values.every(Number.isFinite)) return `${name} holds what is no number`;
  return undefined;
}

function encode(values: Float32Array): string {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) bytes.writeFloatLE(value, i * 4);
  return bytes.toString('base64');
}

function decode(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  return Float32Array.from({ length: bytes.length >>> 2 }, (_, i) => bytes.readFloatLE(i * 4));
}
