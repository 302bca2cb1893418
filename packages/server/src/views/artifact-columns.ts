import { boolean, date, number, numbers, text } from './view.ts';

// `(select true ... limit 1) is not null` where one would write `exists (...)`: the planner may turn an exists into a
// hash over the whole table (measured: 30 ms for 75,000 steps), a scalar subquery it looks up for the rows shown only.

/** The columns behind the members that every artifact carries; `t` is the artifact's table. */
export const artifactColumns = (artifactTypeId: number, key: string) => ({
  projectId: number('t.project_id'),
  projectGuid: text('(select guid::text from project where project_id = t.project_id)'),
  concurrencyDate: date('t.concurrency_date'),
  customProperties: numbers('t.custom_properties'),
  isAttachments: boolean(
    `(select true from document_attachment a where a.project_id = t.project_id and a.artifact_type_id = ${artifactTypeId} and a.artifact_id = ${key} limit 1) is not null`,
  ),
  tags: text('t.tags'),
  guid: text('t.guid::text'),
});

/** The columns that tell who a user id is: `creatorId`, `creatorName`, `creatorGuid`. */
export const userColumns = <Prefix extends string>(prefix: Prefix, column: string) =>
  ({
    [`${prefix}Id`]: number(column),
    [`${prefix}Name`]: text(`(select ${fullNameSql('u')} from app_user u where u.user_id = ${column})`),
    [`${prefix}Guid`]: text(`(select u.guid::text from app_user u where u.user_id = ${column})`),
  }) as Record<`${Prefix}Id`, ReturnType<typeof number>> &
    Record<`${Prefix}Name` | `${Prefix}Guid`, ReturnType<typeof text>>;

/** Returns SQL for a user's full name: first name, middle initial, last name. */
export function fullNameSql(alias: string): string {
  return `concat_ws(' ', ${alias}.first_name, nullif(${alias}.middle_initial, ''), ${alias}.last_name)`;
}

/** The six counters of a figure row `f`; a parent without a row counts nothing. */
export const counterColumns = (alias = 'f') => ({
  countFailed: number(`coalesce(${alias}.count_failed, 0)`),
  countPassed: number(`coalesce(${alias}.count_passed, 0)`),
  countNotRun: number(`coalesce(${alias}.count_not_run, 0)`),
  countNotApplicable: number(`coalesce(${alias}.count_not_applicable, 0)`),
  countBlocked: number(`coalesce(${alias}.count_blocked, 0)`),
  countCaution: number(`coalesce(${alias}.count_caution, 0)`),
});
