// Kernels that make arrays of arrays and of objects of a length known at run time only: filled in a loop, read, written through other
// names, handed round, cut, returned. What is an element is one of a few forms, or several of them.

import { ExpressionWriter } from "./expressions.ts";
import { fastValues, type InputKind } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { KernelParam, RandomKernel } from "./random.ts";

/** How elements are made (of a number), what of them is read and written as a number, and two fields that always hold numbers. */
interface ElementForm { readonly make: (v: string, w: string) => string; readonly get: (e: string) => string; readonly set: (e: string, v: string) => string; readonly fields?: readonly [string, string] }

const forms = {
  "pairs": { make: (v, w) => `[${v}, ${w}]`, get: (e) => `${e}[1]`, set: (e, v) => `${e}[0] = ${v};`, fields: ["[0]", "[1]"] },
  "records": { make: (v, w) => `{ x: ${v}, y: ${w}, on: false }`, get: (e) => `(${e}.on ? ${e}.x : ${e}.y)`, set: (e, v) => `${e}.on = !${e}.on; ${e}.x = ${v};`, fields: [".x", ".y"] },
  "growing rows": { make: (v) => `[${v}]`, get: (e) => `${e}[${e}.length - 1]`, set: (e, v) => `${e}.push(${v});` },
  "typed rows": { make: (v) => `new Float64Array(1 + (${v} & 3))`, get: (e) => `${e}[0]`, set: (e, v) => `${e}[${e}.length - 1] = ${v};` },
  "short typed arrays": { make: (v, w) => `Float32Array.of(${v}, ${w})`, get: (e) => `${e}[1]`, set: (e, v) => `${e}[0] = ${v};`, fields: ["[0]", "[1]"] },
  "rows of the caller": { make: (v) => `rows[Math.abs(${v} | 0) % rows.length]`, get: (e) => `(${e}.length > 0 ? ${e}[0] : 0)`, set: (e) => `${e}.length;` },
  "nested records": { make: (v, w) => `{ p: [${v}, ${w}], next: null }`, get: (e) => `(${e}.next === null ? ${e}.p[0] : ${e}.next.p[1])`, set: (e, v) => `${e}.p = [${v}, ${e}.p[0]]; ${e}.next = ${e}.next === null ? list[0] : null;` },
  "records that get fields": {
    make: (v) => `{ x: ${v} }`, get: (e) => `(${e}.late === undefined ? ${e}.x : typeof ${e}.late === "number" ? ${e}.late : 2) + (${e}.link ? ${e}.link.x : 0.5)`,
    set: (e, v) => `if (${e}.x > a) { ${e}.late = ${v}; ${e}.link = list[0]; } else { ${e}.link = null; ${e}.late = true; }`,
  },
  "records with fields on some paths": {
    make: (v, w) => `((o) => { if (${v} > 0) o.y = ${w}; o.z = 1; return o; })({ x: ${v} })`, get: (e) => `(${e}.y ?? ${e}.z)`,
    set: (e, v) => `if (${e}.y === undefined) ${e}.y = ${v}; else ${e}.w = ${e}.x;`,
  },
  "records that lose fields": {
    make: (v, w) => `((o) => { if (${v} > 0) { o.y = ${w}; o.z = 1; } else { o.z = 2; o.y = ${v}; } return o; })({ x: ${v} })`,
    get: (e) => `((o) => { let n = "y" in o ? 1 : 0; for (const k of Object.keys(o)) n = n * 2 + o[k]; return n + (o.z ?? 0.25); })(${e})`,
    set: (e, v) => `if (${e}.x > a) { delete ${e}.y; ${e}.late = ${v}; } else if (${e}.late === undefined) { delete ${e}.z; ${e}.y = ${v}; ${e}.z = 3; } else delete ${e}.x;`,
  },
  "rows with fields": {
    make: (v, w) => `((r) => { r.w = ${w}; if (${v} > 0) r.of = [${v}]; return r; })([${v}, ${w}])`, get: (e) => `(${e}.w + (${e}.late ?? ${e}[0]) + (${e}.of ? ${e}.of[0] : ${e}.length) + ("late" in ${e} ? 2 : 0))`,
    set: (e, v) => `if (${e}[0] > a) { ${e}.late = ${v}; ${e}.push(${v}); } else { ${e}[1] = ${e}.w; ${e}.w = ${v}; ${e}.link = list[0]; }`,
  },
  "numbers or nothing": { make: (v, w) => `(${v} > 0 ? ${w} : null)`, get: (e) => `(${e} === null ? 1 : ${e})`, set: () => "" },
  "numbers or pairs": { make: (v, w) => `(${v} > 0 ? ${w} : [${v}])`, get: (e) => `(typeof ${e} === "number" ? ${e} : ${e}[0])`, set: (e, v) => `if (typeof ${e} !== "number") ${e}[0] = ${v};` },
} satisfies Record<string, ElementForm>;

