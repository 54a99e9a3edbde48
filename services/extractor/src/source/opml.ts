import { readFile } from 'node:fs/promises';
import type { FeedEntry } from '@afk/database';
import { parseOpml } from 'feedsmith';
import { cleanTitle } from '../domain/clean.ts';
import type { Fetcher } from './http.ts';

/**
 * @param location path or http(s) URL
 * @param read what reads the text: a service gives one that does not block it
 * @throws Error naming the location
 */
export async function loadOpml(
  location: string,
  fetcher: Fetcher,
  read: (text: string, location: string) => FeedEntry[] | Promise<FeedEntry[]> = readOpml,
): Promise<FeedEntry[]> {
  if (!/^https?:/.test(location)) return read(await readFile(location, 'utf8'), location);
  const fetched = await fetcher.get(location).catch((cause: Error) => {
    throw new Error(`feed list ${location}: ${cause.message}`, { cause });
  });
  if (fetched.state !== 'ok') throw new Error(`feed list ${location}: it has no content`);
  return read(fetched.text, location);
}

/** Spaces and control characters are no part of a URL, and PostgreSQL indexes 2704 bytes at most. */
const feedUrl = /^(?:https?|demo):[^\u0000-\u0020\ud800-\udfff]{1,1990}$/;

type Outline = {
  xmlUrl?: string;
  title?: string;
  text?: string;
  language?: string;
  outlines?: Outline[];
};

/**
 * The feeds of an OPML document, folders flattened, each once.
 * @throws NotOpml where it is none, or names no feed
 */
export function readOpml(text: string, location: string): FeedEntry[] {
  let outlines: Outline[];
  try {
    outlines = (parseOpml(text).body?.outlines ?? []) as Outline[];
  } catch (cause) {
    throw new NotOpml(
      location,
      `it is not OPML; it begins with ${JSON.stringify(text.trimStart().slice(0, 60))}`,
      {
        cause,
      },
    );
  }
  const feeds = new Map<string, FeedEntry>();
  const visit = (list: readonly Outline[]): void => {
    for (const { xmlUrl, title, text: label, language, outlines: inner } of list) {
      const url = xmlUrl?.trim();
      if (url && feedUrl.test(url)) {
        feeds.set(url, {
          url,
          title: cleanTitle(title ?? label ?? ''),
          language: /^[a-z]{2}/i.exec(language ?? '')?.[0].toLowerCase() ?? null,
        });
      }
      visit(inner ?? []);
    }
  };
  visit(outlines);
  if (feeds.size === 0) throw new NotOpml(location, 'it names no feed (an outline with an xmlUrl)');
  return [...feeds.values()];
}

/** A feed list that no retry will make readable. */
export class NotOpml extends Error {
  constructor(location: string, reason: string, options?: ErrorOptions) {
    super(`feed list ${location}: ${reason}`, options);
    this.name = 'NotOpml';
  }
}
