import { Type } from 'typebox';
import { nullable, object, pageOf, pageQuery, ref } from './basics.ts';
import { PendingResults, ProjectRefreshSettings } from './refresh-settings.ts';

export const Me = object(
  'Me',
  {
    userId: Type.Integer(),
    login: Type.String(),
    isSystemAdmin: Type.Boolean(),
  },
  'Who the key that was sent belongs to.',
);

const ProjectRole = object(
  'ProjectRole',
  { roleId: Type.Integer(), name: Type.String(), isProjectAdmin: Type.Boolean() },
  'What somebody is in a project.',
);

export const Project = object(
  'Project',
  {
    projectId: Type.Integer(),
    name: Type.String(),
    role: nullable(ProjectRole),
    refresh: ref(ProjectRefreshSettings),
    pending: ref(PendingResults),
  },
  'An active project as its caller sees it. The role is null for a system administrator who is no member.',
);

export const ProjectPage = pageOf(Project);
export const ProjectQuery = Type.Object(pageQuery, { additionalProperties: false });