class HeapWriter extends ExpressionWriter {
  private readonly lines: string[] = [];
  private depth = 1;
  constructor(seed: number) { super(new Random(seed * 668265263 + 5), []); }

  kernel(seed: number): RandomKernel {
    const { random } = this;
    const mode = random.between(0, 3);
    this.slowCounts.push("mode");
    this.slowTruths.push(`mode === ${random.between(0, 3)}`);
    this.arrays.push({ name: "x", element: "num", writable: false, slow: false, length: "x.length", local: false, grows: false });
    for (const name of ["a", "n"]) this.scalars.push({ name, kind: "num", writable: false, slow: false });
    const form: ElementForm = forms[this.choose(Object.fromEntries(Object.keys(forms).map((name) => [name, 1])) as Record<keyof typeof forms, number>)];
    this.line("let s = 0;");
    this.scalars.push({ name: "s", kind: "num", writable: true, slow: false });
    this.fill(form);
    for (let k = random.between(1, 4); k > 0; k--) this.use(form);
    if (this.maybe("an iteration's object takes the place of one from before", 0.3)) this.replace(form);
    if (form !== forms["rows of the caller"] && this.maybe("rows change places", 0.2)) this.line("const row = rows[0]; rows[0] = rows[rows.length - 1]; rows[rows.length - 1] = row; s += rows[0] === row ? 1 : 2;");
    this.line(`return ${random.pick(["[list, s]", "list", "s", "{ list, s, first: list[0] }", "list.length > 0 ? list[list.length - 1] : s"])};`);

    const params: KernelParam[] = [
      { name: "x", slow: false, kind: "Float64Array" }, { name: "rows", slow: false, kind: "rows" }, { name: "a", slow: false, kind: "number" }, { name: "n", slow: false, kind: "count" },
      { name: "mode", slow: true, kind: "count" },
    ];
    const kinds: InputKind[] = ["Float64Array", "rows", "number", "count"];
    const inputs = Array.from({ length: 4 }, () => [...fastValues(kinds, random), mode]).map((args) => ((args[1] as number[][]).length === 0 ? [args[0], [[1, -0]], ...args.slice(2)] : args));
    const body = this.lines.join("\n");
    return {
      seed, params, inputs, slow: ["mode"], slowValues: { mode }, coverage: this.coverage, guaranteed: body.includes("mode ===") && body.includes("for ("),
      source: `function kernel(${params.map(({ name }) => name).join(", ")}) {\n${body}\n}`,
    };
  }

  private line(text: string): void { this.lines.push("  ".repeat(this.depth) + text); }
  private braces(head: string, write: () => void): void {
    this.line(`${head} {`);
    this.depth++;
    const { scalars } = this;
    this.scalars = [...scalars];
    write();
    this.scalars = scalars;
    this.depth--;
    this.line("}");
  }
  private size(): string { return this.random.pick(["Math.min(n, 12)", "Math.min(x.length, 12)", "mode + 2", "7"]); }
  private made(form: ElementForm): string { return form.make(this.sure(2), this.random.chance(0.1) ? this.num(1) : this.sure(1)); }

