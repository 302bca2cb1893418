import type { Queryable } from '../storage/database.ts';

const columns = { message: 'runner_message', stackTrace: 'runner_stack_trace' } as const;

/** A part of a text, and how many characters (code points) the whole has. */
export interface TextPart {
  text: string;
  length: number;
}

/**
 * Returns up to `limit` characters of the output of a run, from `offset` on; undefined when there is no such run. Whether
 * the run holds the text or shares it with others does not matter; only the part leaves the database.
 */
export async function partOfRunText(
  db: Queryable,
  { projectId, testRunId, text }: { projectId: number; testRunId: number; text: keyof typeof columns },
  { offset, limit }: { offset: number; limit: number },
): Promise<TextPart | undefined> {
  const column = columns[text];
  const [part] = await db.query<TextPart>({
    name: `part-of-${column}`,
    text: `select coalesce(substr(coalesce(x.body, t.${column}), $3::integer + 1, $4::integer), '') as text,
                  coalesce(x.length, char_length(t.${column}), 0) as length
             from test_run t
             join test_case c on c.project_id = t.project_id and c.test_case_id = t.test_case_id and not c.is_deleted
             left join long_text x on x.project_id = t.project_id and x.hash = t.${column}_hash
            where t.project_id = $1 and t.test_run_id = $2 and not t.is_deleted`,
    values: [projectId, testRunId, offset, limit],
  });
  return part;
}
