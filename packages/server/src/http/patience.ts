import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { CommandContext } from '../commands/context.ts';

type BeginCall = CommandContext['db']['beginCall'];

/** Counts together what each call waits for connections to the database. */
export function registerPatience(app: FastifyInstance, beginCall: BeginCall): void {
  const calls = new WeakMap<FastifyRequest, ReturnType<BeginCall>>();
  app.addHook('onRequest', (request, _reply, done) => {
    const inCall = beginCall();
    calls.set(request, inCall);
    inCall(done);
  });
  // What follows the body follows from the socket, not from the hook before.
  app.addHook('preValidation', (request, _reply, done) => (calls.get(request) ?? beginCall())(done));
}
