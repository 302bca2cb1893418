import { type Static, Type } from 'typebox';
import { nullable, object, oneOf, Timestamp } from './basics.ts';

const modes = ['manual', 'nightly', 'continuous', 'immediate'] as const;

const RefreshMode = oneOf(
  modes,
  'When figures follow bulk results: `manual` by a data tool or refresh-caches only, `nightly` at the scheduled hour, `continuous` about a second later, `immediate` before the bulk call answers.',
);
const EffectiveMode = oneOf([...modes, 'disabled'], 'What holds in the end; `disabled`: roll-ups are off.');
const RollupsDisabled = Type.Boolean({ description: 'Figures stay as they are until a data tool is used.' });
const Fixed = Type.Array(Type.String(), {
  description: 'Members that the command line or the environment of the server fixes; they cannot be changed here.',
});

export const ServerRefreshSettings = object(
  'ServerRefreshSettings',
  { mode: RefreshMode, rollupsDisabled: RollupsDisabled, fixed: Fixed },
  'When figures follow bulk results, for all projects without a mode of their own.',
);

export const ServerRefreshChange = object(
  'ServerRefreshChange',
  { mode: Type.Optional(RefreshMode), rollupsDisabled: Type.Optional(RollupsDisabled) },
  'What is to change; missing members stay as they are.',
);
export type ServerRefreshChange = Static<typeof ServerRefreshChange>;

export const ProjectRefreshSettings = object(
  'ProjectRefreshSettings',
  { mode: nullable(RefreshMode), rollupsDisabled: RollupsDisabled, effectiveMode: EffectiveMode },
  'When figures follow bulk results in one project. A mode of null means that of the server.',
);
export type ProjectRefreshSettings = Static<typeof ProjectRefreshSettings>;

export const ProjectRefreshChange = object(
  'ProjectRefreshChange',
  { mode: Type.Optional(nullable(RefreshMode)), rollupsDisabled: Type.Optional(RollupsDisabled) },
  'What is to change; missing members stay as they are.',
);

const NightlyHour = Type.Integer({
  minimum: 0,
  maximum: 23,
  description: 'The hour at which the nightly refresh starts.',
});
const TimeZone = Type.String({ maxLength: 100, description: 'Time zone of that hour: UTC, Europe/Vienna.' });

export const Schedule = object(
  'Schedule',
  {
    nightlyHour: NightlyHour,
    timeZone: TimeZone,
    nextRoundAt: Timestamp,
    lastRoundAt: nullable(Timestamp),
    fixed: Fixed,
  },
  'When the nightly refresh of projects in `nightly` mode starts. Projects with nothing pending are skipped.',
);

export const ScheduleChange = object(
  'ScheduleChange',
  { nightlyHour: Type.Optional(NightlyHour), timeZone: Type.Optional(TimeZone) },
  'What is to change; missing members stay as they are. It holds from now on: an hour that has passed today is not made up for.',
);

export const PendingResults = object(
  'PendingResults',
  {
    runs: Type.Integer({ description: 'Test runs that are newer than the figures.' }),
    since: nullable(Timestamp),
    otherChanges: Type.Integer({ description: 'Other changes that the figures do not show yet.' }),
  },
  'Results newer than the figures: how many, and since when.',
);
export type PendingResults = Static<typeof PendingResults>;