  /** A variable that holds what was made before a loop until an iteration puts its own there: left early, handed on, compared. */
  private replace(form: ElementForm): void {
    const { random } = this, turn = `${random.pick(["", "if (k > a) continue; "])}last = ${form.make("k", "a")};${random.pick(["", ` if (${form.get("last")} > 2) break;`])}`;
    const loop = `for (let k = 0; k < Math.min(n, 12); k++) { ${turn} }`;
    if (random.chance(0.5)) this.line(`{ const last = ((last) => { if (${random.pick(["a > 1", form.get("last") + " < a"])}) return last; ${loop} return last; })(${form.make("a", "s")}); s += ${form.get("last")}; }`);
    else this.line(`{ const begun = ${form.make("a", "s")}; let last = begun; ${random.pick(["", "if (s > a) "])}${loop}${random.pick(["", " s += last === begun ? 1 : 2;", ` ${form.set("last", "s")} s += ${form.get("begun")};`])} s += ${form.get("last")}; }`);
  }

  private fill(form: ElementForm): void {
    const { random } = this;
    const how = this.choose({ "pushed": 3, "by index from the end": 1, "mapped": 1, "by turns": 1 });
    if (how === "mapped") { this.line(`const list = Array.from({ length: ${this.size()} }, (_, i) => (${this.scalarsWith("i", () => this.made(form))}));`); return; }
    if (how === "by index from the end") {
      this.line(`const list = new Array(${random.pick(["Math.max(0, Math.min(n, 9))", "x.length", "5"])});`);
      this.braces("for (let i = list.length - 1; i >= 0; i--)", () => { this.scalars.push({ name: "i", kind: "int", writable: false, slow: false }); this.line(`list[i] = ${this.made(form)};`); });
      return;
    }
    this.line(`const list = [${random.chance(0.3) ? this.made(form) : ""}];`);
    if (random.chance(0.4)) this.line(`let last = ${form.make("0", "1")};`);
    const carries = this.lines.at(-1)!.includes("last");
    this.braces(`for (let i = 0; i < ${this.size()}; i++)`, () => {
      this.scalars.push({ name: "i", kind: "int", writable: false, slow: false });
      this.line(`const e = ${this.made(form)};`);
      if (carries) this.line(`${random.chance(0.5) ? `if (${this.bool(1)}) ` : ""}{ s += ${form.get("last")}; last = e; }`);
      this.line(how === "by turns" ? `if (${this.bool(2)}) list.push(e); else if (list.length > 0) list[list.length - 1] = e;` : `${random.chance(0.4) ? `if (${this.bool(1)}) ` : ""}list.push(${random.chance(0.2) && carries ? "last" : "e"});`);
    });
  }
  private scalarsWith<T>(name: string, write: () => T): T {
    const { scalars } = this;
    this.scalars = [...scalars, { name, kind: "int", writable: false, slow: false }];
    const written = write();
    this.scalars = scalars;
    return written;
  }

