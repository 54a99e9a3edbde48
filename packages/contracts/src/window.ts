/** Default of the stretch of the past that trends are made of, counted back from the run's clock (`as_of`), hours. */
export const WINDOW_HOURS = 72;

/** Default width of one bar of a trend's history, minutes. Buckets begin at whole multiples of it since 1970, UTC. */
export const BUCKET_MINUTES = 180;
