/**
 * Gives work a signal that goes off with the given one, or when it has taken too long. The timer ends with the work:
 * AbortSignal.timeout would go off after it, once for every search.
 */
export async function limited<T>(
  ms: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const own = new AbortController();
  const onAbort = (): void => own.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => own.abort(new Error(`no answer within ${ms} ms`)), ms);
  try {
    signal.throwIfAborted();
    return await work(own.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
