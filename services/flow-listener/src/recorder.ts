import { noteBatch, saveFlow, transaction, type FlowRow, type Pool } from '@afk/database';
import type { Logger } from '@afk/runtime';
import { batchNoteOf } from './domain/batch-note.ts';

/** Rows that wait at most, where PostgreSQL is away; beyond it the oldest go, and it says so. */
const MAX_WAITING = 50_000;
const FLUSH_MS = 200;
const RETRY_MS = 2000;
const BATCH = 500;

/** Collects rows and writes them in batches, in the order in which they came. */
export class Recorder {
  private waiting: FlowRow[] = [];
  private timer: NodeJS.Timeout | undefined;
  private flushing: Promise<void> = Promise.resolve();
  private closed = false;
  private readonly db: Pool;
  private readonly log: Logger;
  private readonly maxWaiting: number;

  constructor(db: Pool, log: Logger, { maxWaiting = MAX_WAITING }: { maxWaiting?: number } = {}) {
    this.db = db;
    this.log = log;
    this.maxWaiting = maxWaiting;
  }

  add(row: FlowRow): void {
    this.waiting.push(row);
    if (this.waiting.length > this.maxWaiting) {
      const dropped = this.waiting.splice(0, BATCH).length;
      this.log.error({ dropped }, 'flow log: PostgreSQL is away for too long, oldest messages dropped');
    }
    this.later(FLUSH_MS);
  }

  /** Writes all that waits. Never rejects: what could not be written waits on. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.flushing = this.flushing.then(() => this.writeAll());
    return this.flushing;
  }

  /** Writes what waits, once, and no more. What PostgreSQL does not take now is read from the streams again. */
  async close(): Promise<void> {
    this.closed = true;
    await this.flush();
  }

  private later(ms: number): void {
    if (!this.closed) this.timer ??= setTimeout(() => void this.flush(), ms);
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      // Taken out while they are written: what is dropped meanwhile for want of room is none of these.
      const rows = this.waiting.splice(0, BATCH);
      try {
        await this.write(rows);
      } catch (error) {
        this.waiting.unshift(...rows);
        const { message } = error as Error;
        this.log.warn({ error: message, waiting: this.waiting.length }, 'flow log not written');
        this.later(RETRY_MS);
        return;
      }
    }
  }

  /** One message that PostgreSQL will never take (it is the network's, not ours) must not hold up the rest. */
  private async write(rows: readonly FlowRow[]): Promise<void> {
    try {
      await this.save(rows);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (rows.length > 1) {
        for (const row of rows) await this.write([row]);
        return;
      }
      const { channel, event } = rows[0]!;
      this.log.error({ channel, event, reason: (error as Error).message }, 'flow log: message left out');
    }
  }

  private async save(rows: readonly FlowRow[]): Promise<void> {
    await transaction(this.db, async (tx) => {
      await saveFlow(tx, rows);
      for (const row of rows) {
        const note = batchNoteOf(row);
        if (note) await noteBatch(tx, note);
      }
    });
  }
}

/** SQLSTATE classes 22 (data) and 54 (limits): no later attempt will fare better. */
function isRefusal(error: unknown): boolean {
  return /^(?:22|54)/.test((error as { code?: string }).code ?? '');
}
