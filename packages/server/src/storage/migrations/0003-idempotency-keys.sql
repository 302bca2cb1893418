-- Exactly once: what was answered to a request that carried an Idempotency-Key. The row is inserted in the transaction of
-- the facts, before them, and gets its answer in the same transaction: a crash leaves both or none, and a twin waits at
-- the primary key until the first has committed. project_id is that of the path, 0 where the path names none, so it
-- refers to nothing. `refreshes` are the projects whose figures the answer waited for.
create table idempotency_key (
  project_id integer not null,
  user_id integer not null,
  key text collate "C" not null,
  fingerprint bytea not null,
  created_at timestamptz(3) not null default now(),
  status smallint,
  refreshes jsonb,
  answer bytea,
  primary key (project_id, user_id, key)
);
-- Answers are compressed before they are sent here; trying it again is wasted.
alter table idempotency_key alter column answer set storage external;
create index idempotency_key_age on idempotency_key (project_id, created_at);
