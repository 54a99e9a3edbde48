import type { IncomingHttpHeaders } from 'node:http';

/** Where a reader stands: what it asked, and whether the front page handed the question on. */
export type Asked = { url: string; host: string; headers: IncomingHttpHeaders };

const HOST = /^(?:[\w-]+(?:\.[\w-]+)*\.?|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/**
 * The addresses of a feed as its reader knows them. The front page serves the feed under the same path and says in
 * `x-forwarded-host` (and `-proto`) where it is read; then the page of the search is there, too. Read from the API
 * itself, the same search is its JSON. A forged header leads none but its sender astray.
 */
export function addressesOf({ url, host, headers }: Asked): { self: string; page: string } {
  const forwarded = named(headers['x-forwarded-host']);
  const proto = named(headers['x-forwarded-proto']) === 'https' ? 'https' : 'http';
  const at = [forwarded, host].find((h) => h !== undefined && isHost(h)) ?? 'localhost';
  const self = new URL(url, `${proto}://${at}`);
  const page = new URL(self);
  page.pathname = at === forwarded ? '/search/' : self.pathname.replace(/\.rss$/, '');
  return { self: self.href, page: page.href };
}

const isHost = (text: string): boolean => HOST.test(text) && URL.canParse(`http://${text}`);

const named = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' ? header.split(',', 1)[0]!.trim() : undefined;
