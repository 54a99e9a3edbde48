import { runStepsAsync } from '@afk/text';
import type { Steps } from '@afk/text';
import type { DenseEncoder, EncoderDocument } from '../types.ts';
import { project, unit } from './model.ts';
import type { LsaModel } from './model.ts';
import { documentTerms, queryTerms } from './read-terms.ts';

const DOCS_A_STEP = 64;

/** The dense encoder of a fitted model. */
export function lsaEncoder(model: LsaModel): DenseEncoder {
  return {
    kind: 'dense',
    name: 'lsa',
    version: model.version,
    dimension: model.rank,
    encodeDocuments: (docs, { signal } = {}) => runStepsAsync(encodeAll(model, docs), signal),
    encodeQuery: async (query) => {
      const sums = new Float64Array(model.rank);
      if (!project(model, queryTerms(query), sums)) return undefined;
      const vector = unit(sums);
      return vector.some((value) => value !== 0) ? vector : undefined;
    },
  };
}

function* encodeAll(model: LsaModel, docs: readonly EncoderDocument[]): Steps<Float32Array[]> {
  const vectors: Float32Array[] = [];
  for (const doc of docs) {
    const sums = new Float64Array(model.rank);
    project(model, documentTerms(doc), sums);
    vectors.push(unit(sums));
    if (vectors.length % DOCS_A_STEP === 0) yield;
  }
  return vectors;
}
