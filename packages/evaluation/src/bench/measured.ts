export type Task = {
  kind: 'batch' | 'incremental';
  /** Folder of the real headlines. */
  data: string;
  /** Headlines in the window. */
  size: number;
  /** Headlines that come to it. */
  news: number;
  /** File of what was stored: written by the batch, read by the incremental run. */
  rows: string;
};

/** `peak_mb`: resident memory, millions of bytes. */
export type Batch = { seconds: number; peak_mb: number; stories: number };

export type Incremental = {
  /** The advance and the rows that it would write. */
  seconds: number;
  peak_mb: number;
  restore_seconds: number;
  /** Rows that it would write. */
  rows: number;
};

/** Undefined: no result within the time limit. */
export type Measured = { size: number; batch: Batch | undefined; incremental: Incremental | undefined };
