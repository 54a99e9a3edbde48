export type StoryOptions = {
  /** How far back the window reaches, milliseconds, default 72 h. */
  windowMs?: number;
  /** Least similarity of two groups that become one, above 0 to 1, default 0.33. Higher: more, tighter stories. */
  threshold?: number;
  /** Silence that halves the similarity of two groups that are told fast, milliseconds, default 12 h; slow ones have up to four
   * times as long. Infinity: time plays no part. */
  silenceHalfLifeMs?: number;
};

export type GroupOptions = StoryOptions & {
  /** Stories with fewer headlines are left out. Default 2: a lone headline is no story. */
  minSize?: number;
  /** Looked at between slices of work. */
  signal?: AbortSignal;
};

export type Story = {
  id: string;
  /** Ids of its headlines, oldest first. */
  members: string[];
  /** Id of the headline closest to the centroid: its label. */
  central: string;
  /** Up to 8, best first, as most often written. */
  keywords: string[];
};

/** What a window stores of a headline. */
export type StoredHeadline = {
  headline: string;
  /** Headline that began the item: the same for all that say the same. */
  item: string;
  story: string;
  /** See `encoding.ts`. */
  vector: Uint8Array;
};

/** All that a window is restored from, beside the headlines themselves. */
export type StoredWindow = {
  headlines: Iterable<StoredHeadline>;
  /** Items of a story when it was last looked at afresh; stories that are not named have 1. */
  examined: Iterable<{ story: string; items: number }>;
  weighedAt: number;
};

/** What a run has changed. A story begins with its first headline; every list is in order of ids. */
export type StoryChanges = {
  /** Stories that gained, lost or exchanged headlines, as they are now. */
  stories: (Story & { examined: number })[];
  /** Headlines that are new, moved, or were weighed afresh: to be written over what is stored of them, with `vectorOf`. */
  headlines: Omit<StoredHeadline, 'vector'>[];
  /** Headlines that have left the window. */
  expired: string[];
  /** Stories without headlines now: what they had has left the window or gone into others. */
  gone: string[];
  born: string[];
  /** `from` is gone, its headlines went on in `into`. */
  merged: { from: string; into: string }[];
  /** `id` is new, its headlines came out of `from`. */
  split: { id: string; from: string }[];
  weighedAt: number;
};
