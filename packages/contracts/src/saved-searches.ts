import { z } from 'zod';
import { categoryIds } from './categories.ts';
import { instant } from './envelope.ts';
import { languageCode } from './language.ts';

/** HTTP shapes of saved searches: a question that is put to every new headline, and the webhook that is told. */

/** A name: PostgreSQL takes no NUL, and a name has no other control character either. */
const name = (most: number) =>
  z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(most, `at most ${most} characters`)
    .regex(/^\P{Cc}*$/u, 'must not hold control characters');

const query = z
  .string()
  .overwrite((text) => text.replaceAll(/\p{Cc}+/gu, ' ').trim())
  .max(1000, 'at most 1000 characters');

const webhookUrl = z
  .string()
  .max(2000, 'at most 2000 characters')
  .describe('http or https, without a password');

export const newSavedSearch = z.strictObject({
  name: name(100),
  query: query
    .default('')
    .describe('As for /api/v1/search; every word must be there. May be empty beside a filter'),
  category: z.enum(categoryIds).optional(),
  language: languageCode.optional(),
  publisher: name(300).optional().describe('As the headline has it, to the letter'),
  webhook_url: webhookUrl,
});

export const savedSearchChange = z
  .strictObject({
    name: name(100).optional(),
    active: z
      .boolean()
      .optional()
      .describe('False: it is put to no headline, and what waits is not delivered'),
    webhook_url: webhookUrl.optional(),
  })
  .refine((change) => Object.keys(change).length > 0, {
    error: 'says nothing to change: name, active, webhook_url',
    // Where a field is wrong, that is what is wrong.
    when: ({ issues }) => issues.length === 0,
  });

export const savedSearch = z.object({
  id: z.string(),
  name: z.string(),
  query: z.string(),
  category: z.string().nullable(),
  language: z.string().nullable(),
  publisher: z.string().nullable(),
  webhook_url: z.string(),
  active: z.boolean(),
  created_at: instant,
  last_matched_at: instant.nullable(),
  last_delivered_at: instant.nullable(),
  last_error: z
    .object({ at: instant, message: z.string() })
    .nullable()
    .describe('What went wrong last; null once a delivery has arrived'),
});

export const savedSearchList = z.object({ total: z.int(), items: z.array(savedSearch) });

export const createdSavedSearch = savedSearch.extend({
  secret: z.string().describe('What deliveries are signed with (Standard Webhooks). It is shown here only'),
});

export const delivery = z.object({
  id: z.string().describe('Its `webhook-id`, the same at each attempt'),
  kind: z.enum(['match', 'test']),
  batch_id: z.string().nullable().describe('The run whose headlines matched; null of a test'),
  created_at: instant,
  total: z.int().describe('How many headlines matched'),
  headlines: z
    .array(z.object({ id: z.string(), title: z.string(), url: z.string(), publisher: z.string() }))
    .describe('The newest of them, five at most, that are still stored'),
  state: z
    .enum(['waiting', 'delivered', 'failed'])
    .describe('waiting: to be tried, maybe again. failed: given up; there is a dead letter'),
  attempts: z.int(),
  delivered_at: instant.nullable(),
  last_error: z.string().nullable(),
});

export const savedSearchDetail = savedSearch.extend({
  deliveries: z.array(delivery).describe('The last 20, newest first. They are kept for 30 days'),
});

export const testDelivery = z.object({ delivery_id: z.string().describe('Its `webhook-id`') });

export type NewSavedSearch = z.infer<typeof newSavedSearch>;
export type SavedSearchChange = z.infer<typeof savedSearchChange>;
export type SavedSearch = z.infer<typeof savedSearch>;
export type SavedSearchList = z.infer<typeof savedSearchList>;
export type SavedSearchDetail = z.infer<typeof savedSearchDetail>;
export type Delivery = z.infer<typeof delivery>;
