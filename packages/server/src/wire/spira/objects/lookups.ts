import { boolean, constant, integer, type Member, text } from '../member.ts';
import { spiraObject } from '../object.ts';

// The values of these lists are fixed, so nothing here is read from a body.

const id = (description: string) => integer(description).as('id').readOnly().notNull();
const name = text('Name.').readOnly().notNull();
const active = boolean('Can be chosen.').readOnly().notNull();
const position = integer('Place in the list, from 1.').readOnly().notNull();
const isDefault = boolean('Is taken where nothing is said.').readOnly().notNull();
const workflow = integer('The workflow; there is one.').readOnly();

const stamps = {
  Guid: constant(null, 'Always null: the value is built in.'),
  ConcurrencyGuid: constant(null, 'Always null: the value is built in.'),
  LastUpdateDate: constant(null, 'Always null: the value is built in.'),
};

export const RemoteTestCaseType = spiraObject(
  'RemoteTestCaseType',
  { description: 'A type of test cases.' },
  {
    TestCaseTypeId: id('Id of the type.'),
    Name: name,
    WorkflowId: workflow,
    IsActive: active,
    IsDefault: isDefault,
    IsExploratory: boolean('Test cases that are written while they are executed.').readOnly().notNull(),
    IsBdd: boolean('Test cases written as behaviour.').readOnly().notNull(),
    Position: position,
    ...stamps,
  },
);

const status = <Name extends string>(objectName: string, key: Name, description: string) =>
  spiraObject(
    objectName,
    { description },
    {
      ...({ [key]: id('Id of the status.') } as Record<Name, ReturnType<typeof id>>),
      Name: name,
      Active: active,
      Position: position,
      ...stamps,
    },
  );

export const RemoteTestCaseStatus = status('RemoteTestCaseStatus', 'TestCaseStatusId', 'A status of test cases.');
export const RemoteReleaseStatus = status('RemoteReleaseStatus', 'ReleaseStatusId', 'A status of releases.');
export const RemoteRequirementStatus = status(
  'RemoteRequirementStatus',
  'RequirementStatusId',
  'A status of requirements.',
);

export const RemoteReleaseType = spiraObject(
  'RemoteReleaseType',
  { description: 'A type of releases.' },
  {
    ReleaseTypeId: id('Id of the type.'),
    Name: name,
    Active: active,
    Position: position,
    WorkflowId: workflow,
    ...stamps,
  },
);

const ranking = <Name extends string>(objectName: string, key: Name, description: string) =>
  spiraObject(
    objectName,
    { description },
    {
      ...({ [key]: id('Id of the value.') } as Record<Name, ReturnType<typeof id>>),
      Name: name,
      Active: active,
      Color: text('Colour, six hex digits.').readOnly().notNull(),
      Score: integer('Rank, 1 is the most urgent.').readOnly(),
      ...stamps,
    },
  );

export const RemoteTestCasePriority = ranking('RemoteTestCasePriority', 'PriorityId', 'A priority of test cases.');
export const RemoteIncidentPriority = ranking('RemoteIncidentPriority', 'PriorityId', 'A priority of incidents.');
export const RemoteIncidentSeverity = ranking('RemoteIncidentSeverity', 'SeverityId', 'A severity of incidents.');
export const RemoteRequirementImportance = ranking(
  'RemoteRequirementImportance',
  'ImportanceId',
  'An importance of requirements.',
);

export const RemoteIncidentStatus = spiraObject(
  'RemoteIncidentStatus',
  { description: 'A status of incidents.' },
  {
    IncidentStatusId: id('Id of the status.'),
    Name: name,
    Active: active,
    Open: boolean('Incidents with this status are open.').readOnly().notNull(),
    ...stamps,
  },
);

export const RemoteIncidentType = spiraObject(
  'RemoteIncidentType',
  { description: 'A type of incidents.' },
  {
    IncidentTypeId: id('Id of the type.'),
    Name: name,
    Active: active,
    Issue: boolean('Counts as an issue.').readOnly().notNull(),
    Risk: boolean('Counts as a risk.').readOnly().notNull(),
    WorkflowId: integer('The workflow; there is one.').readOnly().notNull(),
    ...stamps,
  },
);

export const RemoteRequirementType = spiraObject(
  'RemoteRequirementType',
  { description: 'A type of requirements.' },
  {
    RequirementTypeId: id('Id of the type.'),
    Name: name,
    WorkflowId: workflow,
    IsActive: active,
    IsDefault: isDefault,
    IsSteps: boolean('Requirements of this type have scenario steps.').readOnly().notNull(),
    Position: position,
  },
);

export const RemoteDocumentType = spiraObject(
  'RemoteDocumentType',
  { description: 'A type of documents.' },
  {
    DocumentTypeId: id('Id of the type.'),
    ProjectTemplateId: constant(1, 'Always 1: there is one built-in template.'),
    Name: name,
    Description: constant(null, 'Always null.'),
    Active: active,
    Default: boolean('Is taken where nothing is said.').as('isDefault').readOnly().notNull(),
    ...stamps,
  },
);

export const RemoteProjectTemplate = spiraObject(
  'RemoteProjectTemplate',
  { description: 'The lists that a product chooses values from; there is one, built in.' },
  {
    ProjectTemplateId: integer('Id of the template: 1.').readOnly().notNull(),
    Name: name,
    Description: text('Description.').readOnly(),
    IsActive: active,
    Guid: stamps.Guid,
    ConcurrencyGuid: stamps.ConcurrencyGuid,
  },
);

/** Lists that are always empty for now, so that only the name of what they would hold is known. */
const unfilled = (objectName: string, description: string) =>
  spiraObject(objectName, { description }, {} as Record<string, Member<never, undefined, false>>);

export const RemoteTask = unfilled('RemoteTask', 'A task; there are none in this server.');
export const RemoteTaskType = unfilled('RemoteTaskType', 'A type of tasks; there are none in this server.');
export const RemoteTaskStatus = unfilled('RemoteTaskStatus', 'A status of tasks; there are none in this server.');
export const RemoteTaskPriority = unfilled('RemoteTaskPriority', 'A priority of tasks; there are none in this server.');
export const RemoteTaskFolder = unfilled('RemoteTaskFolder', 'A folder of tasks; there are none in this server.');
export const RemoteRisk = unfilled('RemoteRisk', 'A risk; there are none in this server.');
export const RemoteRiskType = unfilled('RemoteRiskType', 'A type of risks; there are none in this server.');
export const RemoteRiskStatus = unfilled('RemoteRiskStatus', 'A status of risks; there are none in this server.');
export const RemoteRiskProbability = unfilled(
  'RemoteRiskProbability',
  'A probability of risks; there are none in this server.',
);
export const RemoteRiskImpact = unfilled('RemoteRiskImpact', 'An impact of risks; there are none in this server.');
export const RemoteProgram = unfilled('RemoteProgram', 'A program; there are none in this server.');
export const RemoteMilestone = unfilled('RemoteMilestone', 'A milestone of programs; there are none in this server.');
export const RemoteCapability = unfilled('RemoteCapability', 'A capability of programs; there are none here.');
export const RemoteWorkflowField = unfilled('RemoteWorkflowField', 'A field that a workflow restricts: none does.');
export const RemoteWorkflowCustomProperty = unfilled(
  'RemoteWorkflowCustomProperty',
  'A custom field that a workflow restricts: none does.',
);
export const RemoteWorkflowTransition = unfilled(
  'RemoteWorkflowTransition',
  'A step of a workflow; any status may follow any other here.',
);
