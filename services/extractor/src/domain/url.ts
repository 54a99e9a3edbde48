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

/** `www.example.org` → `example.org` */
export function hostOf(href: string): string {
  return new URL(href).hostname.replace(/^www\./, '');
}
