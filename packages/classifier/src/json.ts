import type { LinearModel, LinearModelJson } from './types.ts';

/** Exact: `fromJSON(JSON.parse(JSON.stringify(toJSON(model))))` predicts the same bits. */
export function toJSON(model: LinearModel): LinearModelJson {
  return {
    kind: 'linear',
    format: 1,
    version: model.version,
    labels: [...model.labels],
    characters: [...model.characters],
    vocabulary: [...model.vocabulary.keys()],
    idf: encode(model.idf),
    weights: encode(model.weights),
    intercepts: encode(model.intercepts),
    temperature: model.temperature,
  };
}

/** Throws TypeError when the value is no linear model of this format, or its parts do not fit together. */
export function fromJSON(json: LinearModelJson): LinearModel {
  if (json.kind !== 'linear' || json.format !== 1) {
    throw new TypeError(`no linear model of format 1: kind ${json.kind}, format ${json.format}`);
  }
  const model = {
    version: json.version,
    labels: json.labels,
    characters: json.characters,
    vocabulary: new Map(json.vocabulary.map((feature, number) => [feature, number])),
    idf: decode(json.idf),
    weights: decode(json.weights),
    intercepts: decode(json.intercepts),
    temperature: json.temperature,
  };
  const features = model.vocabulary.size;
  const labels = model.labels.length;
  if (
    model.idf.length !== features ||
    model.intercepts.length !== labels ||
    model.weights.length !== features * labels ||
    !(model.temperature > 0)
  ) {
    throw new TypeError(`model ${json.version}: sizes of vocabulary, labels and weights disagree`);
  }
  return model;
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
