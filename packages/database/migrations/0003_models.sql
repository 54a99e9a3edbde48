-- Up Migration

create table models (
  -- Kind and hash of what it was made of: the name that headlines have as their category_model.
  version       text primary key,
  kind          text not null check (kind in ('linear')),
  created_at    timestamptz not null default now(),
  -- Fingerprint of seed and trainer where the model came with AFK; null where a person trained it.
  shipped_from  text unique,
  examples      integer not null check (examples > 0),
  metrics       jsonb not null,
  -- Gzipped JSON; compressed already, so PostgreSQL need not try.
  body          bytea not null,
  active        boolean not null default false,
  -- A person chose it: a shipped model does not take its place.
  pinned        boolean not null default false check (active or not pinned)
);
alter table models alter column body set storage external;
create unique index models_active on models (active) where active;

-- What a model on the network said of a headline, so that it is asked once: its trend reads it here.
create table opinions (
  headline_id    uuid primary key references headlines on delete cascade,
  model          text not null,
  -- In alphabetical order of the categories' ids.
  probabilities  real[] not null
);

-- Down Migration

drop table opinions, models;
