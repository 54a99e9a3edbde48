import { derivedId, type Context } from '@afk/bus';
import {
  countGrouped,
  dropEmptyStories,
  examinedStories,
  groupedHeadlines,
  saveStories,
  storyHead,
  ungroupedHeadlines,
  type Queryable,
  type StoryHead,
  type WindowHeadline,
} from '@afk/database';
import { runStepsAsync } from '@afk/text';
import { StoryWindow, type Doc } from '@afk/topics';

type Kept = { window: StoryWindow; head: StoryHead };

/**
 * Keeps the window of stories between two runs, so that a run reads the new headlines alone. What it keeps is worth
 * nothing but time: it goes on from what is stored, as any other replica would, and what is kept is
 * thrown away whenever it is not what is stored.
 */
export class StoryKeeper {
  readonly #windowMs: number;
  #kept: Kept | undefined;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /**
   * Groups what is new up to the batch's clock, and writes what that changes. To be called in a transaction that holds
   * `lockStories`, and to be followed by `keep` when that has committed.
   *
   * @returns the window: not to be relied upon should the transaction fail
   */
  async advance(
    tx: Queryable,
    batch: { id: string; asOf: Date },
    ctx: Pick<Context, 'signal' | 'log'>,
  ): Promise<StoryWindow> {
    const kept = this.#kept;
    this.#kept = undefined;
    const head = await storyHead(tx);
    const since = new Date(Math.min(batch.asOf.getTime(), head?.asOf.getTime() ?? Infinity) - this.#windowMs);
    // A replay of the past: what it sees of each story is not what the run before it saw.
    const back = head !== undefined && batch.asOf < head.asOf;
    const window =
      kept !== undefined && !back && (await isStored(tx, kept, head, since, batch.asOf))
        ? kept.window
        : await this.#restore(tx, head, since, batch.asOf, ctx);
    const from = new Date(batch.asOf.getTime() - this.#windowMs);
    const docs = (await ungroupedHeadlines(tx, from, batch.asOf)).map(toDoc);
    const changes = await runStepsAsync(
      window.advance(docs, batch.asOf.getTime(), (headline) => derivedId('story', batch.id, headline)),
      ctx.signal,
    );
    const headlines = changes.headlines.map((h) => ({ ...h, vector: window.vectorOf(h.headline) }));
    const stories = back ? window.stories() : changes.stories;
    const next = { batchId: batch.id, asOf: batch.asOf, weighedAt: changes.weighedAt };
    await saveStories(tx, next, { ...changes, stories, headlines });
    return window;
  }

  /** What was written has committed: the next run may go on from here. */
  keep(window: StoryWindow, head: StoryHead): void {
    this.#kept = { window, head };
  }

  async #restore(
    tx: Queryable,
    head: StoryHead | undefined,
    since: Date,
    asOf: Date,
    { signal, log }: Pick<Context, 'signal' | 'log'>,
  ): Promise<StoryWindow> {
    const options = { windowMs: this.#windowMs };
    if (!head) return new StoryWindow(options);
    await dropEmptyStories(tx);
    const rows = await groupedHeadlines(tx, since, asOf);
    const stored = {
      headlines: rows.map(({ id, item, story, vector }) => ({ headline: id, item, story, vector })),
      examined: await examinedStories(tx),
      weighedAt: head.weighedAt,
    };
    const window = await runStepsAsync(StoryWindow.restore(stored, rows.map(toDoc), options), signal);
    const { length } = window.faults;
    if (length > 0)
      log.warn({ count: length, first: window.faults[0] }, 'stored headlines are weighed afresh');
    return window;
  }
}

/** Is what is kept what is stored? Another replica may have gone on, and headlines may have been deleted. */
async function isStored(
  tx: Queryable,
  { window, head }: Kept,
  stored: StoryHead | undefined,
  since: Date,
  asOf: Date,
): Promise<boolean> {
  return head.batchId === stored?.batchId && (await countGrouped(tx, since, asOf)) === window.size;
}

const toDoc = ({ id, title, summary, language, publisher, publishedAt }: WindowHeadline): Doc => ({
  id,
  title,
  summary,
  language,
  publisher,
  publishedAt: publishedAt.getTime(),
});
