-- Blocks are cut into parts, as long as part_span tells: how many runs each has and between which dates they lie. A range of
-- dates that begins or ends within a block, and a page in the middle of one, is then found by reading one part or two.
alter table run_block_extent add column part_span integer not null default 1024 check (part_span between 1 and 32768);
alter table run_block_extent alter column part_span drop default;

create table run_block_part (
  project_id integer not null,
  block bigint not null,
  part smallint not null,
  manual_count integer not null,
  automated_count integer not null,
  first_start timestamptz(3) not null,
  last_start timestamptz(3) not null,
  first_end timestamptz(3) not null,
  last_end timestamptz(3) not null,
  first_stamp timestamptz(3) not null,
  last_stamp timestamptz(3) not null,
  primary key (project_id, block, part)
);

-- Blocks that were counted before have no parts: they are counted again in the background.
update run_block set is_current = false;
