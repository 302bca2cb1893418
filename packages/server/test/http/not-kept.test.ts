import { describe, expect, test } from 'vitest';
import { aProject } from '../support/builders.ts';
import { testDatabase } from '../support/database.ts';
import { spiraServer } from '../support/spira-server.ts';

const db = await testDatabase();
const { call, projectId: p, userWithRole } = await spiraServer(db);

describe('things that are not kept, but that clients load beside those that are', () => {
  test.each([
    'tasks',
    'programs',
    'programs/1/milestones',
    'programs/1/capabilities/search?current_page=1&page_size=500',
    `projects/${p}/tasks/new?creation_date=1900-01-01T00:00:00.000&start_row=1&number_of_rows=500`,
    `projects/${p}/task-folders`,
    `projects/${p}/incidents/types/1/workflow/transitions?status_id=1&is_detector=true&isOwner=false`,
    `projects/${p}/requirements/types/1/workflow/transitions?status_id=1&is_creator=true&isOwner=false`,
    'project-templates/1/incidents/types/1/workflow/fields?status_id=1',
    'project-templates/1/requirements/types/1/workflow/custom-properties?status_id=1',
    'project-templates/1/tasks/types',
    'project-templates/1/risks/types',
    'project-templates/1/risks/statuses',
    'project-templates/1/risks/probabilities',
    'project-templates/1/risks/impacts',
  ])('%s is an empty list', async (path) => {
    const { status, json } = await call('GET', path);
    expect({ status, json }).toEqual({ status: 200, json: [] });
  });

  test.each(['tasks', 'risks'])('a search of %s finds none, with any body but an object', async (things) => {
    const path = `projects/${p}/${things}?starting_row=1&number_of_rows=500&sort_field=CreationDate&sort_direction=DESC`;
    const filter = [{ PropertyName: 'OwnerId', IntValue: 1 }];
    for (const body of [undefined, '', '""', 'null', [], filter]) {
      const { status, json } = await call('POST', path, { body });
      expect({ status, json }).toEqual({ status: 200, json: [] });
    }
  });

  test.each(['tasks', 'risks'])('one of the %s cannot be created, and the answer says why', async (things) => {
    const { status, json } = await call('POST', `projects/${p}/${things}`, { body: { Name: 'New' } });
    expect(status).toBe(404);
    expect(json.Message).toMatch(/not kept by this server/);
    expect((await call('POST', `projects/${p}/${things}`, { body: '{' })).status).toBe(400);
  });

  test('what surrounds them is checked as everywhere: login, product, membership, template', async () => {
    const outsider = await userWithRole(null);
    const elsewhere = await aProject(db);
    expect((await call('GET', 'programs', { as: null })).status).toBe(401);
    expect((await call('GET', `projects/${elsewhere}/task-folders`)).status).toBe(403);
    expect((await call('POST', `projects/${p}/risks`, { as: outsider })).status).toBe(403);
    expect((await call('POST', 'projects/404404/risks')).status).toBe(404);
    const fields = (template: number) => `project-templates/${template}/incidents/types/1/workflow/fields?status_id=1`;
    expect((await call('GET', fields(1), { as: outsider })).status).toBe(403);
    expect((await call('GET', fields(2))).status).toBe(404);
  });
});
