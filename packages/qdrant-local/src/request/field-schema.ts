import { formatError, unsupported, validationError } from '../errors.ts';
import type { FieldSchema, FieldType, JsonObject, TextParams } from '../types.ts';
import { isObject, optional, readArray, readBoolean, readString, readUnsigned, refuse } from './read.ts';
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
  refuse(fields, { stemmer: 'stemming in a text index' });
  if (fields['ascii_folding'] === true) throw unsupported('ASCII folding in a text index');
  const lowercase = optional(fields['lowercase'], 'lowercase', readBoolean) ?? true;
  return {
    tokenizer: readTokenizer(fields['tokenizer']),
    lowercase,
    minTokenLength: optional(fields['min_token_len'], 'min_token_len', readUnsigned) ?? 1,
    maxTokenLength:
      optional(fields['max_token_len'], 'max_token_len', readUnsigned) ?? Number.MAX_SAFE_INTEGER,
    phrases: optional(fields['phrase_matching'], 'phrase_matching', readBoolean) ?? false,
    stopwords: readStopwords(fields['stopwords'], lowercase),
  };
}

/** Lists of the caller's own; the server's lists for each language are not here. */
function readStopwords(value: unknown, lowercase: boolean): string[] {
  if (value === undefined || value === null) return [];
  const languages = isObject(value) ? (value['languages'] ?? []) : value;
  if (!Array.isArray(languages) || languages.length > 0) {
    throw unsupported('stop words of a language in a text index');
  }
  const custom = optional((value as Fields)['custom'], 'custom', readArray) ?? [];
  const words = custom.map((word) => readString(word, 'custom'));
  return lowercase ? words.map((word) => word.toLowerCase()) : words;
}

/** The server keeps an integer index that serves neither match nor range for a mistake. */
function readIntegerParams(fields: Fields): Pick<FieldSchema, 'lookup' | 'range'> {
  const lookup = optional(fields['lookup'], 'lookup', readBoolean) ?? true;
  const range = optional(fields['range'], 'range', readBoolean) ?? true;
  if (!lookup && !range) {
    const problem = "the 'lookup' and 'range' capabilities can't be both disabled";
    throw validationError('JSON body', `field_schema: Validation error: ${problem} [{}]`);
  }
  return { lookup, range };
}

/** Reads `"keyword"` or `{ type: "keyword", ... }`. */
export function readFieldSchema(value: unknown): FieldSchema {
  if (value === undefined || value === null) throw unsupported('a payload index without a field_schema');
  const fields = isObject(value) ? value : { type: value };
  const type = readType(fields['type']);
  const schema: FieldSchema = { type };
  if (type === 'text') schema.text = readTextParams(fields);
  if (type === 'integer' && isObject(value)) Object.assign(schema, readIntegerParams(fields));
  if (isObject(value)) schema.params = value as JsonObject;
  return schema;
}
