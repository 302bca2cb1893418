import type { GivenValue } from '../domain/step-expansion.ts';
import type { Queryable } from '../storage/database.ts';
import {
  listConfigurations,
  listSetValues,
  listShellRows,
  type ShellRow,
  type ShellSet,
} from '../storage/shell-sources.ts';

/** One run to be made of a set: a row with one entry of the set's configurations. */
export interface PlannedRun {
  set: ShellSet;
  row: ShellRow;
  testConfigurationId: number | null;
  /** Values for parameters, the strongest source first: configuration entry, row, set (SP-5). */
  given: readonly (readonly GivenValue[])[];
}

/**
 * Returns the runs that sets stand for: each row with each entry of the set's configurations, row by row (SP-6). A
 * configuration set without entries makes no run at all.
 */
export async function plannedRuns(db: Queryable, projectId: number, sets: readonly ShellSet[]): Promise<PlannedRun[]> {
  const setIds = sets.map((set) => set.testSetId);
  const rows = Map.groupBy(await listShellRows(db, projectId, setIds), (row) => row.testSetId);
  const configurationSetIds = sets.flatMap((set) => set.testConfigurationSetId ?? []);
  const entries = Map.groupBy(
    configurationSetIds.length === 0 ? [] : await listConfigurations(db, projectId, configurationSetIds),
    (entry) => entry.testConfigurationSetId,
  );
  const values = Map.groupBy(await listSetValues(db, projectId, setIds), (value) => value.testSetId);
  return sets.flatMap((set) => {
    const ofSet = Map.groupBy(values.get(set.testSetId) ?? [], (value) => value.testSetTestCaseId);
    const configurations =
      set.testConfigurationSetId === null
        ? [{ testConfigurationId: null, values: [] }]
        : (entries.get(set.testConfigurationSetId) ?? []);
    return (rows.get(set.testSetId) ?? []).flatMap((row) =>
      configurations.map((entry) => ({
        set,
        row,
        testConfigurationId: entry.testConfigurationId,
        given: [entry.values, ofSet.get(row.testSetTestCaseId) ?? [], ofSet.get(0) ?? []],
      })),
    );
  });
}
