/** One text of an archive, of any length. */
export type TopicDoc = {
  id: string;
  text: string;
  /** 'fr', 'en', a tag such as 'fr-CA', or 'und': then it is guessed from the text. */
  language: string;
  /** Milliseconds since 1970. Without it the doc is in no bucket of time. */
  publishedAt?: number;
  /** Read before the text. */
  title?: string;
};

/** A text that is already in tokens: they are taken as they are, and shown as they are. */
export type TokenDoc = { id: string; tokens: readonly string[]; publishedAt?: number };

export type FindTopicsOptions = {
  /** How many topics, or 'auto' (default): as many as the collection has by itself. Fewer come where it has not so many. */
  k?: number | 'auto';
  /** Whole number; the same seed gives the same topics. Default 1. */
  seed?: number;
  /** Docs that make a topic, default 5, at least 2. */
  minSize?: number;
  /**
   * A doc far from every topic is an outlier: 'keep' it one (default), or 'assign' it to the nearest topic where their
   * cosine reaches `leastSimilarity`.
   */
  outliers?: 'keep' | 'assign';
  /** 0 to 1, default 0.1. */
  leastSimilarity?: number;
  /** Keywords of a topic, default 10. */
  keywords?: number;
  /** Buckets of equal width from the first doc to the last, for topics over time. Default 12. */
  buckets?: number;
  /** Looked at between slices of work. */
  signal?: AbortSignal;
};

/** `word` as most often written; `score` against the topic's most telling word, which has 1. */
export type Keyword = { word: string; score: number };

export type FoundTopic = {
  /** Indices into the given docs, by time, then id. */
  members: number[];
  size: number;
  /** Of all docs, 0 to 1. */
  share: number;
  /** The most telling first, the others in the order in which they fit those before. */
  keywords: Keyword[];
  /** Up to three members, the most central first. */
  representatives: number[];
  /** Index into `parents`. */
  parent: number;
  /** Docs in each bucket of `time`, and the share of them in all docs of the bucket (0 in an empty one). */
  counts: number[];
  shares: number[];
};

/** Topics that are near each other. */
export type ParentTopic = {
  /** Indices into `topics`, largest first. */
  topics: number[];
  size: number;
  share: number;
  keywords: Keyword[];
};

/** Buckets [from + i width, from + (i + 1) width), milliseconds; the last one has its end too. */
export type TopicTime = { from: number; width: number; totals: number[] };

export type FoundTopics = {
  /** Largest first. */
  topics: FoundTopic[];
  /** Largest first. */
  parents: ParentTopic[];
  /** Indices into the given docs, by time, then id. */
  outliers: number[];
  /** Null where no doc has a time. */
  time: TopicTime | null;
};
