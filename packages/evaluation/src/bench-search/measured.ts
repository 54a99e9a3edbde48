/** A request that clients send: `body` as JSON text where it has one. */
export type Asked = { method: 'GET' | 'POST'; path: string; body?: string };

/** What the process of the clients is told. */
export type LoadTask = {
  url: string;
  requests: Asked[];
  clients: number;
  /** Every client sends a request each so many milliseconds, whether answered by then or not; 0: as soon as it is answered. */
  everyMs: number;
  /** Seconds that do not count, and seconds that do. */
  warm: number;
  seconds: number;
};

/** Milliseconds. `rate`: answers a second. */
export type Load = {
  p50: number;
  p99: number;
  rate: number;
  answers: number;
  failures: number;
  parts?: Parts;
};
/** Medians of what the answers say of themselves (`took_ms`). */
export type Parts = { total: number; bus: number; encode: number; vectors: number };

/** The same mix, through all of AFK and straight to the vector store. */
export type Pair = { afk: Load; store: Load };

/** Headlines a second, from the event on. */
export type Indexing = {
  /** Until `index_complete`: the first index, of words alone. */
  first: number;
  /** Seconds from then until the index of words and meanings answers. */
  hybrid_seconds: number | undefined;
  /** Headlines a second that were put into it, by the service's log: without the fitting of the model. */
  rebuild: number | undefined;
};

/** Resident memory, millions of bytes. `peak`: since the start; `after`: with the hybrid index, before any search. */
export type Memory = { peak: number; after: number; searched: number };

export type Measured = {
  size: number;
  dense: string | null;
  indexing: Indexing;
  /** Undefined where the system does not tell (it needs /proc). */
  memory: { matcher: Memory; store: Memory } | undefined;
  /** Requests to the vector store that a search made, mean. */
  store_requests: number;
  one: Pair;
  /** 32 clients, each as fast as it is answered. */
  full: Pair;
  /** 32 clients, each a request a quarter of a second. */
  paced: Pair;
};
