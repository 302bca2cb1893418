import type { SentValues } from '../domain/custom-properties.ts';
import { DomainError, type Issue, refuse } from '../domain/errors.ts';
import { updateStamped } from '../storage/concurrency.ts';
import type { Transaction } from '../storage/database.ts';
import type { ProjectCommand } from './context.ts';
import { CarriesValues, settleOwnCustomValues } from './custom-properties.ts';
import { blankName, requireExisting } from './input-checks.ts';

/** What can be said of an automation host. Missing keeps the stored value on update and means the default on create. */
export interface AutomationHostInput {
  automationHostId?: number | null;
  name?: string | null;
  token?: string | null;
  description?: string | null;
  active?: boolean | null;
  tags?: string | null;
  customProperties?: SentValues;
}

/** Both dates are the same stamp; clients send the one they know. */
interface HostStamps {
  concurrencyDate?: Date | null;
  lastUpdateDate?: Date | null;
}

/** Creates an automation host and returns its id. `duplicate` when another host of the project has the token. */
export async function createAutomationHost(
  { db, projectId }: ProjectCommand,
  host: AutomationHostInput,
): Promise<number> {
  return db.transaction(async (transaction) => {
    const custom = await settleOwnCustomValues(transaction, projectId, {
      artifactTypeId: CarriesValues.automationHost,
      sent: host.customProperties,
    });
    refuse([...hostIssues(host), ...custom.issues]);
    await refuseTakenToken(transaction, projectId, { token: host.token, hostId: 0 });
    const created = await transaction.kysely
      .insertInto('automationHost')
      .values({
        projectId,
        name: host.name ?? '',
        token: (host.token ?? '').trim(),
        description: host.description ?? null,
        isActive: host.active ?? true,
        tags: host.tags ?? null,
        customProperties: custom.json ?? null,
      })
      .returning('automationHostId')
      .executeTakeFirstOrThrow();
    return created.automationHostId;
  });
}

/** Updates an automation host; missing members keep their value. Refused: a stale stamp (CC-1), a token that is taken. */
export async function updateAutomationHost(
  { db, projectId }: ProjectCommand,
  host: AutomationHostInput & HostStamps,
): Promise<void> {
  await db.transaction(async (transaction) => {
    const automationHostId = await requireExisting(transaction, projectId, {
      kind: 'automationHost',
      id: host.automationHostId,
    });
    const custom = await settleOwnCustomValues(transaction, projectId, {
      artifactTypeId: CarriesValues.automationHost,
      sent: host.customProperties,
      stored: await storedValues(transaction, projectId, automationHostId),
    });
    refuse([...hostIssues(host), ...custom.issues]);
    await refuseTakenToken(transaction, projectId, { token: host.token, hostId: automationHostId });
    await updateStamped(transaction, {
      table: 'automationHost',
      key: { projectId, automationHostId },
      what: `Automation host ${automationHostId}`,
      stamp: host.concurrencyDate ?? host.lastUpdateDate,
      changes: {
        name: host.name ?? undefined,
        token: host.token?.trim(),
        description: host.description,
        isActive: host.active ?? undefined,
        tags: host.tags,
        customProperties: custom.json,
      },
    });
  });
}

/** Deletes an automation host; runs keep naming it, and its token is free again. */
export async function deleteAutomationHost({ db, projectId }: ProjectCommand, hostId: number): Promise<void> {
  await db.transaction(async (transaction) => {
    await requireExisting(transaction, projectId, { kind: 'automationHost', id: hostId });
    await transaction.query(
      `update automation_host set is_deleted = true, updated_at = now()
        where project_id = $1 and automation_host_id = $2`,
      [projectId, hostId],
    );
  });
}

async function storedValues(transaction: Transaction, projectId: number, automationHostId: number): Promise<unknown> {
  const host = await transaction.kysely
    .selectFrom('automationHost')
    .select('customProperties')
    .where('projectId', '=', projectId)
    .where('automationHostId', '=', automationHostId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return host?.customProperties;
}

function hostIssues(host: AutomationHostInput): Issue[] {
  const isBlank = typeof host.token === 'string' && host.token.trim() === '';
  return [
    ...blankName(host.name, 'An automation host'),
    ...(isBlank ? [{ code: 'invalid', field: 'token', message: 'An automation host needs a token' } as const] : []),
  ];
}

async function refuseTakenToken(
  transaction: Transaction,
  projectId: number,
  { token, hostId }: { token: string | null | undefined; hostId: number },
): Promise<void> {
  if (!token) return;
  const [other] = await transaction.query(
    `select from automation_host
      where project_id = $1 and lower(token) = lower($2) and automation_host_id <> $3 and not is_deleted`,
    [projectId, token.trim(), hostId],
  );
  if (other) throw new DomainError('duplicate', `Another automation host has the token ${token.trim()}`);
}
