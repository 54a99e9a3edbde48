/**
 * Long pure computations are generators that yield between slices of work. The same steps then run at once, or in turns
 * with the event loop, where an AbortSignal can truly arrive and a lease can be renewed.
 */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Runs all steps at once. Throws the signal's reason if it was aborted between two steps. */
export function runSteps<T>(steps: Steps<T>, signal?: AbortSignal): T {
  for (;;) {
    signal?.throwIfAborted();
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Runs the steps, giving the event loop a turn between two. Rejects with the signal's reason when aborted. */
export async function runStepsAsync<T>(steps: Steps<T>, signal?: AbortSignal): Promise<T> {
  for (;;) {
    signal?.throwIfAborted();
    const step = steps.next();
    if (step.done === true) return step.value;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
