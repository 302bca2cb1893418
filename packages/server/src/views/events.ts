import type { Actor } from '../domain/actor.ts';
import type { Queryable } from '../storage/database.ts';
import { administeredProjectsSql } from './administered-projects.ts';

/** An entry of the event log. */
export interface EventView {
  eventId: number;
  occurredAt: Date;
  /** Who did it; null: the server itself. */
  login: string | null;
  projectId: number | null;
  kind: string;
  subject: string;
  durationMs: number | null;
  rowsChanged: number | null;
  details: Record<string, unknown>;
}

export interface EventFilter {
  projectId?: number | undefined;
  kind?: string | undefined;
  /** Only entries before this one, in the order of the list. */
  before?: { occurredAt: Date; eventId: number } | undefined;
  limit: number;
}

/** Returns the entries that somebody may see, newest first: all for system administrators, else of administered projects. */
export async function listEvents(db: Queryable, actor: Actor, filter: EventFilter): Promise<EventView[]> {
  return db.query<EventView>(
    `select e.event_id as "eventId", e.occurred_at as "occurredAt", u.login, e.project_id as "projectId", e.kind,
            e.subject, e.duration_ms as "durationMs", e.rows_changed as "rowsChanged", e.details
       from event e left join app_user u on u.user_id = e.user_id
      where ($1 or e.project_id in ${administeredProjectsSql('$2')})
        and ($3::int is null or e.project_id = $3) and ($4::text is null or e.kind = $4)
        and ($5::timestamptz is null or (e.occurred_at, e.event_id) < ($5, $6::bigint))
      order by e.occurred_at desc, e.event_id desc limit $7`,
    [
      actor.isSystemAdmin,
      actor.userId,
      filter.projectId ?? null,
      filter.kind ?? null,
      filter.before?.occurredAt ?? null,
      filter.before?.eventId ?? null,
      filter.limit,
    ],
  );
}
