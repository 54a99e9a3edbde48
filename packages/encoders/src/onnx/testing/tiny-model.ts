import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { message } from './protobuf.ts';

export const WORDS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'query', ':', 'whale', 'sing', '##s', 'court'];

const INT64 = 7;
const FLOAT = 1;

/** Field numbers are those of onnx.proto3 (github.com/onnx/onnx). */
function shaped(name: string, type: number, dims: (string | number)[]): Uint8Array {
  const shape = message(
    ...dims.map((dim): [number, Uint8Array] => [1, message([typeof dim === 'string' ? 2 : 1, dim])]),
  );
  return message([1, name], [2, message([1, message([1, type], [2, shape])])]);
}

/** A model that looks each token up in a table: `output`[text, token] = table[id]. */
export function tableModel(table: readonly number[][], output: string): Uint8Array {
  const width = table[0]!.length;
  const weights = message(
    [1, table.length],
    [1, width],
    [2, FLOAT],
    [8, 'table'],
    [9, Buffer.from(Float32Array.from(table.flat()).buffer)],
  );
  const gather = message([1, 'table'], [1, 'input_ids'], [2, output], [4, 'Gather']);
  const inputs = ['input_ids', 'attention_mask', 'token_type_ids'];
  const graph = message(
    [1, gather],
    [2, 'tiny'],
    [5, weights],
    ...inputs.map((name): [number, Uint8Array] => [11, shaped(name, INT64, ['texts', 'tokens'])]),
    [12, shaped(output, FLOAT, ['texts', 'tokens', width])],
  );
  return message([1, 8], [7, graph], [8, message([1, ''], [2, 13])]);
}

/** A tokeniser of ten word pieces, in the format of the `tokenizers` library. */
const tokeniser = {
  version: '1.0',
  added_tokens: WORDS.slice(0, 4).map((content, id) => ({
    id,
    content,
    special: true,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
  })),
  normalizer: {
    type: 'BertNormalizer',
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: true,
    lowercase: true,
  },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [
      { SpecialToken: { id: '[CLS]', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '[SEP]', type_id: 0 } },
    ],
    pair: [],
    special_tokens: {
      '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
      '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
    },
  },
  decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(WORDS.map((word, id) => [word, id])),
  },
};

/** The files of a model, as the hub lays them out. */
export function modelFiles(model: Uint8Array): Record<string, Uint8Array | string> {
  return {
    'onnx/model.onnx': model,
    'tokenizer.json': JSON.stringify(tokeniser),
    'tokenizer_config.json': JSON.stringify({ tokenizer_class: 'BertTokenizer', pad_token: '[PAD]' }),
  };
}

export async function writeModel(folder: string, model: Uint8Array): Promise<void> {
  await mkdir(join(folder, 'onnx'), { recursive: true });
  for (const [name, content] of Object.entries(modelFiles(model)))
    await writeFile(join(folder, name), content);
}
