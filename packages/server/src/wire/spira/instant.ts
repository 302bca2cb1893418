const DAY_MS = 86_400_000;
/** The days that four digits of a year can name. */
const FIRST_DAY = Math.floor(Date.UTC(1, 0, 1) / DAY_MS) - 366;
const LAST_DAY = Math.floor(Date.UTC(9999, 11, 31) / DAY_MS);

const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'));
const threeDigits = Array.from({ length: 1_000 }, (_, number) => String(number).padStart(3, '0'));

/** The day that was last written or read. Nearly all dates of one call lie on the same few days. */
let lastDay = Number.NaN;
let lastDayText = '';

/**
 * Returns the text of an instant, as `Date.toISOString` writes it. The day is written once and kept: a list of runs is
 * encoded in two thirds of the time.
 */
export function instantText(date: Date): string {
  const time = date.getTime();
  const day = Math.floor(time / DAY_MS);
  // Negated, so that an invalid date goes the same way and is refused there.
  if (!(day > FIRST_DAY && day < LAST_DAY)) return date.toISOString();
  if (day !== lastDay) {
    lastDayText = date.toISOString().slice(0, 11);
    lastDay = day;
  }
  const ms = time - day * DAY_MS;
  const seconds = Math.floor(ms / 1_000);
  const minutes = Math.floor(seconds / 60);
  return `${lastDayText}${twoDigits[Math.floor(minutes / 60)]}:${twoDigits[minutes % 60]}:${twoDigits[seconds % 60]}.${threeDigits[ms % 1_000]}Z`;
}

const plainText = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{3})?Z$/;

/**
 * Returns the instant of a text as nearly every client sends it, in UTC with seconds or milliseconds; undefined for any
 * other form, and for a day or time that does not exist. As in writing the day is read once and kept.
 */
export function plainInstant(text: string): Date | undefined {
  if (!plainText.test(text)) return undefined;
  const dayText = text.slice(0, 11);
  if (dayText !== lastDayText) {
    const day = dayOf(dayText);
    if (day === undefined) return undefined;
    lastDay = day;
    lastDayText = dayText;
  }
  const hours = twoDigitsAt(text, 11);
  const minutes = twoDigitsAt(text, 14);
  const seconds = twoDigitsAt(text, 17);
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const ms = text.length > 20 ? twoDigitsAt(text, 20) * 10 + digitAt(text, 22) : 0;
  return new Date(lastDay * DAY_MS + ((hours * 60 + minutes) * 60 + seconds) * 1_000 + ms);
}

/** Date.parse takes the 30th of February for a day in March; a day that comes back as another one was none. */
function dayOf(dayText: string): number | undefined {
  const start = new Date(`${dayText}00:00:00.000Z`);
  if (Number.isNaN(start.getTime()) || !start.toISOString().startsWith(dayText)) return undefined;
  return start.getTime() / DAY_MS;
}

const ZERO = 48;
const digitAt = (text: string, offset: number) => text.charCodeAt(offset) - ZERO;
const twoDigitsAt = (text: string, offset: number) => digitAt(text, offset) * 10 + digitAt(text, offset + 1);
