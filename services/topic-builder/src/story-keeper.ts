import { derivedId, type Context } from '@afk/bus';
import {
  countGrouped,
  dropEmptyStories,
  examinedStories,
  formerTrends,
  groupedHeadlines,
  saveStories,
  storyHead,
  ungroupedHeadlines,
  type FreshHeadline,
  type Queryable,
  type StoryHead,
} from '@afk/database';
import { runStepsAsync } from '@afk/text';
import { StoryWindow, type Doc } from '@afk/topics';

/** A window, and the run that it is of. */
type Kept = { window: StoryWindow; head: StoryHead };
type Batch = { id: string; asOf: Date };
type Turn = Pick<Context, 'signal' | 'log'>;

/** What is kept is read again after so long: a window never forgets a word that it has met. */
const KEPT_MS = 24 * 3_600_000;

/**
 * Keeps the window of stories between two runs, so that a run reads the new headlines alone. What it keeps is worth
 * nothing but time: it goes on from what is stored, as any other replica would, and what is kept is
 * thrown away whenever it is not what is stored.
 */
export class StoryKeeper {
  readonly #windowMs: number;
  #kept: Kept | undefined;
  /** When the window that is kept was read, milliseconds. */
  #since = 0;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /**
   * Groups what is new up to the batch's clock, and writes what that changes. To be called in a transaction that holds
   * `lockStories`, and to be followed by `keep` when that has committed.
   *
   * @returns what to keep: not to be relied upon should the transaction fail
   */
  async advance(tx: Queryable, batch: Batch, turn: Turn): Promise<Kept> {
    const head = await storyHead(tx);
    const window =
      (await this.#take(tx, head, batch.asOf)) ?? (await this.#restore(tx, head, batch.asOf, turn));
    const from = new Date(batch.asOf.getTime() - this.#windowMs);
    const docs = (await ungroupedHeadlines(tx, from, batch.asOf)).map(toDoc);
    const newId = namer(
      batch.id,
      await formerTrends(
        tx,
        docs.map((d) => d.id),
      ),
      window,
    );
    const changes = await runStepsAsync(window.advance(docs, batch.asOf.getTime(), newId), turn.signal);
    const headlines = changes.headlines.map((h) => ({ ...h, vector: window.vectorOf(h.headline) }));
    // A replay of the past: what it sees of each story is not what the run before it saw.
    const back = head !== undefined && batch.asOf < head.asOf;
    const stories = back ? window.stories() : changes.stories;
    const next = { batchId: batch.id, asOf: batch.asOf, weighedAt: changes.weighedAt };
    await saveStories(tx, next, { ...changes, stories, headlines });
    return { window, head: next };
  }

  /** What was written has committed: the next run may go on from here. */
  keep(kept: Kept): void {
    this.#kept = kept;
  }

  /**
   * The window that is kept, if it is what is stored: another replica may have gone on, headlines may have been deleted, the clock
   * may have been set back. Else it is let go: two windows need twice the memory.
   */
  async #take(tx: Queryable, head: StoryHead | undefined, asOf: Date): Promise<StoryWindow | undefined> {
    const kept = this.#kept;
    // Until `keep` says that what follows was written.
    this.#kept = undefined;
    const serves =
      kept !== undefined &&
      kept.head.batchId === head?.batchId &&
      asOf >= head.asOf &&
      Date.now() - this.#since < KEPT_MS &&
      (await countGrouped(tx, asOf)) === kept.window.size;
    return serves ? kept.window : undefined;
  }

  async #restore(tx: Queryable, head: StoryHead | undefined, asOf: Date, turn: Turn): Promise<StoryWindow> {
    this.#since = Date.now();
    const options = { windowMs: this.#windowMs };
    if (!head) return new StoryWindow(options);
    await dropEmptyStories(tx);
    const rows = await groupedHeadlines(tx, asOf);
    const stored = {
      headlines: rows.map(({ id, item, story, vector }) => ({ headline: id, item, story, vector })),
      examined: await examinedStories(tx),
      weighedAt: head.weighedAt,
    };
    const window = await runStepsAsync(StoryWindow.restore(stored, rows.map(toDoc), options), turn.signal);
    const { length } = window.faults;
    if (length > 0)
      turn.log.warn({ count: length, first: window.faults[0] }, 'stored headlines are weighed afresh');
    return window;
  }
}

/**
 * Names of new stories. One that begins with a headline which a trend had, whose story is gone, is that trend's again: after an
 * upgrade, or when a clock that was set back goes on.
 */
function namer(
  batchId: string,
  former: ReadonlyMap<string, string>,
  window: StoryWindow,
): (headline: string) => string {
  const taken = new Set(window.storyIds());
  return (headline) => {
    const known = former.get(headline);
    const name = known !== undefined && !taken.has(known) ? known : derivedId('story', batchId, headline);
    taken.add(name);
    return name;
  };
}

const toDoc = ({ id, title, summary, language, publisher, publishedAt }: FreshHeadline): Doc => ({
  id,
  title,
  summary,
  language,
  publisher,
  publishedAt: publishedAt.getTime(),
});
