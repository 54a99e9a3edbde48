import { categoryIds, languageCode } from '@afk/contracts';
import { z } from 'zod';

/** The pieces that query strings are made of. Each says in its message what would have been right. */

/** Digits only: `1e2`, ` 5` or nothing at all are slips of the pen, not numbers. */
export function wholeNumber(min: number, max: number, fallback: number) {
  const message = `a whole number from ${min} to ${max}`;
  return z
    .string()
    .refine((text) => /^\d{1,9}$/.test(text), message)
    .transform(Number)
    .pipe(z.int().min(min, message).max(max, message))
    .default(fallback)
    .meta({ type: 'integer', minimum: min, maximum: max, description: `Default: ${fallback}` });
}

export const page = (maxLimit: number, limit: number) => ({
  limit: wholeNumber(1, maxLimit, limit),
  offset: wholeNumber(0, 10_000, 0),
});

/** Kept as it is given; `+` of a zone must be written `%2B` in a URL. */
export const instant = z.iso
  .datetime({
    offset: true,
    error: 'an instant with its zone, such as 2026-01-31T08:00:00Z (a "+" written as %2B)',
  })
  .optional();

export const category = z.enum(categoryIds).optional();
export const language = languageCode.optional();

/** A name: PostgreSQL takes no NUL, and a name has no other control character either. */
export const name = z
  .string()
  .min(1)
  .max(300)
  .regex(/^\P{Cc}*$/u, 'must not hold control characters')
  .optional();

export const uuid = z.guid('a UUID');

/** Words to search for: control characters count as spaces. */
export const words = z
  .string({ error: 'must be given once' })
  .transform((text) => text.replaceAll(/\p{Cc}+/gu, ' ').trim())
  .pipe(z.string().min(1, 'must not be empty').max(1000, 'at most 1000 characters'))
  .meta({ type: 'string', minLength: 1, maxLength: 1000 });

/** What stands in a search field at this moment: the space at its end says that a word is finished. */
export const typing = z
  .string({ error: ({ input }) => (input === undefined ? 'is required' : 'must be given once') })
  .transform((text) => text.replaceAll(/\p{Cc}+/gu, ' ').trimStart())
  .pipe(z.string().max(1000, 'at most 1000 characters'))
  .meta({ type: 'string', maxLength: 1000 });

/** `true` or `false`, spelt out. */
export const yesOrNo = (fallback: boolean) =>
  z
    .enum(['true', 'false'], { error: 'true or false' })
    .transform((text) => text === 'true')
    .default(fallback)
    .meta({ type: 'boolean', description: `Default: ${fallback}` });

/** Names of a list, once each, with commas between them. */
export function namesOf<const T extends string>(known: readonly T[]) {
  const isKnown = (name: string): name is T => (known as readonly string[]).includes(name);
  const error = `of ${known.join(', ')}, with commas between them`;
  return z
    .string({ error: 'must be given once' })
    .refine((text) => text.split(',').every(isKnown), error)
    .transform((text) => [...new Set(text.split(',').filter(isKnown))])
    .default([])
    .meta({ type: 'string' });
}

/** A route without parameters: any is refused by name. */
export const nothing = z.strictObject({});

/** A time that is none of its own is told apart elsewhere: NaN is not after anything. */
export const orderedTimes = ({ from, to }: { from?: string | undefined; to?: string | undefined }): boolean =>
  from === undefined || to === undefined || !(Date.parse(from) > Date.parse(to));
export const orderedTimesError = { path: ['from'], error: 'must not be after "to"' };

export const toDate = (text: string | undefined): Date | undefined =>
  text === undefined ? undefined : new Date(text);
