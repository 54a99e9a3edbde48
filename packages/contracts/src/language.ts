import { z } from 'zod';

/** A language as headlines are filtered and counted by it: ISO 639-1, or `und` of ISO 639-2, which is what is told of no language. */
export const languageCode = z
  .string()
  .regex(/^(?:[a-z]{2}|und)$/, 'an ISO 639-1 code, such as fr; or und, where it is not known');
