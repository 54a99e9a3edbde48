-- Up Migration

create table feeds (
  id               bigint generated always as identity primary key,
  url              text not null unique,
  title            text not null default '',
  language         text,
  source           text not null check (source in ('opml', 'imported', 'demo')),
  active           boolean not null default true,
  state            text not null default 'new' check (state in ('new', 'ok', 'not_modified', 'failing')),
  etag             text,
  last_modified    text,
  last_fetched_at  timestamptz,
  last_success_at  timestamptz,
  last_error       text,
  failures         integer not null default 0,
  created_at       timestamptz not null
);

create table batches (
  id              uuid primary key,
  -- The event that began it: the same trigger, delivered twice, is one batch.
  trigger_id      text not null unique,
  correlation_id  text not null,
  -- The run's clock: "now" to every stage.
  as_of           timestamptz not null,
  status          text not null default 'running' check (status in ('running', 'complete', 'failed')),
  started_at      timestamptz not null default now(),
  finished_at     timestamptz,
  headlines       integer,
  topics          integer,
  trends          integer,
  indexed         integer
);
create index batches_started on batches (started_at desc);

create table headlines (
  id                    uuid primary key,
  -- What makes an item the same item: its canonical URL, else its feed and guid.
  key                   text not null unique,
  feed_id               bigint not null references feeds on delete cascade,
  batch_id              uuid not null,
  title                 text not null,
  url                   text not null,
  summary               text not null default '',
  publisher             text not null,
  language              text not null,
  published_at          timestamptz not null,
  first_seen_at         timestamptz not null,
  category              text,
  category_probability  real,
  category_model        text,
  -- The encoder (name and version) whose vectors of this headline lie in Qdrant.
  indexed_by            text,
  demo                  boolean not null default false
);
create index headlines_published on headlines (published_at desc, id);
create index headlines_batch on headlines (batch_id);
create index headlines_unclassified on headlines (id) where category_model is null;
create index headlines_feed on headlines (feed_id);

create table topics (
  batch_id   uuid not null references batches on delete cascade,
  ordinal    integer not null,
  central    uuid not null,
  keywords   text[] not null,
  members    uuid[] not null,
  primary key (batch_id, ordinal)
);

create table trends (
  id                    uuid primary key,
  label                 text not null,
  central               uuid not null,
  keywords              text[] not null,
  languages             text[] not null,
  category              text,
  category_probability  real,
  category_model        text,
  status                text not null,
  score                 double precision not null,
  velocity              double precision not null,
  headlines             integer not null,
  publishers            integer not null,
  sparkline             integer[] not null,
  first_seen            timestamptz not null,
  last_seen             timestamptz not null,
  merged_into           uuid references trends on delete set null,
  born_batch            uuid not null,
  updated_batch         uuid not null,
  demo                  boolean not null default false
);
create index trends_current on trends (updated_batch, score desc);

create table trend_headlines (
  headline_id  uuid primary key references headlines on delete cascade,
  trend_id     uuid not null references trends on delete cascade
);
create index trend_headlines_trend on trend_headlines (trend_id);

create table trend_points (
  trend_id  uuid not null references trends on delete cascade,
  at        timestamptz not null,
  count     integer not null,
  primary key (trend_id, at)
);

create table flow_log (
  seq             bigint generated always as identity primary key,
  at              timestamptz not null,
  channel         text not null,
  event           text,
  event_id        text,
  batch_id        text,
  correlation_id  text,
  -- Null where the message was not JSON; then `raw` has its text.
  payload         jsonb,
  raw             text
);
create unique index flow_log_once on flow_log (channel, event_id) where event_id is not null;
create index flow_log_at on flow_log (at);
create index flow_log_batch on flow_log (batch_id) where batch_id is not null;
create index flow_log_correlation on flow_log (correlation_id) where correlation_id is not null;

-- Down Migration

drop table flow_log, trend_points, trend_headlines, trends, topics, headlines, batches, feeds;
