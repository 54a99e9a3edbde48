/** One headline as the models see it. */
export type Doc = {
  id: string;
  title: string;
  /** The beginning of the article, plain text; counts half as much as the title. */
  summary?: string;
  /** 'fr', 'en', a tag such as 'fr-CA', or 'und'. */
  language: string;
  /** Milliseconds since 1970. */
  publishedAt: number;
  publisher: string;
};

export type TopicOptions = {
  /** Least cosine of two groups' centroids that become one, above 0 to 1, default 0.2. Higher: more, tighter topics. */
  threshold?: number;
  /** Groups further apart in time than this never join, milliseconds. Default 72 h. */
  maxAgeGapMs?: number;
  /** Topics with fewer headlines are left out. Default 2: a lone headline is no topic. */
  minSize?: number;
  /** Looked at between slices of work. */
  signal?: AbortSignal;
};

export type Topic = {
  /** Indices into the given docs, oldest first. */
  members: number[];
  /** Index of the member closest to the centroid. */
  central: number;
  /** Up to 8, best first, as most often written. */
  keywords: string[];
};

/** Where a trend stands. */
export type TrendStatus = 'emerging' | 'rising' | 'steady' | 'fading' | 'dormant';

export type TrendOptions = {
  /** Width of one bucket, milliseconds. */
  bucketMs: number;
  /** Headlines of all topics in the same buckets: what the trend's share is taken of. */
  total: Int32Array | readonly number[];
  /** Distinct publishers of the trend. */
  publishers: number;
  /** Milliseconds since the last headline of the trend. */
  lastSeenAgeMs: number;
};

export type TrendScore = {
  /** >= 0, no upper bound; for ranking. */
  score: number;
  /** Headlines an hour, now minus before. */
  velocity: number;
  status: TrendStatus;
};

export type PreviousTrend = { id: string; members: readonly string[] };
export type CurrentTopic = { members: readonly string[] };

export type MatchOptions = {
  /** Least shared members, as a share of the smaller side, for a topic to continue a trend. Default 0.5. */
  minOverlap?: number;
};

export type TrendLineage = {
  /** For each current topic the id of the trend that it continues, or null: born. */
  continued: (string | null)[];
  /** Trends not continued whose members went to a current topic: trend id -> index of that topic. */
  mergedInto: Map<string, number>;
};
