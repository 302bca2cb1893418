import { Type } from 'typebox';
import { Id, nullable, object, oneOf, pageOf, pageQuery, ref, Timestamp } from './basics.ts';

export const DataTool = object(
  'DataTool',
  {
    name: Type.String(),
    title: Type.String(),
    description: Type.String(),
    scope: oneOf(['project', 'system'], '`project`: acts on one project. `system`: on the whole server.'),
    takesRelease: Type.Boolean({ description: 'Can be limited to one release and those above it.' }),
  },
  'A tool that derives or repairs stored data.',
);

export const DataToolList = object('DataToolList', { items: Type.Array(ref(DataTool)) }, 'Every data tool.');

export const ProjectToolRequest = object(
  'ProjectToolRequest',
  { releaseId: Type.Optional(nullable(Id)) },
  'What the tool is to be limited to.',
);

export const SystemToolRequest = object(
  'SystemToolRequest',
  {
    projectIds: Type.Optional(
      Type.Array(Id, { minItems: 1, description: 'Where to use the tool; missing: in all active projects.' }),
    ),
  },
  'Where the tool is to be used. Leave it empty for a tool of the whole system.',
);

const jobStates = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;

export const JobProgress = object(
  'JobProgress',
  {
    phase: Type.String({ description: 'What is being done, in words.' }),
    done: Type.Integer(),
    total: Type.Integer(),
  },
  'How far a job is.',
);

export const Job = object(
  'Job',
  {
    jobId: Type.Integer(),
    tool: Type.String(),
    projectId: nullable(Type.Integer({ description: 'Null: the whole server.' })),
    projectName: nullable(Type.String()),
    releaseId: nullable(Type.Integer()),
    state: oneOf(jobStates),
    cancelRequested: Type.Boolean(),
    requestedBy: nullable(Type.String({ description: 'Login of who asked first; null: the server itself.' })),
    createdAt: Timestamp,
    startedAt: nullable(Timestamp),
    finishedAt: nullable(Timestamp),
    attempts: Type.Integer({ description: 'How many processes have taken the job up.' }),
    progress: nullable(ref(JobProgress)),
    rowsChanged: nullable(Type.Integer({ description: 'What the tool changed; null until the job is done.' })),
    result: nullable(
      Type.Record(Type.String(), Type.Unknown(), {
        description: 'What the tool found; its members depend on the tool.',
      }),
    ),
    error: nullable(Type.String()),
  },
  'One use of a data tool.',
);

export const JobList = object('JobList', { items: Type.Array(ref(Job)) }, 'The jobs that were queued or joined.');
export const JobPage = pageOf(Job);

export const JobQuery = Type.Object(
  {
    ...pageQuery,
    projectId: Type.Optional(Id),
    tool: Type.Optional(Type.String({ maxLength: 60 })),
    state: Type.Optional(oneOf(jobStates)),
  },
  { additionalProperties: false },
);

const ToolName = Type.String({ maxLength: 60, description: 'The name of a data tool.' });
export const ToolPath = Type.Object({ tool: ToolName });
export const ProjectToolPath = Type.Object({ projectId: Id, tool: ToolName });
export const JobPath = Type.Object({ jobId: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) });
