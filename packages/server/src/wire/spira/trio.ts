import { date, text } from './member.ts';

/** The members that small objects carry instead of those of an artifact (rest-v7, notation of sections 15-26). */
export const trio = {
  Guid: text('Guid of the object, stable for life.').readOnly(),
  ConcurrencyGuid: text('Stamp of the last change.'),
  LastUpdateDate: date('When it was last changed.').readOnly(),
};
