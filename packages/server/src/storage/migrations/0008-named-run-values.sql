-- A page of a filtered list asks in how many runs of each block a value occurs, of hundreds of blocks that were counted at
-- different times and so lie apart: the index answers that alone. Whether a block names the runs it tells, too, since
-- they are named exactly where they are few.
alter table run_block_value drop constraint run_block_value_pkey;
alter table run_block_value
  add constraint run_block_value_pkey primary key (project_id, dimension, value, block, test_run_type_id) include (run_count),
  add constraint run_block_value_named check ((places is not null) = (run_count <= 512));
