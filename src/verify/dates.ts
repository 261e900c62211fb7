// Random kernels over Dates: the caller's, in arrays and in the objects of arrays too, a slow one, and ones that are made, set, copied, compared and returned, on
// paths and in loops. The same seed gives the same kernel.

import { edgeNumbers } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { RandomKernel } from "./random.ts";

const parts = ["FullYear", "Month", "Date", "Day", "Hours", "Minutes", "Seconds", "Milliseconds"] as const;
/** what can be set, and with how many arguments at most */
const settable = { FullYear: 3, Month: 2, Date: 1, Hours: 4, Minutes: 3, Seconds: 2, Milliseconds: 1 } as const;

class DateWriter {
  private readonly random: Random;
  readonly coverage = new Map<string, number>();
  /** of the kernel's own: they may be set */
  private readonly own: string[] = [];
  private numbers: readonly string[] = ["a", "n"];
  constructor(random: Random) { this.random = random; }

  private count<T>(what: string, code: T): T { this.coverage.set(`date ${what}`, (this.coverage.get(`date ${what}`) ?? 0) + 1); return code; }
  private zone(): string { return this.random.chance(0.8) ? "UTC" : ""; }
  private lists: readonly string[] = [];
  private date(): string { return this.random.pick(["d", "e", ...this.own, ...this.own, ...this.lists]); }
  private number(): string { const { random } = this; return random.pick([...this.numbers, ...this.numbers, String(random.between(-3, 40)), "s", `${random.pick(this.numbers)} * 864e5`]); }
  private list(from: number, to: number): string { return Array.from({ length: this.random.between(from, to) }, () => this.number()).join(", "); }

  private read(): string {
    const { random } = this, date = this.date();
    switch (random.weighted({ part: 5, time: 2, number: 2, compare: 1, class: 0.3 })) {
      case "part": return this.count("part", `${date}.get${this.zone()}${random.pick(parts)}()`);
      case "time": return this.count("time", `${date}.${random.pick(["getTime", "valueOf"])}()`);
      case "number": return this.count("arithmetic", `(${random.pick([`+${date}`, `${date} - ${this.date()}`, `${date} / 1000`, `Math.floor(${date})`])})`);
      case "compare": return this.count("comparison", `(${date} ${random.pick(["<", ">=", "==="])} ${this.date()} ? 1 : 0)`);
      case "class": return this.count("class", `(${date} instanceof Date ? ${date}.getTimezoneOffset() : 1)`);
    }
  }
  private made(): string {
    const { random } = this;
    switch (random.weighted({ time: 4, copy: 3, utc: 2, local: 1, text: 0.5 })) {
      case "time": return this.count("of a time", `new Date(${random.pick([this.number(), this.read(), `${this.read()} + ${this.number()}`])})`);
      case "copy": return this.count("of a date", `new Date(${this.date()})`);
      case "utc": return this.count("Date.UTC", `new Date(Date.UTC(${this.list(1, 7)}))`);
      case "local": return this.count("of local parts", `new Date(${this.list(2, 7)})`);
      case "text": return this.count("of a text", `new Date(${random.pick(['"2020-02-29"', '"1969-12-31T23:59:59.999Z"', '"never"'])})`);
    }
  }
  statements(depth: number, into: string[], indent: string): void {
    const { random } = this;
    for (let k = random.between(1, 4); k > 0; k--) {
      switch (random.weighted({ read: 5, set: 4, replace: 1, branch: depth > 0 ? 2 : 0, loop: depth > 0 ? 2 : 0, list: depth > 0 ? 1.5 : 0 })) {
        case "read": into.push(`${indent}s = s * 0.5 + ${this.read()};`); break;
        case "set": {
          const [part, most] = random.pick(Object.entries(settable)), date = random.pick(this.own);
          into.push(indent + (random.chance(0.15) ? this.count("setTime", `${date}.setTime(${this.number()});`) : this.count("set", `${random.chance(0.3) ? "s += " : ""}${date}.set${this.zone()}${part}(${this.list(1, most)});`)));
          break;
        }
        case "replace": into.push(`${indent}${random.pick(this.own)} = ${this.made()};`); break;
        case "branch": into.push(`${indent}if (${this.read()} ${random.pick(["<", ">"])} ${this.number()}) {`); this.statements(depth - 1, into, `${indent}  `); into.push(`${indent}}`); break;
        case "list": {
          const before = this.lists, f = `f${depth}`, [list, fields] = random.pick([["flows", [`${f}.when`, `${f}.span.to`]], ["days", [f]]] as const);
          into.push(this.count(list, `${indent}for (const ${f} of ${list}) {`));
          this.lists = [...before, ...fields, ...fields, ...fields, random.pick(list === "days" ? ["days[0]", "days[n]"] : ["flows[0].when", "flows[n].when"])];
          if (list === "flows" && random.chance(0.5)) into.push(`${indent}  ${random.pick([`s += ${f}.v;`, `${f}.v = ${this.read()};`, `${f}.v -= s;`])}`);
          this.statements(depth - 1, into, `${indent}  `);
          this.lists = before;
          into.push(`${indent}}`);
          break;
        }
        case "loop": {
          const before = this.numbers, i = `i${depth}`;
          into.push(`${indent}for (let ${i} = 0; ${i} < ${random.pick(["n", "4"])}; ${i}++) {`);
          this.numbers = [...before, i];
          this.statements(depth - 1, into, `${indent}  `);
          this.numbers = before;
          into.push(`${indent}}`);
        }
      }
    }
  }
  declarations(): string[] {
    return Array.from({ length: this.random.between(1, 3) }, (_, i) => {
      const made = this.made();
      this.own.push(`d${i}`);
      return `  let d${i} = ${made};`;
    });
  }
  result(): string { return this.random.pick(["s", `[s, ${this.date()}]`, `{ s, at: ${this.random.pick(this.own)}, same: ${this.date()} === ${this.date()} }`, this.random.pick(this.own), "days[0]", "[s, flows[0]]", "days.filter((t) => t < e)", "flows.map((f) => f.when - d)"]); }
}

