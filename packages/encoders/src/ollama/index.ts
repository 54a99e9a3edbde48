export { OllamaError } from './client.ts';
export { ollamaEncoder } from './encoder.ts';
export type { OllamaOptions } from './encoder.ts';
