-- Whoever records runs looks at what they refer to: of a bulk call, hundreds of test cases and rows of test sets that are
-- the same in the next call. A server may keep what it has read of them for as long as this version is the same; it is read
-- in the statement that reads the rest (storage/run-references.ts, storage/known-references.ts).
--
-- A number would come back after a failover or a restored backup, and then mean something else.
alter table project add column references_version uuid not null default gen_random_uuid();

create function change_references_version() returns trigger language plpgsql as $$
begin
  update project set references_version = gen_random_uuid() where project_id = new.project_id;
  return null;
end
$$;

-- New rows are not among what was kept, and rows are deleted with their project only, which takes the version along.
create trigger test_case_changes_references after update on test_case for each row
  when ((old.guid, old.name, old.is_deleted, old.estimated_duration, old.automation_engine_id, old.automation_attachment_id)
    is distinct from
    (new.guid, new.name, new.is_deleted, new.estimated_duration, new.automation_engine_id, new.automation_attachment_id))
  execute function change_references_version();

create trigger test_step_changes_references after update on test_step for each row
  when (old.test_case_id is distinct from new.test_case_id)
  execute function change_references_version();

create trigger test_set_row_changes_references after update on test_set_row for each row
  when ((old.test_set_id, old.test_case_id, old.is_removed) is distinct from (new.test_set_id, new.test_case_id, new.is_removed))
  execute function change_references_version();

create trigger test_set_changes_references after update on test_set for each row
  when ((old.guid, old.is_deleted) is distinct from (new.guid, new.is_deleted))
  execute function change_references_version();
