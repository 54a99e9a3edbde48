-- Up Migration

-- What the trends of a batch were built with; null where none were, or by an older release.
alter table batches
  add column window_hours    double precision check (window_hours > 0),
  add column bucket_minutes  integer check (bucket_minutes > 0);

-- Down Migration

alter table batches drop column window_hours, drop column bucket_minutes;
