// Dates: under which name the time that a Date holds is kept, and whether the parts of a date in local time are those in UTC.
//
// A zone is told from UTC by what it was in three moments: before there were zones every place had a time of its own, and where nobody lived then,
// in Antarctica and the Arctic, there is a summer of the northern or southern kind. Asked anew for each call: Node changes the zone when TZ does.

/** The name of the time that a Date holds: one that no source can spell. */
export const timeKey = "\u0000time";

const { getTime, getTimezoneOffset } = Date.prototype;
const probes = [-1e13, Date.UTC(1990, 6), Date.UTC(2015, 6)].map((time) => new Date(time));

/** Is local time UTC? */
export function isUtc(): boolean {
  for (let i = 0; i < probes.length; i++) if (getTimezoneOffset.call(probes[i]!) !== 0) return false;
  return true;
}

/** The time that a Date holds. Throws of what is none. */
export const timeOf = (date: unknown): number => getTime.call(date as Date);
