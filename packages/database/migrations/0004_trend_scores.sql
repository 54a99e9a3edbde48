-- Up Migration

-- How a trend moves and whether it bursts, beside what it had; the words of its status are five now.
alter table trends
  add column acceleration  double precision not null default 0,
  add column z             double precision not null default 0,
  add column burst_weight  double precision not null default 0 check (burst_weight >= 0),
  -- Null: no burst goes on.
  add column burst_since   timestamptz;
update trends set status = 'peaking' where status = 'steady';
alter table trends
  add constraint trends_status check (status in ('emerging', 'rising', 'peaking', 'fading', 'dormant'));

-- Bars have widths of their own: those of the past are merged into days and weeks (`aged`).
alter table trend_points
  add column minutes  integer not null default 180 check (minutes > 0),
  add column aged     boolean not null default false;
alter table trend_points alter column minutes drop default;
update trend_points p set minutes = b.bucket_minutes
  from trends t join batches b on b.id = t.updated_batch
 where t.id = p.trend_id and b.bucket_minutes is not null;
-- What may still have to be merged: weeks never have.
create index trend_points_to_age on trend_points (at) where minutes < 10080;

-- Down Migration

drop index trend_points_to_age;
alter table trend_points drop column minutes, drop column aged;
alter table trends
  drop constraint trends_status,
  drop column acceleration, drop column z, drop column burst_weight, drop column burst_since;
