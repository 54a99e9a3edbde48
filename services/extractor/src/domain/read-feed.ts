import { derivedId } from '@afk/bus';
import type { NewHeadline } from '@afk/database';
import { detectLanguage } from '@afk/text';
import { parseFeed } from 'feedsmith';
import { cleanSummary, cleanText, cleanTitle, shorten } from './clean.ts';
import { readDate } from './date.ts';
import { publishersOf } from './publisher.ts';
import { keyOf, webUrl } from './url.ts';

/** Most items that are read from one document; longest names, characters. */
const MAX_ITEMS = 10_000;
const PUBLISHER_LENGTH = 200;
const LANGUAGE_LENGTH = 35;

export type FeedContext = {
  /** The feed's own URL: what relative links are relative to. */
  url: string;
  /** Name and language from the feed list. */
  title: string;
  language: string | null;
  /** When an item has no date, or (with `clamp`) one later than this, it is published now. */
  now: Date;
  /** A live run: a date in the future is a wrong clock or zone. A replay takes dates as they are. */
  clamp: boolean;
};

export type ReadFeed = { title: string; language: string | null; headlines: NewHeadline[] };

/**
 * Reads RSS 2.0, RSS 1.0, Atom or JSON Feed.
 * Items without a title or a web link are left out; an item twice is one.
 *
 * @throws Error where the text is none of these
 */
export function readFeed(text: string, context: FeedContext): ReadFeed {
  const parsed = parse(text);
  const feedTitle = context.title || cleanTitle(parsed.title ?? '') || new URL(context.url).hostname;
  const hint = context.language ?? named(parsed.language)?.slice(0, LANGUAGE_LENGTH);
  const items = parsed.items.slice(0, MAX_ITEMS).flatMap((item) => {
    const title = cleanTitle(item.title ?? '');
    const url = webUrl(item.url, parsed.link ?? context.url);
    const { author, source } = item;
    return title === '' || !url
      ? []
      : [{ ...item, title, url, author: named(author), source: named(source) }];
  });
  const publishers = publishersOf(feedTitle, items);
  const byKey = new Map<string, NewHeadline>();
  for (const [i, item] of items.entries()) {
    const key = keyOf(item.url, item.guid);
    if (byKey.has(key)) continue;
    const language = detectLanguage(item.title, item.language ?? hint ?? undefined);
    byKey.set(key, {
      id: derivedId('headline', key),
      key,
      title: item.title,
      url: item.url,
      summary: cleanSummary(item.summary ?? ''),
      publisher: shorten(publishers[i]!, PUBLISHER_LENGTH),
      language,
      publishedAt: publishedAt(item.published, context),
    });
  }
  return { title: feedTitle, language: hint ?? null, headlines: [...byKey.values()] };
}

function named(text: string | undefined): string | undefined {
  return text === undefined ? undefined : cleanText(text) || undefined;
}

type Item = {
  title: string | undefined;
  url: string | undefined;
  /** What the feed names the item by: a link, or anything else. */
  guid: string | undefined;
  summary: string | undefined;
  /** As the feed writes it: feedsmith does not read dates. */
  published: unknown;
  author: string | undefined;
  source: string | undefined;
  language: string | undefined;
};
type Parsed = {
  title: string | undefined;
  link: string | undefined;
  language: string | undefined;
  items: Item[];
};

/** The formats brought to one shape. */
function parse(text: string): Parsed {
  const result = parseAny(text);
  switch (result.format) {
    case 'rss':
      return rss(result.feed);
    case 'rdf':
      return rdf(result.feed);
    case 'atom':
      return atom(result.feed);
    case 'json':
      return json(result.feed);
  }
}

function parseAny(text: string): ReturnType<typeof parseFeed> {
  try {
    return parseFeed(text);
  } catch (cause) {
    const start = JSON.stringify(text.trimStart().slice(0, 60));
    throw new Error(`neither RSS, Atom nor JSON Feed; it begins with ${start}`, { cause });
  }
}

type Of<F extends string> = Extract<ReturnType<typeof parseFeed>, { format: F }>['feed'];

function rss(feed: Of<'rss'>): Parsed {
  return {
    title: feed.title,
    link: webUrl(feed.link),
    language: feed.language,
    items: (feed.items ?? []).map((i) => ({
      title: i.title,
      url: i.link ?? permalink(i.guid),
      guid: i.guid?.value,
      summary: i.description ?? i.content?.encoded,
      published: i.pubDate ?? i.dc?.dates?.[0],
      author: i.dc?.creators?.[0] ?? nameOf(i.authors?.[0]),
      source: i.source?.title,
      language: i.dc?.languages?.[0],
    })),
  };
}

function rdf(feed: Of<'rdf'>): Parsed {
  return {
    title: feed.title,
    link: webUrl(feed.link),
    language: feed.dc?.languages?.[0],
    items: (feed.items ?? []).map((i) => ({
      title: i.title,
      url: i.link,
      guid: i.rdf?.about,
      summary: i.description ?? i.content?.encoded,
      published: i.dc?.dates?.[0],
      author: i.dc?.creators?.[0],
      source: i.dc?.publishers?.[0],
      language: i.dc?.languages?.[0],
    })),
  };
}

function atom(feed: Of<'atom'>): Parsed {
  return {
    title: feed.title?.value,
    link: webUrl(feed.xml?.base) ?? webUrl(linkOf(feed.links)),
    language: feed.xml?.lang,
    items: (feed.entries ?? []).map((e) => ({
      title: e.title?.value,
      url: linkOf(e.links) ?? webUrl(e.id),
      guid: e.id,
      summary: e.summary?.value ?? e.content?.value,
      published: e.published ?? e.updated,
      author: e.authors?.[0]?.name,
      source: e.source?.title?.value,
      language: e.xml?.lang,
    })),
  };
}

function json(feed: Of<'json'>): Parsed {
  return {
    title: feed.title,
    link: webUrl(feed.home_page_url),
    language: feed.language,
    items: (feed.items ?? []).map((i) => ({
      title: i.title ?? i.summary,
      url: i.url ?? i.external_url ?? webUrl(i.id),
      guid: i.id,
      summary: i.summary ?? i.content_text ?? i.content_html,
      published: i.date_published ?? i.date_modified,
      author: i.authors?.[0]?.name,
      source: undefined,
      language: i.language,
    })),
  };
}

function linkOf(links: readonly { href?: string; rel?: string }[] | undefined): string | undefined {
  return (links?.find((l) => l.rel === 'alternate' || l.rel === undefined) ?? links?.[0])?.href;
}

/** A guid is a link unless it says that it is none; `post-17`, which says nothing, is none either. */
function permalink(guid: { value?: string; isPermaLink?: boolean } | undefined): string | undefined {
  return guid?.isPermaLink === false ? undefined : webUrl(guid?.value);
}

/** `jane@example.org (Jane Doe)` → `Jane Doe` */
function nameOf(author: string | { name?: string; email?: string } | undefined): string | undefined {
  if (typeof author !== 'string') return author?.name;
  return /\(([^)]+)\)/.exec(author)?.[1] ?? author;
}

function publishedAt(text: unknown, { now, clamp }: FeedContext): Date {
  const date = readDate(text) ?? now;
  return clamp && date > now ? now : date;
}
