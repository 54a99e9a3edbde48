/** The gauges of the whole line. */
export const gauges = {
  afk_store_up: { help: '1 where the store answers, else 0', labelNames: ['store'] },
  afk_runs_last_day: { help: 'Runs that began in the last 24 hours, by status', labelNames: ['status'] },
  afk_last_run_timestamp_seconds: { help: 'When the last complete run ended; 0 before the first' },
  afk_last_run_seconds: { help: 'Time from trigger to page of the last complete run' },
  afk_last_run_stage_seconds: {
    help: 'Time that a stage of the last complete run took, by the event that ended it',
    labelNames: ['stage'],
  },
  afk_last_run_headlines: { help: 'Headlines that were new in the last complete run' },
  afk_feeds: { help: 'Feeds that are fetched, by the outcome of the last attempt', labelNames: ['state'] },
  afk_headlines: { help: 'Headlines stored' },
  afk_database_bytes: { help: 'Size of the PostgreSQL database' },
  // Its own `service`, in place of the listener's: whose events they are.
  afk_dead_letters: { help: 'Dead letters of a service that wait for a person', labelNames: ['service'] },
  afk_redis_memory_bytes: { help: 'Memory that Redis uses for data and buffers' },
  afk_redis_memory_max_bytes: { help: 'maxmemory of Redis; 0 for none' },
};

export type Name = keyof typeof gauges;
