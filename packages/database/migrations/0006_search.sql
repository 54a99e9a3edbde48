-- Up Migration

-- Near words for what was misspelt. A trusted extension: the owner of a database may create it.
create extension if not exists pg_trgm;

-- The indexes of the headlines in Qdrant: the one that answers, and the one that is being made. Each has an id of its own, also
-- when it is made anew of the same encoders; which headlines it holds is marked by its id in the column of its slot.
create table search_indexes (
  id            text primary key,
  slot          char(1) not null unique check (slot in ('a', 'b')),
  -- What its vectors are made by.
  version       text not null,
  created_at    timestamptz not null default now()
);

alter table headlines
  add column indexed_a text,
  add column indexed_b text,
  -- Its words are part of search_words.
  add column words_counted boolean not null default false,
  drop column indexed_by;
create index headlines_uncounted on headlines (id) where not words_counted;
-- Suggestions count the publishers.
create index headlines_publisher on headlines (publisher);

-- Encoders that were fitted on the headlines.
create table encoder_models (
  version     text primary key,
  kind        text not null check (kind in ('lsa')),
  created_at  timestamptz not null default now(),
  documents   integer not null,
  body        bytea not null
);

-- The words of all headlines, titles and beginnings of summaries, folded: what a search can find, for corrections and
-- suggestions.
create table search_words (
  word       text primary key,
  -- As most recently written, in lower case: with its accents.
  surface    text not null,
  -- Its stem in the language of the headline that brought it.
  stem       text not null,
  headlines  integer not null
);
create index search_words_trigrams on search_words using gin (word gin_trgm_ops);
create index search_words_prefix on search_words (word text_pattern_ops);
create index search_words_stem on search_words (stem);

-- Headlines that are gone here and may still be in Qdrant, and whose words are still counted where they were.
create table removed_headlines (
  id             uuid primary key,
  title          text not null,
  summary        text not null,
  language       text not null,
  words_counted  boolean not null
);
create function note_removed_headline() returns trigger language plpgsql as $$
begin
  insert into removed_headlines (id, title, summary, language, words_counted)
  values (old.id, old.title, old.summary, old.language, old.words_counted) on conflict (id) do nothing;
  return null;
end $$;
create trigger headline_removed after delete on headlines for each row execute function note_removed_headline();

-- Down Migration

drop trigger headline_removed on headlines;
drop function note_removed_headline;
drop table removed_headlines, search_words, encoder_models, search_indexes;
drop index headlines_publisher;
alter table headlines drop column indexed_a, drop column indexed_b, drop column words_counted,
  add column indexed_by text;
-- pg_trgm stays: it may have been there before, and others of the database may use it.
