import type { Transaction } from './database.ts';

/**
 * Every table that holds rows of a project, those without a foreign key to it included; the event log stays. Facts come
 * first: deleting them waits for commands under way, whose changes are then there to be deleted, too.
 */
export const projectTables = [
  'test_run_step',
  'test_run',
  'long_text',
  'incident_test_run_step',
  'incident',
  'comment',
  'artifact_link',
  'document_attachment',
  'document',
  'requirement_test_case',
  'requirement',
  'test_set_parameter',
  'test_set_row',
  'test_set',
  'test_set_folder',
  'test_configuration_value',
  'test_configuration',
  'test_configuration_set',
  'automation_host',
  'release_test_case',
  'test_step_parameter',
  'test_case_parameter',
  'test_step',
  'test_case',
  'test_case_folder',
  'component',
  'build_revision',
  'build',
  'release',
  'project_member',
  'job',
  'idempotency_key',
  'change',
  'run_value_total',
  'run_block_value',
  'run_block_part',
  'run_block',
  'run_block_extent',
  'run_text',
  'cell',
  'case_figure',
  'mapping_figure',
  'row_figure',
  'step_figure',
  'release_figure',
  'set_figure',
  'folder_figure',
  'requirement_figure',
  'project',
] as const;

/** Deletes every row of a project: one statement a table. */
export async function deleteProjectRows(transaction: Transaction, projectId: number): Promise<void> {
  for (const table of projectTables) {
    await transaction.query(`delete from ${table} where project_id = $1`, [projectId]);
  }
}
