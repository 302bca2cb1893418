/** A property of runs whose values are counted block by block. */
export interface RunDimension {
  /** The number it is stored under; never used again for another. */
  id: number;
  /** The column of test_run. */
  column: string;
  /** Values are numbers, or texts that run_text gives a number. */
  kind: 'number' | 'text';
  /** The column that says that the text of a run is a long one and stands apart from it. */
  apart?: string;
}

const dimension = (id: number, column: string, kind: RunDimension['kind'] = 'number'): RunDimension => ({
  id,
  column,
  kind,
});

export const runDimensions = {
  testCaseId: dimension(1, 'test_case_id'),
  testerId: dimension(2, 'tester_id'),
  executionStatusId: dimension(3, 'execution_status_id'),
  releaseId: dimension(4, 'release_id'),
  testSetId: dimension(5, 'test_set_id'),
  testSetTestCaseId: dimension(6, 'test_set_row_id'),
  buildId: dimension(7, 'build_id'),
  testConfigurationId: dimension(8, 'test_configuration_id'),
  automationHostId: dimension(9, 'automation_host_id'),
  automationEngineId: dimension(10, 'automation_engine_id'),
  automationAttachmentId: dimension(11, 'automation_attachment_id'),
  testRunFormatId: dimension(12, 'runner_format_id'),
  runnerAssertCount: dimension(13, 'runner_assert_count'),
  estimatedDuration: dimension(14, 'estimated_duration'),
  actualDuration: dimension(15, 'actual_duration'),
  testRunTypeId: dimension(16, 'test_run_type_id'),
  name: dimension(17, 'name', 'text'),
  runnerName: dimension(18, 'runner_name', 'text'),
  runnerTestName: dimension(19, 'runner_test_name', 'text'),
  tags: dimension(20, 'tags', 'text'),
  runnerMessage: { ...dimension(21, 'runner_message', 'text'), apart: 'runner_message_hash' },
} as const;

export type RunDimensionName = keyof typeof runDimensions;

/** Stands for null in run_block_value: smaller than any value a run can have. */
export const NO_VALUE = -1_000_000_000_000;
/** A value that so many runs of a block have, or fewer, names them; run_block_value is checked for it. */
export const MOST_PLACES = 512;
/** A dimension with more values than this in a block is not counted there. */
export const MOST_VALUES = 2_000;
/** A dimension with a longer text than this in a block is not counted there. */
export const LONGEST_TEXT = 500;
/** Ids of a block of a product whose first block is counted now. */
export const BLOCK_SPAN = 16_384;
/** Ids of a part of such a block: so many runs are looked at where a page or a range of dates begins or ends. */
export const PART_SPAN = 1_024;
