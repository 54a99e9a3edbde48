import { noteBatch, saveFlow, transaction, type FlowRow, type Pool } from '@afk/database';
import type { Logger } from '@afk/runtime';
import { batchNoteOf } from './domain/batch-note.ts';

/** Rows that wait at most, where PostgreSQL is away; beyond it the oldest go, and it says so. */
const MAX_WAITING = 50_000;
const FLUSH_MS = 200;
const BATCH = 500;

/** Collects rows and writes them in batches, in the order in which they came. */
export class Recorder {
  private waiting: FlowRow[] = [];
  private timer: NodeJS.Timeout | undefined;
  private flushing: Promise<void> = Promise.resolve();
  private readonly db: Pool;
  private readonly log: Logger;

  constructor(db: Pool, log: Logger) {
    this.db = db;
    this.log = log;
  }

  add(row: FlowRow): void {
    this.waiting.push(row);
    if (this.waiting.length > MAX_WAITING) {
      const dropped = this.waiting.splice(0, BATCH).length;
      this.log.error({ dropped }, 'flow log: PostgreSQL is away for too long, oldest messages dropped');
    }
    this.timer ??= setTimeout(() => void this.flush(), FLUSH_MS);
  }

  /** Writes all that waits. Never rejects: what could not be written waits on. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.flushing = this.flushing.then(() => this.writeAll());
    return this.flushing;
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const rows = this.waiting.slice(0, BATCH);
      try {
        await this.write(rows);
        this.waiting.splice(0, rows.length);
      } catch (error) {
        this.log.warn(
          { error: (error as Error).message, waiting: this.waiting.length },
          'flow log not written',
        );
        this.timer ??= setTimeout(() => void this.flush(), 2000);
        return;
      }
    }
  }

  private async write(rows: readonly FlowRow[]): Promise<void> {
    await transaction(this.db, async (tx) => {
      await saveFlow(tx, rows);
      for (const row of rows) {
        const note = batchNoteOf(row);
        if (note) await noteBatch(tx, note);
      }
    });
  }
}
