-- How many runs of all counted blocks of a project have a value in a dimension: the sums of run_block_value, kept so that
-- lists sorted by a value need not add up every block. Blocks to be counted again are in it as they were counted last.
create table run_value_total (
  project_id integer not null,
  dimension smallint not null,
  value bigint not null,
  test_run_type_id smallint not null,
  run_count bigint not null,
  primary key (project_id, dimension, value, test_run_type_id)
);

insert into run_value_total (project_id, dimension, value, test_run_type_id, run_count)
select project_id, dimension, value, test_run_type_id, sum(run_count)
  from run_block_value group by project_id, dimension, value, test_run_type_id;
