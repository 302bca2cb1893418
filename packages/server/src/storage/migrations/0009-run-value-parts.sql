-- Of a value that too many runs of a block have to name them: how many of these lie in each part of the block. A page in the
-- middle of such a block is then found by reading one part or two.
alter table run_block_value add column part_counts integer[];

-- Blocks that were counted before tell nothing of their parts: they are counted again in the background.
alter table run_block_value
  add constraint run_block_value_divided check ((places is null) = (part_counts is not null)) not valid;
update run_block set is_current = false;
