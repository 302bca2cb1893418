import { boolean, date, number, text, view } from './view.ts';

/** The components of a project, deleted ones included. Parameters: project id. */
export const components = view({
  from: 'component t',
  scope: 't.project_id = $1',
  key: 'componentId',
  columns: {
    componentId: number('t.component_id'),
    projectId: number('t.project_id'),
    name: text('t.name'),
    isActive: boolean('t.is_active'),
    isDeleted: boolean('t.is_deleted'),
    guid: text('t.guid::text'),
    concurrencyGuid: text('t.concurrency_guid::text'),
    lastUpdateDate: date('t.updated_at'),
  },
});
