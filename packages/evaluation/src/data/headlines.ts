import { readFileSync } from 'node:fs';
import type { Doc } from '@afk/topics';
import { parseTable } from './table.ts';

/** A headline with the story that people have put it in. */
export type GoldHeadline = { doc: Doc; gold: string };

export type GoldHeadlines = {
  headlines: GoldHeadline[];
  /** False where the file tells no times: then all were published at the same moment. */
  timed: boolean;
  /** Lines that could not be read: too few fields (a file that was cut off), no story, no time. */
  unreadable: number;
};

type Line = { title: string; gold: string; publisher: string; publishedAt: number };

/** Share of lines that may be unreadable before a file is refused: figures on the rest would be of other data. */
const MOST_UNREADABLE = 0.01;

/**
 * Headlines with their gold stories: the UCI News Aggregator's CSV by its header (TITLE and STORY; PUBLISHER and TIMESTAMP,
 * milliseconds, where it has them), or JSON lines of `{"Id", "clusterNo", "textCleaned"}`, which tell no times.
 *
 * @throws Error that names the file and what is wrong with it
 */
export function readGoldHeadlines(file: string, language: string): GoldHeadlines {
  const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  const { lines, timed } = text.trimStart().startsWith('{') ? fromJsonLines(text, file) : fromCsv(text, file);
  const readable = lines.filter((line) => line !== undefined);
  const unreadable = lines.length - readable.length;
  if (readable.length === 0) throw new Error(`${file}: no headline with a story`);
  if (unreadable > Math.max(1, MOST_UNREADABLE * lines.length)) {
    const first = lines.findIndex((line) => line === undefined);
    throw new Error(
      `${file}: ${unreadable} of ${lines.length} headlines cannot be read, first: number ${first + 1}`,
    );
  }
  return {
    headlines: readable.map(({ gold, ...doc }, i) => ({ gold, doc: { id: idOf(i), language, ...doc } })),
    timed,
    unreadable,
  };
}

// Such files are sorted by story. Ties in time go by id, and must not profit from that order: ids are shuffled.
function idOf(i: number): string {
  let mixed = Math.imul(i ^ (i >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return `${((mixed ^ (mixed >>> 16)) >>> 0).toString(16).padStart(8, '0')}-${i}`;
}

type Read = { lines: (Line | undefined)[]; timed: boolean };

function fromCsv(text: string, file: string): Read {
  const [header = [], ...rows] = parseTable(text, ',');
  const [title, gold] = ['TITLE', 'STORY'].map((name) => {
    if (!header.includes(name))
      throw new Error(`${file}: no column ${name} in its header (${preview(header.join(','))})`);
    return header.indexOf(name);
  });
  const [publisher, time] = [header.indexOf('PUBLISHER'), header.indexOf('TIMESTAMP')];
  const lines = rows.map((row): Line | undefined => {
    const publishedAt = time < 0 ? 0 : Number(row[time]?.trim() || Number.NaN);
    if (row.length !== header.length || row[gold!] === '' || !Number.isFinite(publishedAt)) return undefined;
    return { title: row[title!]!, gold: row[gold!]!, publisher: row[publisher] ?? '', publishedAt };
  });
  return { lines, timed: time >= 0 };
}

function fromJsonLines(text: string, file: string): Read {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  return { lines: lines.map((line, i) => fromJson(line, `${file}: line ${i + 1}`)), timed: false };
}

function fromJson(line: string, where: string): Line {
  const { clusterNo, textCleaned } = parsed(line, where);
  if (typeof textCleaned !== 'string')
    throw new Error(`${where} has no text in "textCleaned": ${preview(line)}`);
  if (typeof clusterNo !== 'string' && typeof clusterNo !== 'number') {
    throw new Error(`${where} has no number in "clusterNo": ${preview(line)}`);
  }
  return { title: textCleaned, gold: String(clusterNo), publisher: '', publishedAt: 0 };
}

function parsed(line: string, where: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (cause) {
    throw new Error(`${where} is no JSON: ${preview(line)}`, { cause });
  }
  throw new Error(`${where} is no object: ${preview(line)}`);
}

const preview = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}…` : text);
