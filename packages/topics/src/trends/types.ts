/** Where a trend stands; `status.ts` says by which figures. */
export type TrendStatus = 'emerging' | 'rising' | 'peaking' | 'fading' | 'dormant';

/** A headline as the figures of a trend see it: when it was told, and by whom. */
export type Telling = {
  /** Milliseconds since 1970. */
  publishedAt: number;
  publisher: string;
};

/** The burst that goes on at the window's end, if one does. */
export type BurstState = {
  active: boolean;
  /** How much likelier the burst makes the counts than no burst does, as a natural logarithm; 0 without one. */
  weight: number;
  /** Milliseconds since 1970: the beginning of its first hour. Null without one. */
  since: number | null;
};

export type TrendScore = {
  /** >= 0, no upper bound; for ranking. */
  score: number;
  /** Headlines/h: the rate of the last 6 h less that of the 24 h before. */
  velocity: number;
  /** Headlines/h²: the change of velocity over the last 6 h. */
  acceleration: number;
  /** Standard deviations by which the last 3 h lie above what the trend's smoothed share led one to expect. */
  z: number;
  burst: BurstState;
  status: TrendStatus;
};

export type TrendHistory = {
  /** When the trend was first seen, milliseconds, where earlier runs know of an older headline. */
  firstSeen?: number | undefined;
  /** Its status in the run before: keeps it from flickering. */
  previous?: TrendStatus | undefined;
};
