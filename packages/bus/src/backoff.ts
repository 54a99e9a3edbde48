import type { RetryPolicy } from '@afk/contracts';

/**
 * How long to wait before the next attempt, ms: exponential with "equal jitter" (half fixed, half drawn),
 * so that many that failed together do not come back together.
 *
 * @param failures how often it failed so far, from 1
 * @param random in [0, 1)
 */
export function backoff(policy: RetryPolicy, failures: number, random: number = Math.random()): number {
  const whole = Math.min(policy.max_backoff_ms, policy.backoff_ms * 2 ** Math.max(0, failures - 1));
  return Math.round(whole / 2 + (whole / 2) * random);
}

/** How long to wait for a Redis that is away before asking again, ms: 50 at first, 2000 at most. */
export function outageDelay(failures: number): number {
  return Math.min(2000, 25 * 2 ** Math.min(failures, 7));
}
