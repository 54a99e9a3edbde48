import { formatError, unsupported } from '../errors.ts';
import type { FieldSchema, FieldType, JsonObject, TextParams } from '../types.ts';
import { isObject, optional, readBoolean, readUnsigned, refuse } from './read.ts';
import type { Fields } from './read.ts';

const TYPES: readonly string[] = ['keyword', 'integer', 'float', 'bool', 'datetime', 'text', 'uuid'];
const TOKENIZERS: readonly string[] = ['word', 'whitespace', 'prefix'];

function readType(value: unknown): FieldType {
  if (value === 'geo') throw unsupported('a geo payload index');
  if (typeof value === 'string' && TYPES.includes(value)) return value as FieldType;
  throw formatError('data did not match any variant of untagged enum PayloadFieldSchema');
}

function readTokenizer(value: unknown): TextParams['tokenizer'] {
  if (value === undefined || value === null) return 'word';
  if (typeof value === 'string' && TOKENIZERS.includes(value)) return value as TextParams['tokenizer'];
  if (value === 'multilingual') throw unsupported('the multilingual tokenizer');
  throw formatError(
    `unknown variant \`${String(value)}\`, expected one of \`prefix\`, \`whitespace\`, \`word\`, \`multilingual\``,
  );
}

function readTextParams(fields: Fields): TextParams {
  refuse(fields, { stemmer: 'stemming in a text index', stopwords: 'stop words in a text index' });
  if (fields['ascii_folding'] === true) throw unsupported('ASCII folding in a text index');
  return {
    tokenizer: readTokenizer(fields['tokenizer']),
    lowercase: optional(fields['lowercase'], 'lowercase', readBoolean) ?? true,
    minTokenLength: optional(fields['min_token_len'], 'min_token_len', readUnsigned) ?? 1,
    maxTokenLength:
      optional(fields['max_token_len'], 'max_token_len', readUnsigned) ?? Number.MAX_SAFE_INTEGER,
  };
}

/** Reads `"keyword"` or `{ type: "keyword", ... }`. */
export function readFieldSchema(value: unknown): FieldSchema {
  if (value === undefined || value === null) throw unsupported('a payload index without a field_schema');
  const fields = isObject(value) ? value : { type: value };
  const type = readType(fields['type']);
  const schema: FieldSchema = { type };
  if (type === 'text') schema.text = readTextParams(fields);
  if (isObject(value)) schema.params = value as JsonObject;
  return schema;
}
