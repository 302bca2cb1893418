import { boolean, date } from '../member.ts';
import { spiraObject } from '../object.ts';

export const DateRange = spiraObject(
  'DateRange',
  { description: 'A range of dates; a missing end is open.' },
  {
    StartDate: date('The first day.'),
    EndDate: date('The last day.'),
    ConsiderTimes: boolean('Take the times as they are; otherwise whole UTC days, both included.'),
  },
);
