import { runSteps, runStepsAsync } from '@afk/text';
import type { Steps } from '@afk/text';
import type { Doc } from '../types.ts';
import type { GroupOptions, Story } from './types.ts';
import { timeOf } from './items.ts';
import { StoryWindow } from './story-window.ts';

/**
 * Groups headlines into stories, all at once: a window that is given everything in one batch. Stories come largest first,
 * ties by oldest headline. Deterministic; the order of the docs changes nothing, as long as their ids differ. A headline is in one
 * story or, where that has fewer than `minSize`, in none.
 *
 * Throws RangeError on options out of range; the signal's reason when aborted.
 */
export function groupStories(docs: readonly Doc[], options: GroupOptions = {}): Story[] {
  return runSteps(groupSteps(docs, options), options.signal);
}

/** The same, giving the event loop a turn every few milliseconds: signals arrive, leases are renewed. */
export async function groupStoriesAsync(docs: readonly Doc[], options: GroupOptions = {}): Promise<Story[]> {
  return runStepsAsync(groupSteps(docs, options), options.signal);
}

function* groupSteps(
  docs: readonly Doc[],
  { minSize = 2, ...options }: Omit<GroupOptions, 'signal'>,
): Steps<Story[]> {
  const until = docs.reduce((latest, doc) => Math.max(latest, timeOf(doc)), 0);
  const window = new StoryWindow({ windowMs: Infinity, ...options });
  const { stories } = yield* window.advance(docs, until, (headline) => headline);
  const times = new Map(docs.map((doc) => [doc.id, timeOf(doc)]));
  return stories
    .filter(({ members }) => members.length >= minSize)
    .sort(
      (a, b) =>
        b.members.length - a.members.length || times.get(a.id)! - times.get(b.id)! || (a.id < b.id ? -1 : 1),
    )
    .map(({ id, members, central, keywords }) => ({ id, members, central, keywords }));
}
