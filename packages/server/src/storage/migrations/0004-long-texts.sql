-- Long messages and traces of runs, each once for all runs of a product that brought it: the same test fails with the
-- same trace night after night. A run holds its text itself or the SHA-256 of it in UTF-8; what was recorded before stays
-- in the runs. `used_at` is when a call last counted on the text: one that no run has and nobody has counted on for days
-- is deleted (storage/long-texts.ts). `length` is in characters.
create table long_text (
  project_id integer not null,
  hash bytea not null,
  used_at timestamptz(3) not null default now(),
  length integer not null,
  body text not null,
  primary key (project_id, hash)
);

alter table test_run add column runner_message_hash bytea, add column runner_stack_trace_hash bytea;
-- Which runs have a text. Few runs have long ones, so these stay small.
create index test_run_message_text on test_run (project_id, runner_message_hash) where runner_message_hash is not null;
create index test_run_stack_trace_text on test_run (project_id, runner_stack_trace_hash)
  where runner_stack_trace_hash is not null;

do $$
begin
  if exists (select from pg_settings where name = 'default_toast_compression' and 'lz4' = any (enumvals)) then
    alter table long_text alter column body set compression lz4;
  end if;
end $$;
