import type { z } from 'zod';
import { ProviderError } from './provider.ts';

/** Part of a name that is stored with every headline: no control characters, no end. */
export const MODEL_NAME = /^[^\p{C}]{1,100}$/u;

/** What a server sent, in the shape that it has to have. @throws ProviderError naming each field that is wrong */
export function checked<T>(schema: z.ZodType<T>, value: unknown, url: string): T {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const problems = error.issues.slice(0, 3).map((i) => `${i.path.join('.') || 'the answer'}: ${i.message}`);
  throw new ProviderError(`${url} answered what is no answer: ${problems.join('; ')}`);
}

/** @throws ProviderError where there is not one answer a text */
export function sameCount(got: number, asked: number, url: string): void {
  if (got !== asked) {
    throw new ProviderError(`${url} answered what is no answer: ${got} categories for ${asked} texts`);
  }
}
