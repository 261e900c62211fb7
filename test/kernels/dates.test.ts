// Dates: what is read of the caller's, of slow and captured ones, and of those that the kernel makes.

import { expect, it, test } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { isUtc } from "../../src/ir/dates.ts";
import { served } from "./served.ts";

const times = [0, -1, 1, 86399999, -86400000, 951782400000, 951868799999, 1709164800000, -62198755200000, -12219292800001, 1e12 + 0.7, -0.5, 8640000000000000, -8640000000000000, 8640000000000001, NaN, Infinity, 253402300800000, -2203891200000, 4102444800000, 68256000000, 68169600000];
const dates = times.map((t) => [new Date(t)]);
const at = (zone: "" | "UTC") => ({
  parts: new Function("d", `return [d.get${zone}FullYear(), d.get${zone}Month(), d.get${zone}Date(), d.get${zone}Day(), d.get${zone}Hours(), d.get${zone}Minutes(), d.get${zone}Seconds(), d.get${zone}Milliseconds()];`) as (d: Date) => number[],
  set: (part: string, args: string): ((d: Date, a: number, b: number) => unknown) => new Function("d", "a", "b", `const e = new Date(d); const r = e.set${zone}${part}(${args}); return [r, e, e.getTime()];`) as never,
});
const shifts = [[0, 0], [1, 1], [-1, 31], [13, -400], [99, 12.9], [-0.5, 1e9], [NaN, 1], [1, Infinity], [29, 2], [2024, 1], [1e7, 1e7], [-271821, 3]] as const;
const setting = [...dates.slice(0, 8), [new Date(NaN)]].flatMap(([d]) => shifts.map(([a, b]) => [d, a, b]));

test("the parts of the caller's date in UTC", () => served(at("UTC").parts, dates));
test("the parts of a date of the kernel's", () => served(new Function("t", "const d = new Date(t); return [d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate(), d.getUTCDay(), d.getUTCHours(), d.getUTCMinutes(), d.getUTCSeconds(), d.getUTCMilliseconds(), d.getTime(), +d, d.valueOf()];") as never, times.map((t) => [t])));
for (const [part, args] of [["Milliseconds", "a"], ["Seconds", "a"], ["Seconds", "a, b"], ["Minutes", "a"], ["Minutes", "a, b, 3"], ["Hours", "a"], ["Hours", "a, b"], ["Hours", "0, 0, 0, 0"], ["Hours", "a, b, 5, 6"], ["Date", "a"], ["Date", "b"], ["Month", "a"], ["Month", "a, b"], ["FullYear", "a"], ["FullYear", "a, b"], ["FullYear", "a, 1, b"]] as const) {
  test(`setUTC${part}(${args})`, () => served(at("UTC").set(part, args) as never, setting));
}
test("Date.UTC, of every number of arguments", () => served(((y: number, m: number, d: number, h: number) => [Date.UTC(y), Date.UTC(y, m), Date.UTC(y, m, d), Date.UTC(y, m, d, h, m, d, y), (Date.UTC as () => number)()]) as never,
  [[1970, 0, 1, 0], [99, 12, 0, 25], [-1, -13, -1.5, 1e6], [2000, 1, 29, 12], [1900, 1, 29, 0], [0, 0, 1, 0], [275760, 8, 13, 0], [275760, 8, 13, 1], [NaN, 0, 1, 0], [1e6, 0, -1e8, 0], [2e6, 0, 1, 0]]));
