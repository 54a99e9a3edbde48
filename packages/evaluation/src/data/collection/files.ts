import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The three parts of a collection, as paths. */
export type CollectionFiles = { documents: string; queries: string; judgements: string };

/** How each part is known: by what is in it, or by how such files are called. */
const PARTS = {
  documents: { content: /<docno>/i, name: /all|doc|corpus/i, looks: '<doc> … <docno>' },
  queries: { content: /<top>/i, name: /qry|quer|topic/i, looks: '<top> … <num>' },
  judgements: {
    content: /^(?:\s*\S+[ \t]+\S+(?:[ \t]+\S+)?[ \t]+-?\d+[ \t]*(?:\r?\n|$)){1,5}/,
    name: /qrel/i,
    looks: 'lines of query, 0, document, grade',
  },
} as const;
/** What is read of a file to know it, characters. */
const HEAD = 20_000;

/**
 * Finds the parts in a folder, whatever their names; where several files would do, that whose name fits too. A file that has the
 * name alone is taken, so that what is wrong with it is told.
 *
 * @throws Error naming the part that is missing, or that several files could be
 */
export function collectionFiles(folder: string): CollectionFiles {
  if (!existsSync(folder)) throw new Error(`${folder}: no such folder`);
  if (!statSync(folder).isDirectory()) throw new Error(`${folder}: not a folder`);
  const files = readdirSync(folder)
    .toSorted()
    .filter((name) => !/^(?:\.|readme|licen[cs]e)/i.test(name) && statSync(join(folder, name)).isFile())
    .map((name) => ({ name, head: readFileSync(join(folder, name), 'utf8').slice(0, HEAD) }));
  const find = (part: keyof typeof PARTS): string => join(folder, bestOf(folder, files, part));
  return { documents: find('documents'), queries: find('queries'), judgements: find('judgements') };
}

function bestOf(folder: string, files: { name: string; head: string }[], part: keyof typeof PARTS): string {
  const { content, name: called, looks } = PARTS[part];
  const rated = files
    .map(({ name, head }) => ({ name, fit: (content.test(head) ? 2 : 0) + (called.test(name) ? 1 : 0) }))
    // Queries may be called "…all…" too: what is certainly another part is not this one.
    .filter(({ name, fit }) => fit >= 2 || (fit === 1 && !isOther(files, name, part)));
  const most = Math.max(0, ...rated.map(({ fit }) => fit));
  const best = rated.filter(({ fit }) => fit === most);
  const [only, ...rest] = best;
  if (!only) throw new Error(`${folder}: no file of ${part} (${looks}) among ${listed(files)}`);
  if (rest.length > 0) throw new Error(`${folder}: ${part} could be any of ${listed(best)}`);
  return only.name;
}

const isOther = (files: { name: string; head: string }[], name: string, part: keyof typeof PARTS): boolean =>
  Object.entries(PARTS).some(
    ([other, { content }]) => other !== part && content.test(files.find((file) => file.name === name)!.head),
  );

const listed = (files: readonly { name: string }[]): string =>
  files.map(({ name }) => name).join(', ') || 'no files';
