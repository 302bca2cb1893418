import { type CoverageShares, coverageShares, type RequirementCoverage } from '../domain/coverage-shares.ts';
import type { Queryable } from '../storage/database.ts';

/** Returns the requirements coverage of a project (semantics 5.8), by the current status of the covering cases. */
export async function coverageWidget(db: Queryable, projectId: number): Promise<CoverageShares> {
  const requirements = await db.query<RequirementCoverage>(
    `select coalesce(sum(f.count_passed), 0)::int as passed, coalesce(sum(f.count_failed), 0)::int as failed,
            coalesce(sum(f.count_blocked), 0)::int as blocked, coalesce(sum(f.count_caution), 0)::int as caution,
            coalesce(sum(f.count_failed + f.count_passed + f.count_not_run + f.count_not_applicable
                         + f.count_blocked + f.count_caution), 0)::int as total
       from requirement t
       join requirement d on d.project_id = t.project_id and not d.is_deleted
        and d.indent_level >= t.indent_level and d.indent_level < t.indent_level || '['
       left join requirement_figure f on f.project_id = d.project_id and f.requirement_id = d.requirement_id
      where t.project_id = $1 and not t.is_deleted
      group by t.requirement_id`,
    [projectId],
  );
  return coverageShares(requirements);
}
