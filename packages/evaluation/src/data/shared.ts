import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the data for measuring lies, beside the project; not part of it, and not there on every machine. */
export const sharedData = fileURLToPath(new URL('../../../../../shared/data', import.meta.url));

/** One evaluation on one set of data: its name, its arguments, and what it reads, relative to the folder. */
export type Job = { name: string; args: string[]; reads: string };

export type Layout = { jobs: Job[]; skipped: { name: string; why: string }[] };

/**
 * What can be evaluated on a folder: `stories-en/*.csv` and `*.jsonl` (stories; the CSV for lineage, too), `topics/<set>/corpus.tsv`,
 * `categories/<language>/50/train.tsv` with `dev.tsv` (or `test.tsv`), `search`. What is not there is named in `skipped`.
 */
export function layoutOf(folder: string): Layout {
  const jobs = [...storyJobs(folder), ...topicJobs(folder), ...categoryJobs(folder), ...searchJobs(folder)];
  const needed = {
    stories: 'stories-en/*.csv or *.jsonl',
    lineage: 'stories-en/*.csv',
    topics: 'topics/<set>/corpus.tsv',
    categories: 'categories/<language>/50/train.tsv with dev.tsv',
    search: 'search/, a test collection',
  };
  const skipped = Object.entries(needed)
    .filter(([name]) => !jobs.some((job) => job.name === name))
    .map(([name, files]) => ({ name, why: `${folder} has no ${files}` }));
  return { jobs, skipped };
}

const entries = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder).sort() : []);

function storyJobs(folder: string): Job[] {
  const files = entries(join(folder, 'stories-en')).filter((file) => /\.(?:csv|jsonl)$/.test(file));
  const jobOn = (name: string) => (file: string) => {
    const reads = join('stories-en', file);
    return { name, args: ['--data', join(folder, reads)], reads };
  };
  return [
    ...files.map(jobOn('stories')),
    ...files.filter((file) => file.endsWith('.csv')).map(jobOn('lineage')),
  ];
}

function topicJobs(folder: string): Job[] {
  return entries(join(folder, 'topics'))
    .map((set) => join('topics', set))
    .filter((reads) => existsSync(join(folder, reads, 'corpus.tsv')))
    .map((reads) => ({ name: 'topics', args: ['--data', join(folder, reads)], reads }));
}

function categoryJobs(folder: string): Job[] {
  return entries(join(folder, 'categories')).flatMap((language) => {
    const reads = join('categories', language);
    const train = join(folder, reads, '50', 'train.tsv');
    const test = ['dev.tsv', 'test.tsv']
      .map((file) => join(folder, reads, file))
      .find((file) => existsSync(file));
    if (!existsSync(train) || test === undefined) return [];
    return [
      { name: 'categories', args: ['--train', train, '--test', test, '--fields', 'headline+text'], reads },
    ];
  });
}

const searchJobs = (folder: string): Job[] =>
  entries(join(folder, 'search')).length === 0
    ? []
    : [{ name: 'search', args: ['--data', join(folder, 'search')], reads: 'search' }];
