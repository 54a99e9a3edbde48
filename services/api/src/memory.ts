/**
 * What `read` answered, for so long; whoever asks while it is being read waits for the same answer. A failure is
 * not remembered.
 *
 * @param ms how long an answer serves
 */
export function remembered<T>(ms: number, read: () => Promise<T>): () => Promise<T> {
  let known: { until: number; answer: Promise<T> } | undefined;
  return () => {
    const now = performance.now();
    if (known && now < known.until) return known.answer;
    const answer = read();
    const asked = { until: now + ms, answer };
    known = asked;
    answer.catch(() => {
      if (known === asked) known = undefined;
    });
    return answer;
  };
}

/** The same, but that only the first waits: what has lasted its time is told once more, and read anew behind it. */
export function kept<T>(ms: number, read: () => Promise<T>): () => Promise<T> {
  const fresh = remembered(ms, read);
  let last: { answer: T } | undefined;
  return async () => {
    const asked = fresh().then((answer) => (last = { answer }).answer);
    if (!last) return asked;
    // What was known serves on while it cannot be read.
    asked.catch(() => {});
    return last.answer;
  };
}