test("arithmetic and comparisons of dates", () => served(((a: Date, b: Date) => [a.valueOf() - b.getTime(), Number(a), Math.floor(+b), a < b, a >= b, (a as never as number) - (b as never as number), (a as never as number) / 864e5, isNaN(a as never)]) as never, times.map((t, i) => [new Date(t), new Date(times[(i + 5) % times.length]!)])));
test("dates that are made, on several paths and in a loop, and leave", () => served(((t: number, n: number) => {
  let d = new Date(t);
  for (let i = 0; i < n; i++) d = new Date(d.getTime() + i * 864e5);
  const e = t > 0 ? new Date(t - 1) : d;
  return { d, e, same: d === e, list: [new Date(e)] };
}) as never, [[0, 3], [1e12, 0], [-5, 9], [NaN, 1]]));
test("a slow date, and one that was captured", () => { const epoch = new Date(946728000000); return served(((d: Date, s: Date) => (d.getTime() - epoch.getTime()) / 864e5 + s.getUTCFullYear()) as never, [[new Date(5), new Date(1e12)], [new Date(7e11), new Date(1e12)]], { slow: [1] }); });
test("what a date is", () => served(((d: Date) => [d instanceof Date, typeof d, Object.prototype.toString.call(d), Object.keys(d).length, d.constructor === Date, new (d.constructor as DateConstructor)(3).getTime()]) as never, [[new Date(5)]]));
const shared = Symbol.for("wasmorph.test");
test("a symbol of Symbol.for that a date may have", () => served(((d: Date, o: object) => [shared in d, shared in new Date(3), shared in o, (o as never)[shared]]) as never, [[new Date(5), { [shared]: 4 }], [new Date(6), {}]], { original: 1 }));
test("texts of dates that are known when the version is made", () => served(((x: number) => Date.parse("2020-02-29T12:00:00Z") - x + new Date("2001-01-01").getTime() + new Date(Date.UTC(2000, 0, 1, 12)).getTime()) as never, [[1], [2]]));

it("takes the date's contents anew when a slow one is set", async () => {
  await ready();
  const slow = new Date(0), fast = specialize((x: number, d: Date) => x + d.getTime(), { slow: [1], tier: "wasm", compile: "sync" });
  expect(fast(1, slow)).toBe(1);
  slow.setTime(1000);
  expect(fast(1, slow)).toBe(1001);
  expect(fast(1, new Date(1000))).toBe(1001);
  expect(fast.stats().calls).toEqual({ original: 0, js: 0, wasm: 3 });
});

it("leaves to the original what it can't do", async () => {
  await ready();
  const of = (f: (d: Date) => unknown, d: unknown): unknown => { const fast = specialize(f, { tier: "wasm", compile: "sync" }); try { fast(d as Date); } catch { /* the original's */ } return [fast.stats().calls.wasm, fast.diagnostics().map((x) => x.message).join()]; };
  expect(of((d) => d.setTime(5), new Date(1))).toEqual([0, expect.stringContaining("did not make is set")]);
  expect(of((d) => d.getTime() - Date.now(), new Date(1))).toEqual([0, expect.stringContaining("the clock is read")]);
  expect(of((d) => `${d.toISOString()}`, new Date(1))).toEqual([0, expect.stringContaining("becomes a text")]);
  expect(of((d) => d.getTime(), Object.create(Date.prototype))).toEqual([0, expect.anything()]);
});

it("sees when somebody gives a date a method of its own", async () => {
  await ready();
  const fast = specialize((d: Date) => d.getTime() + 1, { tier: "wasm", compile: "sync" }), d = new Date(4);
  expect(fast(d)).toBe(5);
  d.getTime = () => 10;
  expect(fast(d)).toBe(11);
});

// ── local time ──

/** Runs in another zone. */
async function inZone<T>(zone: string, run: () => T | Promise<T>): Promise<T> {
  const before = process.env["TZ"];
  process.env["TZ"] = zone;
  try { return await run(); } finally { if (before === undefined) delete process.env["TZ"]; else process.env["TZ"] = before; }
}

test("local parts where local time is UTC", () => inZone("UTC", () => served(at("").parts, dates)));
test("dates made of local parts", () => inZone("UTC", () => served(((y: number, m: number, d: number) => [new Date(y, m), new Date(y, m, d, 1, 2, 3, 4).getTime(), new Date(y, m).getTimezoneOffset(), new Date(y, m, d).getDay()]) as never, [[2020, 1, 30], [49, 0, 0], [NaN, 1, 1], [1e9, 1, 1]])));
for (const [part, args] of [["Hours", "a, b"], ["Date", "a"], ["FullYear", "a"]] as const) test(`set${part}(${args})`, () => inZone("UTC", () => served(at("").set(part, args) as never, setting)));

it("serves local time in UTC alone", async () => {
  await ready();
  const fast = specialize((d: Date) => d.getHours(), { tier: "wasm", compile: "sync" }), noon = new Date(Date.UTC(2020, 5, 1, 12));
  await inZone("UTC", () => { expect(fast(noon)).toBe(12); });
  await inZone("Asia/Tokyo", () => { expect(fast(noon)).toBe(21); });
  expect(fast.stats().calls).toEqual({ original: 1, js: 0, wasm: 1 });
});

