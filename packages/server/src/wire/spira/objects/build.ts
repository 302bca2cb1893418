import { buildStatuses } from '../../../domain/tables.ts';
import { date, enumeration, integer, objects, reference, text } from '../member.ts';
import { spiraObject } from '../object.ts';

export interface BuildRevisionRow {
  buildId: number | null;
  revisionKey: string | null;
  creationDate: Date | string | null;
}

export const RemoteBuildSourceCode = spiraObject(
  'RemoteBuildSourceCode',
  { description: 'A revision of the source code that went into a build.' },
  {
    BuildId: integer('The build.').readOnly().notNull(),
    RevisionKey: text('How the source code system names the revision.').required().notNull(),
    CreationDate: date('When the revision was made.'),
  },
);

export const RemoteBuild = spiraObject(
  'RemoteBuild',
  { description: 'A build of a release, as a CI server reports it.' },
  {
    BuildId: reference('Id of the build.').readOnly().filter('ids'),
    Guid: text('Guid of the build, stable for life.').readOnly(),
    BuildStatusId: enumeration(buildStatuses, 'How the build ended.').required().notNull().filter('ids'),
    BuildStatusName: text('Name of the status.').readOnly(),
    ProjectId: integer('The product of the path, whatever the body says.').readOnly().notNull(),
    ReleaseId: integer('The release of the path, whatever the body says.').readOnly().notNull(),
    ReleaseGuid: text('Guid of the release.').readOnly(),
    Name: text('Name.', 255).required().notNull().filter('words'),
    Description: text('Log of the build; may hold HTML. Null where it was not asked for.'),
    LastUpdateDate: date('When it was last changed.').readOnly().notNull(),
    CreationDate: date('When it was built; missing or null: now.').filter('dates'),
    Revisions: objects<BuildRevisionRow>(() => RemoteBuildSourceCode, 'Revisions that went into it; null in lists.'),
  },
);
