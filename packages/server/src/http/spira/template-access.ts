import { DomainError } from '../../domain/errors.ts';
import { builtInTemplate } from '../../views/lookups.ts';
import { projects } from '../../views/projects.ts';
import type { Call } from './operation.ts';

/** Members of any product may read the template, since all products use the one that there is. */
export async function requireTemplate({ services, actor, path }: Call<unknown>): Promise<void> {
  const belongs = actor.isSystemAdmin || (await projects.count(services.read, [actor.userId])) > 0;
  if (!belongs) throw new DomainError('notMember', 'You are not a member of a product that uses this template');
  const templateId = path.id('project_template_id', 'Project template');
  if (templateId !== builtInTemplate.projectTemplateId) {
    throw new DomainError('notFound', `Project template ${templateId} does not exist; there is one, with id 1`);
  }
}
