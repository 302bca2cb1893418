// A call's patience begins where the call does, at a face of the server, and is spent at the pool.
export { type Patience, patienceOfCall, withPatience } from '../storage/patience.ts';
