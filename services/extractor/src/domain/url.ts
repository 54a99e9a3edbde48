// Parameters that say where a click came from, not what it leads to.
const tracking =
  /^(?:utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|at_(?:medium|campaign|link_id|custom\d|bbc_team|format|ptr_name|link_type|link_origin)|xtor|ns_(?:source|mchannel|campaign)|cmpid|ocid|_ga|igshid)$/i;

/** Longest link, characters. PostgreSQL indexes 2704 bytes at most. */
const MAX_LENGTH = 2000;

/** An http(s) URL as it is followed, or undefined: `javascript:` and the like are no links. */
export function webUrl(text: string | undefined, base?: string): string | undefined {
  if (!text) return undefined;
  try {
    const url = new URL(text.trim(), base);
    const web = url.protocol === 'http:' || url.protocol === 'https:';
    return web && url.href.length <= MAX_LENGTH ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** What two links to the same article have in common: no fragment, no tracking, no scheme, no `www.`. */
export function canonicalUrl(href: string): string {
  const url = new URL(href);
  for (const name of [...url.searchParams.keys()]) if (tracking.test(name)) url.searchParams.delete(name);
  url.searchParams.sort();
  const host = url.host.replace(/^www\./, '');
  return `${host}${url.pathname.replace(/\/+$/, '')}${url.search}`;
}

// Fragments that name nothing: the top of a page, its comments, a passage, where the click came from.
const idle = /^(?:top|comments|respond|:~:.*|(?:echobox|ref|from|source)=.*)$/i;

/**
 * What makes an item that item: its link as {@link canonicalUrl} has it, and the fragment where that is
 * a part of what it names (a page of changes, each item a part of it: `/changes#v1`, `/changes#v2`).
 *
 * The item alone decides, not what stands beside it: were it the number of items with this page, the
 * last one left in the feed would get another key, and be a second headline. It decides thus: a
 * fragment that its guid has, too, is kept; one that its guid, the same page, does not have is dropped.
 * With another guid, or none, it is kept unless it is known to name nothing. Tracking (`#xtor=RSS-1`)
 * is always dropped.
 */
export function keyOf(href: string, guid?: string): string {
  const key = canonicalUrl(href);
  const fragment = new URL(href).hash.slice(1);
  if (fragment === '' || tracking.test(/^[^=]*(?==)/.exec(fragment)?.[0] ?? '')) return key;
  const named = webUrl(guid);
  const other = named === undefined || canonicalUrl(named) !== key;
  const kept = other ? !idle.test(fragment) : new URL(named).hash === `#${fragment}`;
  return kept ? `${key}#${fragment}` : key;
}

/** `www.example.org` → `example.org` */
export function hostOf(href: string): string {
  return new URL(href).hostname.replace(/^www\./, '');
}