  private use(form: ElementForm): void {
    const { random } = this;
    const one = `list[${random.pick(["0", "list.length - 1", "list.length >> 1", "(n >>> 0) % list.length"])}]`;
    const inside = (write: () => void): void => this.braces("if (list.length > 0)", write);
    switch (this.choose({ "summed": 3, "written through": 2, "one field or the other": 2, "swapped": 1, "popped": 1, "replaced": 1, "shared": 1, "compared": 1, "filtered": 1, "nested again": 1, "a choice": 1, "rows joined": 1, "one of two new lists": 1, "a list begun anew": 1, "filled in counted loops": 3, "grouped": 2 })) {
      case "summed": this.line(`for (const e of list) s ${random.pick(["+=", "-=", "= s * 0.5 +"])} ${form.get("e")};`); return;
      case "written through": this.braces("for (let k = 0; k < list.length; k++)", () => { this.scalars.push({ name: "k", kind: "int", writable: false, slow: false }); this.line("const e = list[k];"); this.line(form.set("e", this.num(2))); }); return;
      case "one field or the other": {
        const [first, second] = form.fields ?? ["", ""];
        if (form.fields) this.line(`for (const e of list) { if (${this.bool(2)}) e${first} = ${this.num(1)}; else e${random.pick([first, second, second])} = ${this.num(1)}; }`);
        return;
      }
      case "swapped": inside(() => this.line(`const t = ${one}; ${one} = list[0]; list[0] = t;`)); return;
      case "popped": inside(() => this.line(`const t = ${random.pick(["list.pop()", "list.splice(list.length >> 1, 1)[0]", "list.shift()"])}; s += ${form.get("t")};`)); return;
      case "replaced": inside(() => this.line(`${one} = ${this.made(form)};`)); return;
      case "shared": inside(() => this.line(`const t = ${one}; list.push(t); ${form.set("t", this.num(1))} s += ${form.get("list[0]")};`)); return;
      case "compared": this.line("for (let k = 1; k < list.length; k++) if (typeof list[k] === \"object\" && list[k] === list[k - 1]) s += k;"); return;
      case "filtered": { const v = this.fresh("v"); this.line(`const ${v} = list.filter((e, k) => k % 2 === 0).map((e) => ({ of: e, v: ${form.get("e")} }));`); this.line(`for (const e of ${v}) s += e.v;`); return; }
      case "nested again": { const v = this.fresh("v"); this.line(`const ${v} = [];`); this.braces("for (let k = 0; k + 1 < list.length; k++)", () => this.line(`${v}.push([list[k], list[k + 1]]);`)); this.line(`for (const [p, q] of ${v}) s += ${form.get("p")} - ${form.get("q")};`); return; }
      case "rows joined": {
        const v = this.fresh("v"), joined = random.pick(["p.concat(q)", "[...p, ...q]", `${this.bool(1)} ? p.concat(q) : q.slice()`, "Array.isArray(p) ? p.concat(q) : [p, ...q]"]);
        this.line(`let ${v} = rows[0];`);
        this.line(random.chance(0.5) ? `${v} = rows.reduce((p, q) => ${joined});` : `for (let k = 1; k < rows.length; k++) ${v} = ((p, q) => ${joined})(${v}, rows[k]);`);
        this.line(`for (const e of ${v}) s = s * 0.5 + e;`);
        return;
      }
      case "one of two new lists": {
        const v = this.fresh("v"), out = this.fresh("v"), filled = (e: string): string => `{ const t = []; for (let j = 0; j < k + ${random.between(0, 2)}; j++) t.push(${e}); ${v} = ${random.pick(["t", "t", "{ t, k }.t", "t.slice()"])}; }`;
        this.line(`const ${out} = [];`);
        this.braces("for (let k = 0; k < Math.min(x.length, 6); k++)", () => {
          this.line(`let ${v};`);
          this.line(`if (${this.bool(1)}) ${filled("x[k] + j")} else ${filled("j - x[k]")}`);
          this.line(`${out}.push(${random.pick([v, `{ of: ${v}, k }.of`, `${v}, ${v}`])});`);
        });
        this.line(`for (const e of ${out}) for (const v of e) s = s * 0.5 + v;`);
        return;
      }
      case "a list begun anew": {
        const v = this.fresh("v"), out = this.fresh("v"), asked = random.pick([`if (${v})`, `if (${v} !== undefined && ${v}.length < 4)`]);
        this.line(`const ${out} = []; let ${v};`);
        this.braces("for (let k = 0; k < Math.min(x.length, 9); k++)", () => this.line(`if (${this.bool(1)}) { ${asked} ${out}.push(${v}); ${v} = [x[k]]; } else ${asked} ${v}.push(${random.pick(["x[k]", "k", "s"])});`));
        this.line(`if (${v}) ${out}.push(${v});`);
        this.line(`for (const e of ${out}) for (const v of e) s = s * 0.5 + v;`);
        return;
      }
      case "filled in counted loops": {
        const o = this.fresh("v"), added = (): string => random.pick([
          `${o}.push(x[k]);`, `${o}.push(k); ${o}.push(s);`, `${o}[k] = x[k];`, `${o}[k + 1] = k;`, `${o}[${o}.length] = ${o}[k] ?? 2;`, `if (${this.bool(1)}) ${o}.push(5); else ${o}.push(x[k] * 2);`, `if (${this.bool(1)}) ${o}.push(k);`,
          `${o}.pop(); ${o}.push(s); ${o}.push(k);`, `if (${o}.length > 9) break;`, `{ const row = [k]; for (let j = 1; j < 4; j++) ${random.pick(["row.push(row[j - 1] + x[k]);", "row[j] = row[j - 1] + s;"])} ${o}.push(row[3]); }`,
        ]);
        this.line(`const ${o} = [${random.pick(["", "", "1", "1, 2, 3"])}];`);
        for (let loops = random.between(1, 3); loops > 0; loops--) {
          const end = random.pick(["x.length", "Math.min(x.length, 20)", "Math.min(n | 0, 40)", "9", "mode"]);
          this.braces(`for (let k = ${random.pick([0, 0, 1])}; k ${random.pick(["<", "<="])} ${end}; k++)`, () => { for (let count = random.between(1, 2); count > 0; count--) this.line(random.chance(0.3) ? `if (mode === ${random.between(0, 2)}) { ${added()} }` : added()); });
        }
        this.line(`for (const v of ${o}) s = s * 0.5 + (mode === 2 ? v : -v);`);
        return;
      }
      case "grouped": {
        const o = this.fresh("v"), [make, at, put, each] = random.pick([
          ["{}", `${o}[k]`, (v: string) => `${o}[k] = ${v}`, `for (const q of Object.values(${o}))`],
          ["{}", `${o}[k]`, (v: string) => `${o}[k] = ${v}`, `for (const k in ${o}) { const q = ${o}[k];`],
          ["[]", `${o}[k]`, (v: string) => `${o}[k] = ${v}`, `for (const q of ${o}) if (q)`],
          ["new Map()", `${o}.get(k)`, (v: string) => `${o}.set(k, ${v})`, `for (const q of ${o}.values())`],
        ] as const);
        const missing = `(${at} ${random.pick(["||", "??"])} ${random.pick(["[]", "[]", `[${this.num(1)}]`])})`, e = random.pick(["e", "j", "e * 2"]);
        const step = random.pick([`const q = ${missing}; q.push(${e}); ${put("q")};`, `${put(missing)}; ${at}.push(${e});`, `${put(`${missing}.concat(${random.pick([e, `[${e}]`, `${e}, ${e}`])})`)};`, `${put(`[...${missing}, ${e}]`)};`, `s += ${missing}.length; ${put(`[${e}]`)};`]);
        this.line(`const ${o} = ${make};`);
        this.braces("for (let j = 0; j < Math.min(x.length, 12); j++)", () => this.line(`const e = x[j], k = ${random.pick(["j % 3", "Math.abs(e) & 3", "(n >>> 0) % 5"])}; ${step}`));
        this.line(`${each} for (const v of q) s = s * 0.5 + v;${each.includes("{") ? " }" : ""}`);
        return;
      }
      case "a choice": inside(() => { this.line(`let t = ${this.made(form)};`); this.line(`if (${this.bool(1)}) t = ${one};`); this.line(form.set("t", this.num(1))); this.line(`s += ${form.get("t")};`); }); return;
    }
  }
}

export const randomHeap = (seed: number): RandomKernel => new HeapWriter(seed).kernel(seed);
