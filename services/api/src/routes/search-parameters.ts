import { facetNames } from '@afk/contracts';
import { z } from 'zod';
import {
  category,
  instant,
  language,
  name,
  namesOf,
  orderedTimes,
  uuid,
  wholeNumber,
  words,
  yesOrNo,
} from '../query.ts';

/** What a search and its feed have in common. */
const shared = {
  q: words
    .optional()
    .describe(
      'Words, "a phrase", -word, publisher:, category:, language:, after:, before:. Needed without "like"',
    ),
  like: uuid
    .optional()
    .describe('Id of a headline: more like it. "q" may then hold fields and exclusions only'),
  category,
  language,
  publisher: name.describe('As the headlines have it, to the letter'),
  from: instant.describe('Published then or later'),
  to: instant.describe('Published then or before'),
  collapse: yesOrNo(true).describe('One hit a story, the others behind it. Default: true'),
};
const sort = z.enum(['relevance', 'recent'], { error: 'relevance or recent' });

const asked = { path: ['q'], error: 'is required where "like" is not given' };
const isAsked = ({ q, like }: { q?: string | undefined; like?: string | undefined }): boolean =>
  q !== undefined || like !== undefined;
const times = { path: ['from'], error: 'must not be after "to"' };

export const searchParameters = z
  .strictObject({
    ...shared,
    sort: sort.default('relevance').describe('recent: of hits that fit about as well, the newer first'),
    limit: wholeNumber(1, 100, 20),
    cursor: z
      .string()
      .max(200, 'is no cursor')
      .optional()
      .describe('"next" of the page before; with the same question'),
    facets: namesOf(facetNames).describe(
      `What to count by: ${facetNames.join(', ')}, with commas between them`,
    ),
  })
  .refine(isAsked, asked)
  .refine(orderedTimes, times);

/** Most items of a feed: what a reader that asks once a day does not miss. */
const FEED_ITEMS = 50;

export const feedParameters = z
  .strictObject({
    ...shared,
    sort: sort
      .default('recent')
      .describe('Which hits come in: the newer (recent), or the best. Newest first in either case'),
    limit: wholeNumber(1, FEED_ITEMS, FEED_ITEMS),
  })
  .refine(isAsked, asked)
  .refine(orderedTimes, times);
