import type { PersonKey } from './people.ts';
import { testCases } from './test-cases.ts';

/** The cases that a release was planned to be tested with, beside those that its sets and requirements bring. */
export const plannedCases: Readonly<Record<string, readonly string[]>> = {
  '3.0': testCases.filter(({ isDraft, key }) => !isDraft && !isFreight(key)).map(({ key }) => key),
  '4.0': testCases.map(({ key }) => key),
  '4.0-s1': ['truck', 'freight-account', 'car-by-plate', 'roof-box', 'caravan', 'electric-car'],
  '4.0-s2': [
    'truck',
    'freight-account',
    'freight-weight',
    'season-change',
    'price-preview',
    'gate-offline',
    'electric-car',
  ],
  '4.0-s3': ['freight-weight', 'deck-plan'],
};

function isFreight(key: string): boolean {
  return ['truck', 'freight-account', 'freight-weight', 'deck-plan', 'electric-car'].includes(key);
}

/** Who is to execute which case next. */
export const assigned: Readonly<Record<string, PersonKey>> = {
  truck: 'priya',
  'freight-account': 'priya',
  'electric-car': 'priya',
  'screen-reader': 'priya',
  'season-change': 'jonas',
  'price-preview': 'jonas',
  'gate-offline': 'jonas',
  kiosk: 'jonas',
  'freight-weight': 'tom',
};
