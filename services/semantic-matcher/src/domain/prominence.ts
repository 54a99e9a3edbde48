export type Hit = { id: string; score: number };

/** What a story told by e (2.7) times as many publishers gains, as a share of the score. */
const GAIN = 0.08;

/**
 * Orders hits anew: of headlines that fit a query about as well, those of the story that more
 * publishers tell come first. Equal scores stay in order of id, so that a search can be repeated.
 *
 * @param breadth headline id to the publishers of its story; absent: it stands alone
 */
export function byProminence(hits: readonly Hit[], breadth: ReadonlyMap<string, number>): Hit[] {
  return hits
    .map(({ id, score }) => ({ id, score: score * (1 + GAIN * Math.log(breadth.get(id) ?? 1)) }))
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
}
