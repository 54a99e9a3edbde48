import process from 'node:process';
import { runStepsAsync } from '@afk/text';
import { StoryWindow } from '@afk/topics';
import type { StoryChanges } from '@afk/topics';
import { multiplied, sourceOf, UNTIL } from './headlines.ts';
import type { Batch, Incremental, Task } from './measured.ts';
import { readRows, writeRows } from './rows.ts';

const OPTIONS = { windowMs: 72 * 3_600_000 };

async function batch({ data, size, rows }: Task): Promise<Batch> {
  const docs = multiplied(sourceOf(data).told, size);
  const window = new StoryWindow(OPTIONS);
  const [changes, seconds] = await timed(() =>
    runStepsAsync(window.advance(docs, UNTIL, (headline) => headline)),
  );
  const measured = {
    seconds,
    peak_mb: peakMb(),
    stories: changes.stories.filter(({ members }) => members.length > 1).length,
  };
  const examined = changes.stories.map(({ id, examined: items }) => ({ story: id, items }));
  writeRows(rows, { examined, weighedAt: changes.weighedAt }, rowsOf(window, changes));
  return measured;
}

async function incremental({ data, size, news, rows }: Task): Promise<Incremental> {
  const all = multiplied(sourceOf(data).told, size + news);
  const fresh = all.splice(size).map((doc, i) => ({ ...doc, publishedAt: UNTIL + 1 + i }));
  const [window, restore_seconds] = await timed(() =>
    runStepsAsync(StoryWindow.restore(readRows(rows), all, OPTIONS)),
  );
  const [stored, seconds] = await timed(async () => {
    const until = UNTIL + 1 + news;
    const changes = await runStepsAsync(window.advance(fresh, until, (headline) => headline));
    return rowsOf(window, changes).length;
  });
  return { seconds, peak_mb: peakMb(), restore_seconds, rows: stored };
}

/** What would be written to the database. */
const rowsOf = (window: StoryWindow, { headlines }: StoryChanges) =>
  headlines.map((row) => ({ ...row, vector: window.vectorOf(row.headline) }));

async function timed<T>(work: () => Promise<T>): Promise<[T, seconds: number]> {
  const start = performance.now();
  const result = await work();
  return [result, (performance.now() - start) / 1000];
}

/** Most memory that the process has held so far, in millions of bytes, Node itself and the headlines included. */
const peakMb = (): number => (process.resourceUsage().maxRSS * 1024) / 1e6;

// One measurement in a process of its own: its peak memory is nobody else's.
const task = JSON.parse(process.argv[2] ?? '') as Task;
const measured = task.kind === 'batch' ? await batch(task) : await incremental(task);
process.stdout.write(`${JSON.stringify(measured)}\n`);
