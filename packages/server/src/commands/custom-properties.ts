import type { CustomPropertyValue } from '../domain/custom-properties.ts';
import type { Issue } from '../domain/errors.ts';

/**
 * Returns what is wrong with the values sent for custom properties of `what` ("test runs"). No custom property can be
 * defined yet, so a value names one that does not exist; an entry without any value says nothing and is fine.
 */
export function customPropertyIssues(
  sent: readonly (CustomPropertyValue | undefined)[] | null | undefined,
  what: string,
  index?: number,
): Issue[] {
  if (!sent) return [];
  return sent.flatMap((entry, position): Issue[] => {
    const { propertyNumber = null, ...values } = entry ?? {};
    if (Object.values(values).every((value) => value === null || value === undefined)) return [];
    return [
      {
        code: 'invalid',
        field: `customProperties[${position}].propertyNumber`,
        message: `PropertyNumber ${propertyNumber} is no custom property of ${what} in this project`,
        ...(index === undefined ? {} : { index }),
      },
    ];
  });
}
