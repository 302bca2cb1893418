/** The value of one custom field of an artifact. */
export interface CustomPropertyValue {
  propertyNumber?: number | null;
  stringValue?: string | null;
  integerValue?: number | null;
  booleanValue?: boolean | null;
  dateTimeValue?: Date | string | null;
  decimalValue?: number | null;
  integerListValue?: number[] | null;
}

/**
 * Returns the values to store after `sent` came, as JSON: entries not sent keep their value, an entry without any value
 * clears it. Undefined when nothing was sent (what is stored stays), null when nothing is left.
 */
export function mergedCustomProperties(
  stored: unknown,
  sent: readonly CustomPropertyValue[] | null | undefined,
): string | null | undefined {
  if (!sent || sent.length === 0) return undefined;
  const values = new Map<number, CustomPropertyValue>();
  for (const entry of [...(Array.isArray(stored) ? (stored as CustomPropertyValue[]) : []), ...sent]) {
    const { propertyNumber, ...value } = entry;
    if (typeof propertyNumber !== 'number') continue;
    if (Object.values(value).some((one) => one !== null && one !== undefined)) values.set(propertyNumber, entry);
    else values.delete(propertyNumber);
  }
  return values.size === 0 ? null : JSON.stringify([...values.values()].map(wellFormed));
}

/** Half a character (a lone surrogate) is no text that JSON columns hold. */
function wellFormed(entry: CustomPropertyValue): CustomPropertyValue {
  return typeof entry.stringValue === 'string' ? { ...entry, stringValue: entry.stringValue.toWellFormed() } : entry;
}
