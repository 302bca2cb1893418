import { type ValueFault, valueChecker } from '@runledger/protocol';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { DomainError, errorFromIssues } from '../../domain/errors.ts';

type Schema = Parameters<typeof valueChecker>[0];

/** Requests are checked by their schemas, all faults at once; answers are written as they are. */
export function useOwnSchemas(api: FastifyInstance): void {
  api.setValidatorCompiler<FastifySchema>(({ schema, httpPart }) => {
    const check = valueChecker(named(api, schema as Schema), { fromText: httpPart !== 'body' });
    return (given: unknown) => {
      // A body that was not sent is an object without members; required ones are then named.
      const { value, faults } = check(given ?? {});
      return faults ? { error: errorFromIssues(faults.map((fault) => issueOf(fault, httpPart))) } : { value };
    };
  });
  api.setSerializerCompiler(() => JSON.stringify);
  readJson(api);
}

/** Bodies are referred to by name, so that the OpenAPI document has each once. */
function named(api: FastifyInstance, schema: Schema): Schema {
  if (!('$ref' in schema)) return schema;
  return api.getSchema(String(schema.$ref).replace('#', '')) as Schema;
}

function issueOf({ path, message }: ValueFault, httpPart: string | undefined) {
  const code = httpPart === 'params' ? ('notFound' as const) : ('invalid' as const);
  return { code, field: path, message: path === '' ? `The ${httpPart} ${message}` : `${path} ${message}` };
}

/** JSON that cannot be read is refused with the position of the fault. */
function readJson(api: FastifyInstance): void {
  api.removeAllContentTypeParsers();
  api.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    const text = String(body);
    if (text.trim() === '') return done(null, undefined);
    try {
      done(null, JSON.parse(text));
    } catch (error) {
      done(new DomainError('malformed', `The body is not JSON: ${(error as Error).message}`));
    }
  });
}
