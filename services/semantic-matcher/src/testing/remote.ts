import type { DenseEncoder } from '@afk/encoders';

/** An encoder as one of a server of embeddings, which can be away. */
export function remote(version: string, dimension: number): DenseEncoder & { away: boolean } {
  const encode = (text: string): Float32Array => {
    const vector = Float32Array.from(
      { length: dimension },
      (_, i) => text.split(/\W+/).filter((w) => w.length % dimension === i).length + 0.01,
    );
    const length = Math.hypot(...vector);
    return vector.map((x) => x / length);
  };
  const encoder = {
    kind: 'dense' as const,
    name: 'remote',
    version,
    dimension,
    away: false,
    async encodeDocuments(docs: readonly { title: string }[]): Promise<Float32Array[]> {
      if (encoder.away) throw new Error('the embedding server is away');
      return docs.map((d) => encode(d.title));
    },
    async encodeQuery({ text }: { text: string }): Promise<Float32Array> {
      if (encoder.away) throw new Error('the embedding server is away');
      return encode(text);
    },
  };
  return encoder;
}
