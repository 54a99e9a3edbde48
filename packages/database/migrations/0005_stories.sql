-- Up Migration

-- The stories of the sliding window, as the last run left them: what the next run goes on from. See packages/topics.
create table story_window (
  one         boolean primary key default true check (one),
  batch_id    uuid not null,
  as_of       timestamptz not null,
  weighed_at  integer not null
);

create table stories (
  id          uuid primary key,
  central     uuid not null,
  keywords    text[] not null,
  -- Items that it had when it was last looked at afresh.
  examined    integer not null,
  -- The story that it came out of.
  split_from  uuid,
  batch_id    uuid not null
);

create table story_headlines (
  headline_id  uuid primary key references headlines on delete cascade,
  -- Headline that began the item: near-duplicates share one.
  item         uuid not null,
  story_id     uuid not null,
  vector       bytea not null
);
create index story_headlines_story on story_headlines (story_id);

-- Stories that went into others and had a trend: until the trends have followed.
create table story_mergers (
  from_id   uuid primary key,
  into_id   uuid not null,
  batch_id  uuid not null
);

-- The life of a trend, told from its own side. `other_id` is the trend that it met or parted from.
create table trend_events (
  trend_id   uuid not null references trends on delete cascade,
  batch_id   uuid not null,
  -- The run's clock.
  at         timestamptz not null,
  kind       text not null check (kind in ('born', 'split_from', 'grown', 'absorbed', 'merged', 'split', 'slept', 'revived')),
  other_id   uuid references trends on delete cascade,
  -- Headlines that it had in the window then.
  headlines  integer not null,
  unique nulls not distinct (trend_id, batch_id, kind, other_id)
);
create index trend_events_trend on trend_events (trend_id, at);

-- What a batch grouped is what the stories say now.
drop table topics;

-- Down Migration

create table topics (
  batch_id   uuid not null references batches on delete cascade,
  ordinal    integer not null,
  central    uuid not null,
  keywords   text[] not null,
  members    uuid[] not null,
  primary key (batch_id, ordinal)
);
drop table trend_events, story_mergers, story_headlines, stories, story_window;
