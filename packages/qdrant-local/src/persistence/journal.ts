import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { internalError } from '../errors.ts';
import { syncDirectory } from './files.ts';
import { frame, MAGIC } from './frames.ts';

/** A new log file, its name on disk. */
async function createLog(path: string): Promise<FileHandle> {
  const handle = await open(path, 'ax');
  await handle.appendFile(MAGIC);
  await handle.datasync();
  await syncDirectory(dirname(path));
  return handle;
}

/**
 * Appends records to a log file, in order. Writes wait for each other in memory, so all that arrived during
 * one fsync share the next. After a failed write nothing more is taken: memory would be ahead of the disk.
 */
export class Journal {
  #handle: FileHandle;
  #pending: Buffer[] = [];
  #appended = 0;
  #synced = 0;
  #flushing: Promise<void> | undefined;
  #next: { handle: FileHandle; done: () => void } | undefined;
  #failure: unknown;
  /** Bytes appended to the current file since it was opened or created. */
  bytes = 0;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  static async create(path: string): Promise<Journal> {
    return new Journal(await createLog(path));
  }

  /** Goes on with an existing log, whose torn tail is already cut. */
  static async resume(path: string, size: number): Promise<Journal> {
    const journal = new Journal(await open(path, 'a'));
    journal.bytes = size;
    return journal;
  }

  /** Takes a record, to be written soon. Throws when an earlier one could not be written. */
  append(record: Buffer): void {
    this.#check();
    this.#pending.push(...frame(record));
    this.#appended += 1;
    this.bytes += record.length;
    this.#flush().catch(() => {
      // Kept in #failure, which the next append or sync throws.
    });
  }

  /** Resolves when all that was appended before the call is on disk. */
  async sync(): Promise<void> {
    const target = this.#appended;
    while (this.#synced < target) {
      this.#check();
      await this.#flush();
    }
  }

  /** Appends go to a new file from some point on; resolves when that point is reached. */
  async rotate(path: string): Promise<void> {
    this.#check();
    const handle = await createLog(path);
    await new Promise<void>((resolve, reject) => {
      this.#next = { handle, done: resolve };
      this.#flush().catch(reject);
    });
  }

  async close(): Promise<void> {
    try {
      await this.sync();
    } finally {
      await this.#handle.close();
    }
  }

  #check(): void {
    if (this.#failure !== undefined) {
      throw internalError('an earlier write to disk failed; restart to go on', this.#failure);
    }
  }

  #hasWork(): boolean {
    return this.#pending.length > 0 || this.#next !== undefined;
  }

  #flush(): Promise<void> {
    if (!this.#flushing && !this.#hasWork()) return Promise.resolve();
    this.#flushing ??= this.#writeAll();
    return this.#flushing;
  }

  async #writeAll(): Promise<void> {
    try {
      while (this.#hasWork()) await this.#writeOnce();
    } catch (cause) {
      this.#failure = cause;
      this.#pending = [];
      throw internalError('writing to disk failed', cause);
    } finally {
      // In the same step as the last look for work: none can come in between and be left waiting.
      this.#flushing = undefined;
    }
  }

  async #writeOnce(): Promise<void> {
    const [batch, upTo, next] = [this.#pending, this.#appended, this.#next];
    this.#pending = [];
    this.#next = undefined;
    // What arrives from here on belongs to the next file; the old one gets its last records below.
    const handle = this.#handle;
    if (next) {
      this.#handle = next.handle;
      this.bytes = 0;
      next.done();
    }
    if (batch.length > 0) {
      await handle.appendFile(Buffer.concat(batch));
      await handle.datasync();
    }
    this.#synced = upTo;
    if (next) await handle.close();
  }
}
