import type { Redis } from '@afk/bus';
import type { Pool } from '@afk/database';
import { inTime, type Checks } from '@afk/runtime';

/** Longest wait for one of them, ms: whoever asks for health has a time-out of its own. */
const PATIENCE_MS = 2000;

/** Whether PostgreSQL and Redis answer. What is wrong is said by name only: the log has the rest. */
export async function checkAll(db: Pick<Pool, 'query'>, redis: Pick<Redis, 'ping'>): Promise<Checks> {
  const [postgres, bus] = await Promise.all([check(db.query('select 1')), check(redis.ping())]);
  return { postgres, redis: bus };
}

async function check(answer: Promise<unknown>): Promise<Checks[string]> {
  try {
    await inTime(answer, PATIENCE_MS);
    return { ok: true };
  } catch {
    return { ok: false, detail: 'does not answer' };
  }
}
