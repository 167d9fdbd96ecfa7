/** Moments on screen: always in a named time zone, in the reader's language. */

/** "Tue, Nov 24, 3:00 PM" in the given zone (the reader's own when none is given). */
export function formatMoment(iso: string, language: string, timeZone?: string): string {
  const options: Intl.DateTimeFormatOptions = { weekday: "short", month: "short", day: "numeric", hour: "numeric", minute: "2-digit" };
  return new Intl.DateTimeFormat(language, { ...options, timeZone }).format(new Date(iso));
}

/** "Tuesday, November 24". */
export function formatDay(iso: string, language: string, timeZone?: string): string {
  const options: Intl.DateTimeFormatOptions = { weekday: "long", month: "long", day: "numeric" };
  return new Intl.DateTimeFormat(language, { ...options, timeZone }).format(new Date(iso));
}

/** A calendar day (YYYY-MM-DD) without a time or zone: "November 24, 2026". */
export function formatDate(day: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));
}

/** A calendar day (YYYY-MM-DD) in short: "Dec 8", with its year when it is not the year of `now`. */
export function formatShortDate(day: string, language: string, now = new Date()): string {
  const year = day.startsWith(String(now.getFullYear())) ? undefined : "numeric";
  const options: Intl.DateTimeFormatOptions = { month: "short", day: "numeric", year, timeZone: "UTC" };
  return new Intl.DateTimeFormat(language, options).format(new Date(`${day}T00:00:00Z`));
}

/** "3:00 – 4:00 PM" in the given zone. */
export function formatSpan(start: string, end: string, language: string, timeZone?: string): string {
  const form = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit", timeZone });
  return form.formatRange(new Date(start), new Date(end));
}

/** The calendar day in the given zone as YYYY-MM-DD: what slots are grouped by. */
export function dayKey(iso: string, timeZone?: string): string {
  const options: Intl.DateTimeFormatOptions = { year: "numeric", month: "2-digit", day: "2-digit" };
  return new Intl.DateTimeFormat("en-CA", { ...options, timeZone }).format(new Date(iso));
}

/** The zone's short name at that moment, for example "CST". */
export function zoneName(iso: string, language: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat(language, { timeZone, timeZoneName: "short" }).formatToParts(new Date(iso));
  return parts.find((part) => part.type === "timeZoneName")?.value ?? timeZone;
}
