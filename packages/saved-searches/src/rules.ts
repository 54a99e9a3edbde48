import type { CategoryId } from '@afk/contracts';
import { parseQuery, QuerySyntaxError, tellingWords, type Given } from '@afk/search';
import { webhookUrlFault } from './webhook-url.ts';

/** What is asked of each new headline. */
export type SavedQuery = {
  query: string;
  category?: string | null | undefined;
  language?: string | null | undefined;
  publisher?: string | null | undefined;
};
export type Fault = { field: string; message: string };

/** What stands beside the query, as a matcher takes it. */
export function givenOf({ category, language, publisher }: SavedQuery): Given {
  return {
    // A category that there is no more is one that no headline has.
    ...(category ? { category: category as CategoryId } : {}),
    ...(language ? { language } : {}),
    ...(publisher ? { publisher } : {}),
  };
}

/** What is wrong with a search that shall be saved, or with the changes to one; each fault names its field. */
export function faultsOf(
  { webhook_url: url, ...asked }: Partial<SavedQuery> & { webhook_url?: string | undefined },
  { clock, allowPrivate }: { clock: Date; allowPrivate: boolean },
): Fault[] {
  const query = asked.query === undefined ? undefined : queryFault({ ...asked, query: asked.query }, clock);
  const webhook = url === undefined ? undefined : webhookUrlFault(url, { allowPrivate });
  return [
    ...(query === undefined ? [] : [{ field: 'query', message: query }]),
    ...(webhook === undefined ? [] : [{ field: 'webhook_url', message: webhook }]),
  ];
}

function queryFault(asked: SavedQuery, clock: Date): string | undefined {
  try {
    const { text, publishers, categories, languages } = parseQuery(asked.query, clock);
    const wanted = [tellingWords(text), publishers, categories, languages, Object.keys(givenOf(asked))];
    if (wanted.some((part) => part.length > 0)) return undefined;
    return 'needs a word, a phrase, or a filter by category, language or publisher: else every headline would match';
  } catch (error) {
    if (error instanceof QuerySyntaxError) return error.message;
    throw error;
  }
}
