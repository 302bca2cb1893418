/**
 * Returns whether an answer is to be XML (rest-v7 4.1): only when Accept prefers it to JSON, or when nothing is said
 * and the request itself is XML. Anything else, browsers' lists included, gets JSON.
 */
export function wantsXml(accept: string | undefined, contentType: string | undefined): boolean {
  const ranges = (accept ?? '').split(',').map(mediaRange);
  const json = bestQuality(ranges, /^(application|text)\/json$/);
  const xml = bestQuality(ranges, /^(application|text)\/xml$/);
  if (json !== undefined || xml !== undefined) return (xml ?? 0) > (json ?? 0);
  const saysNothing = ranges.every(({ type }) => type === '' || type === '*/*');
  return saysNothing && isXml(contentType);
}

/** Returns whether a Content-Type names XML. */
export function isXml(contentType: string | undefined): boolean {
  return /^\s*(application|text)\/([\w.-]+\+)?xml\b/i.test(contentType ?? '');
}

/** Returns whether a Content-Type names JSON, or nothing in particular. */
export function isJsonOrNothing(contentType: string | undefined): boolean {
  return (
    contentType === undefined ||
    contentType.trim() === '' ||
    /^\s*(application|text)\/([\w.-]+\+)?json\b/i.test(contentType)
  );
}

interface MediaRange {
  type: string;
  quality: number;
}

function mediaRange(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
  return { type, quality: Number.isFinite(quality) ? quality : 1 };
}

function bestQuality(ranges: readonly MediaRange[], type: RegExp): number | undefined {
  const matching = ranges.filter((range) => type.test(range.type)).map((range) => range.quality);
  return matching.length === 0 ? undefined : Math.max(...matching);
}
