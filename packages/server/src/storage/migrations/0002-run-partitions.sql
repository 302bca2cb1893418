-- Runs and their steps lie in partitions by ranges of run ids: indexes that new runs go to stay small enough to be kept
-- in memory, and old runs give their space back by partitions. Both tables have the same bounds. What was recorded so
-- far becomes the first partition; attaching it reads the table once. Further partitions are made by
-- storage/run-partitions.ts, in the same way. There is no default partition: it would be scanned and locked with each
-- new one. Ids come from a plain sequence, since PostgreSQL has identity columns of partitioned tables only from 17.

alter table test_run rename to test_run_from_0;
alter table test_run_step rename to test_run_step_from_0;
alter index test_run_pkey rename to test_run_from_0_pkey;
alter index test_run_case rename to test_run_from_0_case;
alter index test_run_newest rename to test_run_from_0_newest;
alter index test_run_step_pkey rename to test_run_step_from_0_pkey;
alter index test_run_step_step rename to test_run_step_from_0_step;
alter index test_run_step_id rename to test_run_step_from_0_id;

create table test_run (like test_run_from_0 including defaults including storage including compression)
  partition by range (test_run_id);
alter table test_run add primary key (project_id, test_run_id);
-- The runs of a case, newest first. Rows, mappings and releases are reached through it.
create index test_run_case on test_run (project_id, test_case_id, end_date desc, test_run_id desc)
  where not is_deleted and end_date is not null;
-- The list of runs, newest first (read backwards). Ascending, because new runs then go to the end of the index.
create index test_run_newest on test_run (project_id, end_date, test_run_id)
  where not is_deleted and end_date is not null;

create table test_run_step (like test_run_step_from_0 including defaults including storage including compression)
  partition by range (test_run_id);
alter table test_run_step add primary key (project_id, test_run_id, test_run_step_id);
create index test_run_step_step on test_run_step (project_id, test_step_id, test_run_id desc) where test_step_id is not null;
create index test_run_step_id on test_run_step (project_id, test_run_step_id);

do $$
declare
  last_run bigint;
  last_step bigint;
  -- A whole number of the least spans (domain/run-partitions.ts), beyond every id that was given.
  bound bigint;
begin
  select case when is_called then last_value else 0 end into last_run from test_run_test_run_id_seq;
  select case when is_called then last_value else 0 end into last_step from test_run_step_test_run_step_id_seq;
  bound := (last_run / 1048576 + 1) * 1048576;

  -- Drops the sequences, too: those of identity columns cannot be given to another table.
  alter table test_run_from_0 alter column test_run_id drop identity;
  alter table test_run_step_from_0 alter column test_run_step_id drop identity;
  create sequence test_run_test_run_id_seq owned by test_run.test_run_id;
  create sequence test_run_step_test_run_step_id_seq owned by test_run_step.test_run_step_id;
  if last_run > 0 then perform setval('test_run_test_run_id_seq', last_run); end if;
  if last_step > 0 then perform setval('test_run_step_test_run_step_id_seq', last_step); end if;
  alter table test_run alter column test_run_id set default nextval('test_run_test_run_id_seq');
  alter table test_run_step alter column test_run_step_id set default nextval('test_run_step_test_run_step_id_seq');

  execute format('alter table test_run attach partition test_run_from_0 for values from (minvalue) to (%s)', bound);
  execute format('alter table test_run_step attach partition test_run_step_from_0 for values from (minvalue) to (%s)', bound);
end $$;
