/** What a timer can wait, ms: 24 days. */
const LONGEST = 2 ** 31 - 1;

/**
 * Gives work a signal that goes off with the given one (where there is one), or when it has taken too long. The timer ends with the work:
 * AbortSignal.timeout would go off after it, once for every search.
 */
export async function limited<T>(
  ms: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const own = new AbortController();
  const onAbort = (): void => own.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  const late = new Promise<never>((_, reject) => {
    own.signal.addEventListener('abort', () => reject(own.signal.reason as Error), { once: true });
  });
  const timer = setTimeout(() => own.abort(new Error(`no answer within ${ms} ms`)), Math.min(ms, LONGEST));
  try {
    signal?.throwIfAborted();
    // Whether it heeds the signal or not.
    return await Promise.race([work(own.signal), late]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}
