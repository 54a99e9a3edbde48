-- Up Migration

-- Questions that are put to every new headline; what matches is told to a webhook.
create table saved_searches (
  id                 uuid primary key,
  name               text not null,
  query              text not null,
  category           text,
  language           text,
  publisher          text,
  webhook_url        text not null,
  -- What deliveries are signed with. Shown once, to whoever saved it.
  secret             text not null,
  active             boolean not null default true,
  created_at         timestamptz not null,
  last_matched_at    timestamptz,
  last_delivered_at  timestamptz,
  -- What went wrong last; null again once a delivery has arrived.
  last_error         text,
  last_error_at      timestamptz
);
create index saved_searches_created on saved_searches (created_at desc, id);

-- What is to be told, and what became of it: one row a search and run that matched, and one a test.
create table saved_search_matches (
  id            uuid primary key,
  search_id     uuid not null references saved_searches on delete cascade,
  -- Null: a test.
  batch_id      uuid,
  -- The newest of them; `total` counts all.
  headlines     uuid[] not null,
  total         integer not null,
  created_at    timestamptz not null default now(),
  attempts      integer not null default 0,
  delivered_at  timestamptz,
  -- Given up: there is a dead letter.
  failed_at     timestamptz,
  last_error    text,
  unique (search_id, batch_id)
);
create index saved_search_matches_batch on saved_search_matches (batch_id, search_id) where batch_id is not null;
create index saved_search_matches_search on saved_search_matches (search_id, created_at desc);
create index saved_search_matches_created on saved_search_matches (created_at);

-- Headlines that the saved searches have not been put to. Each is entered as it is stored and taken out in the transaction
-- that notes what it matched, so that it counts once, whatever dies. A mark on the headlines themselves would have this
-- write the rows that classifier and index write at the same time. Headlines stored before this are none.
create table unevaluated_headlines (
  headline_id  uuid primary key references headlines on delete cascade
);
create function note_new_headlines() returns trigger language plpgsql as $$
begin
  insert into unevaluated_headlines (headline_id) select id from stored;
  return null;
end $$;
create trigger headlines_stored after insert on headlines
  referencing new table as stored for each statement execute function note_new_headlines();

-- When the saved searches were put to what was new; again for the same batch they are not.
alter table batches add column searches_evaluated_at timestamptz;

-- Down Migration

alter table batches drop column searches_evaluated_at;
drop trigger headlines_stored on headlines;
drop function note_new_headlines;
drop table unevaluated_headlines, saved_search_matches, saved_searches;
