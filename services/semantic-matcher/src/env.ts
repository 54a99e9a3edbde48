import { commonEnv, databaseEnv } from '@afk/runtime';
import { z } from 'zod';

export const env = commonEnv
  .extend(databaseEnv.shape)
  .extend({
    QDRANT_URL: z.url().default('http://127.0.0.1:6333'),
    QDRANT_API_KEY: z.string().optional(),
    /** What finds by meaning: fitted on the headlines; a model on this machine; Ollama; nothing. */
    SEARCH_ENCODER: z.enum(['lsa', 'onnx', 'ollama', 'none']).default('lsa'),
    /** onnx: a folder or a name on the hub. ollama: the name of an embedding model. */
    SEARCH_MODEL: z.string().max(300).optional(),
    /** Where models of the hub are kept. */
    SEARCH_MODEL_CACHE: z.string().default('.afk/models'),
    /** onnx: as the model was trained. */
    SEARCH_POOLING: z.enum(['mean', 'cls']).default('mean'),
    /** What finds by words: BM25, or a SPLADE model's terms. */
    SEARCH_SPARSE: z.enum(['bm25', 'splade']).default('bm25'),
    SEARCH_SPARSE_MODEL: z.string().max(300).optional(),
    SEARCH_OLLAMA_URL: z
      .url({ protocol: /^https?$/, error: 'a URL http://host:port' })
      .default('http://127.0.0.1:11434'),
    /** Put before what is encoded, as some models want it: `query: `, `passage: `. */
    SEARCH_QUERY_PREFIX: z.string().max(200).optional(),
    SEARCH_DOCUMENT_PREFIX: z.string().max(200).optional(),
  })
  .superRefine((given, ctx) => {
    const need = (name: 'SEARCH_MODEL' | 'SEARCH_SPARSE_MODEL', why: string): void => {
      if (given[name] === undefined)
        ctx.addIssue({ code: 'custom', path: [name], message: `needed for ${why}` });
    };
    const { SEARCH_ENCODER: encoder, SEARCH_SPARSE: sparse } = given;
    if (encoder === 'onnx' || encoder === 'ollama') need('SEARCH_MODEL', `SEARCH_ENCODER=${encoder}`);
    if (sparse === 'splade') need('SEARCH_SPARSE_MODEL', 'SEARCH_SPARSE=splade');
  });
export type Env = z.infer<typeof env>;
