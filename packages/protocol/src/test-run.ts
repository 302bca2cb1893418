import { Type } from 'typebox';
import { Id, nullable, object } from './basics.ts';

const LARGEST_PART = 1_000_000;
/** PostgreSQL keeps no longer text. */
const LARGEST_OFFSET = 1_073_741_823;

/** The path of a test run. */
export const TestRunPath = Type.Object({
  projectId: Id,
  testRunId: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
});

export const TextPartQuery = Type.Object(
  {
    offset: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: LARGEST_OFFSET,
        default: 0,
        description: 'How many characters (Unicode code points) are skipped.',
      }),
    ),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: LARGEST_PART,
        default: 100_000,
        description: 'Most characters of the part.',
      }),
    ),
  },
  { additionalProperties: false },
);

export const TextPart = object(
  'TextPart',
  {
    text: Type.String({ description: 'The part; empty behind the end, and where the run has no such text.' }),
    offset: Type.Integer({ description: 'Where it begins.' }),
    length: Type.Integer({ description: 'Characters (Unicode code points) of the whole text.' }),
    nextOffset: nullable(Type.Integer({ description: 'Where the next part begins; null when this is the last.' })),
  },
  'A part of a text that may be too long to be read at once.',
);
