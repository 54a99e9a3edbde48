/** A word of the index that may be what was meant. */
export type Candidate = { word: string; headlines: number };

/** Shorter ones are a letter away from too many others. */
export const MIN_CORRECTED = 4;

/**
 * The word that was most probably meant: the nearest by edits (a letter too many, missing, other, or two that changed
 * places), of equally near ones that which more headlines have. One edit is allowed, two from eight letters on.
 */
export function correctionOf(word: string, candidates: readonly Candidate[]): string | undefined {
  const allowed = word.length < 8 ? 1 : 2;
  const near = candidates
    .map((candidate) => ({ ...candidate, edits: editsBetween(word, candidate.word, allowed) }))
    .filter(({ edits }) => edits <= allowed);
  near.sort((a, b) => a.edits - b.edits || b.headlines - a.headlines || (a.word < b.word ? -1 : 1));
  return near[0]?.word;
}

/**
 * Optimal string alignment distance (Damerau-Levenshtein in which no stretch is edited twice), in UTF-16 code units; a
 * number above `limit` where it is larger. Only what lies within `limit` of the diagonal is looked at.
 */
export function editsBetween(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  const beyond = limit + 1;
  let [before, above] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const [from, to] = [Math.max(1, i - limit), Math.min(b.length, i + limit)];
    const row: number[] = [];
    row[from - 1] = from === 1 ? i : beyond;
    let least = row[from - 1]!;
    for (let j = from; j <= to; j++) {
      const same = a[i - 1] === b[j - 1];
      let edits = Math.min((above[j] ?? beyond) + 1, row[j - 1]! + 1, above[j - 1]! + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) edits = Math.min(edits, (before[j - 2] ?? beyond) + 1);
      row[j] = edits;
      least = Math.min(least, edits);
    }
    if (least > limit) return beyond;
    [before, above] = [above, row];
  }
  return above[b.length]!;
}
