import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Patience, patienceOfCall, withPatience } from '../commands/call-patience.ts';

/** Counts together what each call waits for connections to the database. */
export function registerPatience(app: FastifyInstance): void {
  const patiences = new WeakMap<FastifyRequest, Patience>();
  app.addHook('onRequest', (request, _reply, done) => {
    const patience = patienceOfCall();
    patiences.set(request, patience);
    withPatience(patience, done);
  });
  // What follows the body follows from the socket, not from the hook before.
  app.addHook('preValidation', (request, _reply, done) => withPatience(patiences.get(request), done));
}