const time = (random: Random): number => random.pick([random.between(-1e9, 2e9) * 1000, Math.trunc((random.next() - 0.5) * 4e12), random.pick(edgeNumbers), random.pick([8.64e15, -8.64e15, 951782400000, 951868799999, -62198755200000])]);
const dates = (random: Random): Date[] => Array.from({ length: random.between(0, 4) }, () => new Date(time(random)));
interface Flow { when: unknown; v: number; readonly span: { readonly to: Date } }
/** An array of dates, and one of objects that hold some; now and then with what does not fit. */
function listsOf(random: Random): [unknown[], Flow[]] {
  const days: unknown[] = dates(random), flows = dates(random).map((when): Flow => ({ when, v: random.between(-9, 9) / 2, span: { to: new Date(time(random)) } }));
  const odd: readonly (() => void)[] = [
    () => { days[1] = days[0]; }, () => { days[0] = flows[0]?.when; }, () => { days[0] = 5; }, () => { days[0] = null; }, () => { if (flows[0]) flows[0].when = null; }, () => { if (flows[1]) flows[1].when = flows[0]!.when; },
    () => { if (flows[0]) flows[0].when = Object.create(Date.prototype); }, () => { if (flows[0]) flows[0].when = Object.assign(new Date(3), { x: 1 }); }, () => { if (flows[0]) Object.freeze(flows[0]); }, () => { if (flows[0]) Object.freeze(flows[0].when); },
  ];
  if (random.chance(0.2)) random.pick(odd)();
  return [days, flows];
}

export function randomDate(seed: number): RandomKernel {
  const random = new Random(seed * 1640531527 + 29), writer = new DateWriter(random);
  const body = ["  let s = 0;", ...writer.declarations()];
  writer.statements(2, body, "  ");
  const source = ["function kernel(d, e, a, n, days, flows) {", ...body, `  return ${writer.result()};`, "}"].join("\n");
  const e = new Date(time(random)), isSlow = random.chance(0.4);
  const inputs = Array.from({ length: 5 }, () => [new Date(time(random)), isSlow ? e : new Date(time(random)), random.pick([random.between(-40, 2100), random.pick(edgeNumbers)]), random.between(-1, 5), ...listsOf(random)]);
  return {
    seed, source, inputs, slow: isSlow ? ["e"] : [], slowValues: isSlow ? { e } : {}, guaranteed: false, coverage: writer.coverage,
    params: [{ name: "d", slow: false, kind: "date" }, { name: "e", slow: isSlow, kind: "date" }, { name: "a", slow: false, kind: "number" }, { name: "n", slow: false, kind: "count" }, { name: "days", slow: false, kind: "dates" }, { name: "flows", slow: false, kind: "points" }],
  };
}
