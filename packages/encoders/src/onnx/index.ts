export { onnxEncoder, spladeEncoder } from './encoder.ts';
export type { OnnxOptions, SentenceOptions } from './encoder.ts';
export type { ModelSource } from './files.ts';
