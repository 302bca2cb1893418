import { type Static, Type } from 'typebox';
import { nullable, object } from './basics.ts';

export const ProblemIssue = object(
  'ProblemIssue',
  {
    index: nullable(Type.Integer({ description: 'Position of the bad item in a list that was sent, from 0.' })),
    field: Type.String({ description: 'Path of the member: `projectIds[2]`. Empty: the body as a whole.' }),
    code: Type.String({ description: 'Kind of fault, as `code` of the problem.' }),
    message: Type.String({ description: 'What is wrong with the value and what would be allowed.' }),
  },
  'One thing that is wrong with what was sent.',
);

/** Every failure (RFC 9457), sent as application/problem+json. */
export const Problem = object(
  'Problem',
  {
    type: Type.String({ description: 'Names the kind of problem; stable.' }),
    title: Type.String({ description: 'The kind of problem in words.' }),
    status: Type.Integer({ description: 'The HTTP status.' }),
    detail: Type.String({ description: 'What went wrong here, in a line a person can act on.' }),
    code: Type.String({ description: 'The last part of `type`, for programs.' }),
    requestId: Type.String({ description: 'Finds this request in the log of the server.' }),
    issues: Type.Array(ProblemIssue, { description: 'Every fault of the input; empty for other problems.' }),
  },
  'A failure (RFC 9457).',
);
export type Problem = Static<typeof Problem>;