it("tells UTC from every other zone", async () => {
  const taken: string[] = [];
  for (const zone of [...Intl.supportedValuesOf("timeZone"), "Etc/UTC", "GMT"]) await inZone(zone, () => { if (isUtc()) taken.push(zone); });
  expect(taken.filter((zone) => !/^(Etc\/)?(UTC|UCT|GMT)$/.test(zone))).toEqual([]);
  expect(taken).toContain("GMT");
});

// ── dates in arrays ──

const day = (i: number): Date => new Date(Date.UTC(2020, 0, 1 + i));
interface Flow { readonly when: Date; readonly amount: number; days?: number }
const flows = (n: number, k: number): Flow[] => Array.from({ length: n }, (_, i) => ({ when: day(i * k), amount: i * 10 - 50, days: 0 }));
const overFlows: Record<string, (list: Flow[]) => unknown> = {
  "what flows are worth": (list) => { let s = 0; for (const f of list) s += f.amount / 1.1 ** ((f.when.getTime() - list[0]!.when.getTime()) / 864e5 / 365); return s; },
  "their months": (list) => { const months = new Array<number>(12).fill(0); for (const f of list) months[f.when.getUTCMonth() || 0]! += f.amount; return months; },
  "days are written to the objects": (list) => { for (const f of list) f.days = (+f.when - +list[0]!.when) / 864e5; return list.length; },
  "in the order of their dates": (list) => list.sort((a, b) => +a.when - +b.when).map((f) => f.amount),
  "the last date": (list) => { let last = list[0]!; for (const f of list) if (f.when > last.when) last = f; return last.when; },
  "what they are": (list) => list.map((f) => (f.when instanceof Date && Object.prototype.toString.call(f.when) === "[object Date]" ? Object.keys(f.when).length : 1)),
};
for (const [name, f] of Object.entries(overFlows)) test(`objects that hold dates: ${name}`, () => served(f as never, [[flows(3, 7)], [flows(5, 100)], [[...flows(4, -33), { when: new Date(NaN), amount: 1, days: 0 }]]]));
const overDays: Record<string, (list: Date[]) => unknown> = {
  "the first": (list) => { let first = list[0]!; for (const d of list) if (d < first) first = d; return first; },
  "spans": (list) => { const out: number[] = []; for (let i = 1; i < list.length; i++) out.push((list[i]!.getTime() - list[i - 1]!.getTime()) / 36e5); return out; },
  "those before one": (list) => list.filter((d) => d < list[1]!),
  "moved": (list) => { const d = new Date(list[0]!); d.setUTCMonth(3); return [d, list[1]]; },
  "the others": (list) => { [list[0], list[1]] = [list[1]!, list[0]!]; return list[0]!.getTime(); },
};
for (const [name, f] of Object.entries(overDays)) test(`arrays of dates: ${name}`, () => served(f as never, [[[day(3), day(1), day(2)]], [[day(1), day(9), day(5), day(7)]], [[day(-1), day(0)]]]));

test("a date behind an array's end", () => served(((list: Date[], n: number) => [new Date(list[n]!).getTime(), +list[n]!]) as never, [[[day(1), day(2)], 1], [[day(1)], 4], [[day(1)], 1e6]]));

const shared3 = (): Flow[] => { const when = day(4); return [{ when, amount: 3, days: 0 }, { when: day(9), amount: 4, days: 0 }, { when, amount: 5, days: 0 }]; };
for (const [name, f] of Object.entries({ ...overFlows, "which are one date": (list: Flow[]) => list.map((a) => list.filter((b) => a.when === b.when).length) })) {
  test(`objects that share a date: ${name}`, () => served(f as never, [[flows(3, 7)], [shared3()]], name.startsWith("which") ? { original: 1 } : {}));
}

it("has one version for all dates in arrays", async () => {
  await ready();
  const worth = overFlows["what flows are worth"]!, fast = specialize(worth, { tier: "wasm", compile: "sync" });
  for (let i = 1; i < 9; i++) expect(fast(flows(i, i * 3))).toBe(worth(flows(i, i * 3)));
  const odd = flows(3, 5);
  (odd[1] as { when: unknown }).when = { getTime: () => 5 };
  expect(fast(odd)).toBe(worth(odd));
  expect(fast.stats()).toMatchObject({ misses: 2, calls: { original: 0 } });
});
