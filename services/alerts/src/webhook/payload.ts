import type { http } from '@afk/contracts';
import type { Delivery } from '@afk/database';

/** The body of a delivery: `type`, `timestamp`, `data`, as Standard Webhooks recommends. */
export function payloadOf(
  delivery: Delivery,
  headlines: readonly http.Headline[],
  publicUrl: string,
): string {
  const { id, name, query, category, language, publisher } = delivery.search;
  return JSON.stringify({
    type: delivery.batchId === null ? 'saved_search.test' : 'saved_search.matched',
    // Of what it tells, not of this attempt.
    timestamp: delivery.createdAt.toISOString(),
    data: {
      search: { id, name, query, category, language, publisher },
      batch_id: delivery.batchId,
      // All that matched; `headlines` are the newest of them.
      total: delivery.total,
      headlines: headlines.map(toldOf),
      link: linkOf(delivery.search, publicUrl),
    },
  });
}

function toldOf({ id, title, url, publisher, language, published_at, category }: http.Headline) {
  return { id, title, url, publisher, language, published_at, category: category?.id ?? null };
}

/** The search page, with the same question. */
function linkOf({ query, category, language, publisher }: Delivery['search'], publicUrl: string): string {
  const given = { q: query, category, language, publisher };
  const asked = Object.entries(given).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return `${publicUrl.replace(/\/+$/, '')}/search/?${new URLSearchParams(asked).toString()}`;
}
