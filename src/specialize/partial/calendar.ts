// The arithmetic of Dates as JavaScript of our own: parts of a time, and the time that parts make. Numbers in, numbers out; NaN, the time of an invalid
// date, stays NaN. Days since 1970 from a year, a month and a day, and back, are Hinnant's ("chrono-Compatible Low-Level Date Algorithms", 2013):
// years begin in March, so that the day that may be missing is a year's last. The limits of years and months are V8's.

const day = "const day = Math.floor(t / 86400000);";
const clock = `${day} const ms = t - day * 86400000;`;
const civil = `${day}
  const z = day + 719468, era = Math.floor(z / 146097), doe = z - era * 146097;
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36524) - Math.floor(doe / 146096)) / 365);
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100)), mp = Math.floor((5 * doy + 2) / 153);
  const date = doy - Math.floor((153 * mp + 2) / 5) + 1, month = mp < 10 ? mp + 2 : mp - 10, year = yoe + era * 400 + (month <= 1 ? 1 : 0);`;

const hours = "Math.floor(ms / 3600000)", minutes = "Math.floor(ms / 60000) % 60", seconds = "Math.floor(ms / 1000) % 60", milliseconds = "ms % 1000";

/** `days` of the year `y`, the month `m` and the day `d`. Far behind the first year that a Date can have V8 counts in a way of its own. */
const makeDay = `let days = NaN;
  if (y >= -1000000 && y <= 1000000 && m >= -10000000 && m <= 10000000) {
    const months = Math.trunc(m), years = Math.trunc(y) + Math.floor(months / 12), mm = months - Math.floor(months / 12) * 12;
    if (years < -399999) null.year;
    const yy = mm <= 1 ? years - 1 : years, era = Math.floor(yy / 400), yoe = yy - era * 400;
    const doe = yoe * 365 + Math.floor(yoe / 4) - Math.floor(yoe / 100) + Math.floor((153 * (mm > 1 ? mm - 2 : mm + 10) + 2) / 5);
    days = era * 146097 + doe - 719469 + Math.trunc(d);
  }`;
const makeTime = (h: string, m: string, s: string, ms: string): string => `Math.trunc(${h}) * 3600000 + Math.trunc(${m}) * 60000 + Math.trunc(${s}) * 1000 + Math.trunc(${ms})`;
/** time within a day and days as a time */
const give = (time: string, days: string): string => `const made = ${time} + ${days} * 86400000; return made >= -8640000000000000 && made <= 8640000000000000 ? Math.trunc(made) + 0 : NaN;`;

const parts: Record<string, string> = {
  FullYear: `${civil} return year;`, Year: `${civil} return year - 1900;`, Month: `${civil} return month;`, Date: `${civil} return date;`,
  Day: `${day} return ((day + 4) % 7 + 7) % 7;`,
  Hours: `${clock} return ${hours};`, Minutes: `${clock} return ${minutes};`, Seconds: `${clock} return ${seconds};`, Milliseconds: `${clock} return ${milliseconds};`,
  TimezoneOffset: "return t - t;",
};

/** What a call sets beside the first argument is what it gives; the rest stays. */
const given = (count: number, value: string, otherwise: string): string => `(arguments.length > ${count} ? ${value} : ${otherwise})`;
const setters: Record<string, string> = {
  Milliseconds: `function (t, a) { ${clock} ${give(makeTime(hours, minutes, seconds, "a"), "day")} }`,
  Seconds: `function (t, a, b) { ${clock} ${give(makeTime(hours, minutes, "a", given(2, "b", milliseconds)), "day")} }`,
  Minutes: `function (t, a, b, c) { ${clock} ${give(makeTime(hours, "a", given(2, "b", seconds), given(3, "c", milliseconds)), "day")} }`,
  Hours: `function (t, a, b, c, e) { ${clock} ${give(makeTime("a", given(2, "b", minutes), given(3, "c", seconds), given(4, "e", milliseconds)), "day")} }`,
  Date: `function (t, a) { const ms = t - Math.floor(t / 86400000) * 86400000; let y, m; { ${civil} y = year; m = month; } const d = a; ${makeDay} ${give("ms", "days")} }`,
  Month: `function (t, a, b) { const ms = t - Math.floor(t / 86400000) * 86400000; let y, d; { ${civil} y = year; d = ${given(2, "b", "date")}; } const m = a; ${makeDay} ${give("ms", "days")} }`,
  // an invalid date gets a year: it is the first day of that year
  FullYear: `function (t, a, b, c) { if (t !== t) t = 0; const ms = t - Math.floor(t / 86400000) * 86400000; let m, d; { ${civil} m = ${given(2, "b", "month")}; d = ${given(3, "c", "date")}; } const y = a; ${makeDay} ${give("ms", "days")} }`,
};

/** Bodies of functions, by what they are called in dates.ts. */
export const calendar: Record<string, string> = {
  ...Object.fromEntries(Object.entries(parts).map(([name, body]) => [`get${name}`, `function (t) { ${body} }`])),
  ...Object.fromEntries(Object.entries(setters).map(([name, text]) => [`set${name}`, text])),
  clip: `function (t) { ${give("t", "0")} }`,
  // from a year and a month on; two digits are a year of the twentieth century
  make: `function (year, m = 0, d = 1, h = 0, minute = 0, second = 0, ms = 0) {
    const whole = Math.trunc(year), y = whole >= 0 && whole <= 99 ? 1900 + whole : year;
    ${makeDay}
    ${give(makeTime("h", "minute", "second", "ms"), "days")}
  }`,
};
