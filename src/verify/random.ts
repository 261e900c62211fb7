// Random kernels: JavaScript source in the language that wasmorph accepts, with slow values and inputs, all from one seed.
//
// A kernel is one self-contained function. Its slow parameters are numbers, booleans, arrays, typed arrays and a configuration object;
// its fast ones numbers, typed arrays of every kind, arrays of numbers and small objects. Every construct is counted when it is written.
//
// Guarantees: a kernel ends within some thousand steps, whatever its inputs: every loop has a trip limit of its own, and nesting is
// bounded (recursion is not generated). At least `guaranteed` of all kernels have, by construction, a loop that writes an array and in
// it a branch on a slow value. The same seed and options give the same kernel.

import { type Construct, ConstructWriter } from "./constructs.ts";
import type { ArrayName, ScalarKind } from "./expressions.ts";
import { fastValues, type InputKind, number, numbers, type TypedName, typedArrays, typedNames } from "./inputs.ts";
import { Random } from "./prng.ts";

export interface KernelParam { readonly name: string; readonly slow: boolean; readonly kind: string }

export interface RandomKernel {
  readonly seed: number;
  /** `function kernel(…) { … }` */
  readonly source: string;
  readonly params: readonly KernelParam[];
  /** names of the slow parameters */
  readonly slow: readonly string[];
  readonly slowValues: Readonly<Record<string, unknown>>;
  /** whole argument lists, slow values in their places */
  readonly inputs: readonly (readonly unknown[])[];
  /** how often each construct was written */
  readonly coverage: ReadonlyMap<string, number>;
  /** it has a loop that writes memory and a slow value that decides a branch */
  readonly guaranteed: boolean;
}

export interface RandomOptions {
  /** constructs never written, by the names that `coverage` counts */
  readonly exclude?: readonly string[];
  /** calls generated (default 4) */
  readonly inputs?: number;
  /** statements aimed at (default 12) */
  readonly size?: number;
  /** the share of kernels that are given the guaranteed loop (default 0.95) */
  readonly guaranteed?: number;
}

export function randomKernel(seed: number, options: RandomOptions = {}): RandomKernel {
  return new KernelWriter(seed, options).kernel();
}

/** The function that a kernel's source is. */
export const compileKernel = (source: string): ((...args: unknown[]) => unknown) => new Function(`return (${source});`)() as (...args: unknown[]) => unknown;

/** Several kernels as one script. */
export const compileKernels = (sources: readonly string[]): ((...args: unknown[]) => unknown)[] =>
  new Function(`return [\n${sources.map((source) => `(${source})`).join(",\n")}\n];`)() as ((...args: unknown[]) => unknown)[];

/** An object of functions, as configurations have them. */
const slowFunctions = (random: Random): unknown => new Function(`return { shape: ${random.pick(["(u) => u * u", "(u) => (u > 0 ? u : 0)", "function (u, w) { return u - w; }", "(u) => Math.sin(u)"])}, mix: ${random.pick(["(u, w = 2) => u * 0.5 + w", "(u, w) => (u < w ? u : w)", "Math.max", "(u) => u | 0"])} };`)();

const compounds = ["+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", ">>>=", "**="] as const;
const integerCompounds = ["+=", "-=", "&=", "|=", "^=", "<<=", ">>=", ">>>="] as const;

class KernelWriter extends ConstructWriter {
  private readonly seed: number;
  private readonly options: RandomOptions;
  private budget: number;
  /** the loops and switches around; `label` is written where `used` */
  private loops: { label: string; used: { label: boolean } }[] = [];

  constructor(seed: number, options: RandomOptions) {
    super(new Random(seed * 2654435761 + 1), options.exclude ?? []);
    this.seed = seed;
    this.options = options;
    this.budget = options.size ?? 12;
  }

  // ───────────────────────────────── the kernel ─────────────────────────────────

  kernel(): RandomKernel {
    const { random } = this;
    const params: KernelParam[] = [];
    const slowValues: Record<string, unknown> = {};
    const kinds: InputKind[] = [];

    // 1. slow parameters: always one that can decide
    const slow = (name: string, kind: string, value: unknown): void => { params.push({ name, slow: true, kind }); slowValues[name] = value; this.count(`slow ${kind}`); };
    if (random.chance(0.6)) { slow("mode", "count", random.between(0, 4)); this.slowCounts.push("mode"); this.slowTruths.push(`mode === ${random.between(0, 4)}`); }
    if (random.chance(0.3)) { slow("flag", "boolean", random.chance(0.5)); this.slowTruths.push("flag"); }
    if (random.chance(0.4)) { slow("gain", "number", number(random)); this.slowNumbers.push("gain"); this.slowTruths.push("gain > 0"); }
    if (random.chance(0.5)) {
      slow("taps", "numbers", numbers(random, random.between(0, 6)));
      this.arrays.push({ name: "taps", element: "num", writable: false, slow: true, length: "taps.length", local: false, grows: true });
      this.slowCounts.push("taps.length");
      this.slowTruths.push("taps.length > 2");
    }
    if (random.chance(0.3)) {
      const kind = random.pick(typedNames);
      slow("table", kind, typedArrays[kind].from(numbers(random, random.between(1, 8))));
      this.arrays.push({ name: "table", element: kind.startsWith("Float") ? "num" : "int", writable: false, slow: true, length: "table.length", local: false, grows: true });
    }
    if (random.chance(0.5) || this.slowTruths.length === 0) {
      slow("cfg", "object", { rate: number(random), steps: random.between(0, 5), on: random.chance(0.5), shift: random.between(0, 31), curve: { points: numbers(random, random.between(1, 4)), limit: number(random) }, weights: { a: number(random), b: number(random), c: number(random) } });
      this.hasConfiguration = true;
      this.slowNumbers.push("cfg.rate", "cfg.curve.limit");
      this.slowCounts.push("cfg.steps", "cfg.shift", "cfg.curve.points.length");
      this.slowTruths.push("cfg.on", "cfg.rate >= 1", "cfg.steps > 2");
      this.arrays.push({ name: "cfg.curve.points", element: "num", writable: false, slow: true, length: "cfg.curve.points.length", local: false, grows: true });
    }

    if (random.chance(0.2)) { slow("kind", "string", random.pick(["linear", "cubic", "none"])); this.hasKind = true; this.slowTruths.push('kind === "linear"'); }
    if (random.chance(0.2)) { slow("fns", "functions", slowFunctions(random)); this.functions.push("fns.shape", "fns.mix"); }

    // 2. fast parameters: always an array that is written
    const fast = (name: string, kind: InputKind): void => { params.push({ name, slow: false, kind }); kinds.push(kind); this.count(`fast ${kind}`); };
    const array = (name: string, writable: boolean): void => {
      const kind: InputKind = this.allowed("fast numbers") && random.chance(0.2) ? "numbers" : random.chance(0.5) ? "Float64Array" : random.pick(typedNames);
      fast(name, kind);
      this.arrays.push({ name, element: kind === "numbers" || kind.startsWith("Float") ? "num" : "int", writable, slow: false, length: `${name}.length`, local: false, grows: kind === "numbers" });
    };
    array("y", true);
    if (random.chance(0.75)) array("x", random.chance(0.3));
    if (random.chance(0.2)) array("z", true);
    if (random.chance(0.6)) { fast("a", "number"); this.scalars.push({ name: "a", kind: "num", writable: random.chance(0.3), slow: false }); }
    if (random.chance(0.4)) { fast("n", "count"); this.scalars.push({ name: "n", kind: "num", writable: false, slow: false }); }
    if (this.allowed("fast boolean") && random.chance(0.1)) { fast("on", "boolean"); this.scalars.push({ name: "on", kind: "bool", writable: false, slow: false }); }
    if (this.allowed("fast object") && random.chance(0.2)) { fast("p", "object"); this.objects.push({ name: "p", writable: random.chance(0.5) && this.allowed("object write") }); }

    if (random.chance(0.2)) { fast("points", "points"); this.lists.push("points"); }
    if (random.chance(0.15)) { fast("rows", "rows"); this.rows.push("rows"); }
    if (random.chance(0.1)) { fast("rings", "rings"); this.rings.push("rings"); }

    if (random.chance(0.12)) { fast("view", "bits"); this.bits.push("view"); this.arrays.push({ name: "view.i", element: "int", writable: false, slow: false, length: "view.i.length", local: false, grows: false }); }

    if (random.chance(0.12)) { fast("bytes", "buffer"); this.viewsOn("bytes"); }

    // 3. the body
    if (this.maybe("helper function", 0.3)) this.helper();
    const guaranteed = random.chance(this.options.guaranteed ?? 0.95);
    const at = guaranteed ? random.below(3) : -1;
    for (let k = 0; k < 3; k++) {
      if (k === at) this.guaranteedLoop();
      for (let n = random.between(1, 3); n > 0; n--) this.statement();
    }
    this.finish();

    // 4. parameters in any order: slow ones are not always last
    for (let k = params.length - 1; k > 0; k--) {
      const other = random.below(k + 1);
      [params[k], params[other]] = [params[other]!, params[k]!];
    }
    const order = params.filter((p) => !p.slow).map((p) => p.kind as InputKind);
    const inputs = Array.from({ length: this.options.inputs ?? 4 }, () => {
      const values = fastValues(order, random);
      let next = 0;
      return params.map((p) => (p.slow ? slowValues[p.name] : values[next++]));
    });
    const source = `function kernel(${params.map((p) => p.name).join(", ")}) {\n${this.lines.join("\n")}\n}`;
    return { seed: this.seed, source, params, slow: params.filter((p) => p.slow).map((p) => p.name), slowValues, inputs, coverage: this.coverage, guaranteed };
  }

  /** Two views of one ArrayBuffer. */
  private viewsOn(buffer: string): void {
    const { random } = this;
    for (const view of [`${random.pick(["Uint8Array", "Int8Array", "Uint8ClampedArray"])}(${buffer}, ${random.pick(["0", "3"])})`, `${random.pick(["Int32Array", "Uint32Array", "Int16Array"])}(${buffer}${random.pick(["", ", 4", ", 0, 2"])})`]) {
      const name = this.fresh("b");
      this.line(`const ${name} = new ${view};`);
      this.arrays.push({ name, element: "int", writable: true, slow: false, length: `${name}.length`, local: true, grows: false });
    }
    if (random.chance(0.4)) this.line(`new DataView(${buffer}, 2).setInt32(${random.pick(["0", "1", "2"])}, ${this.int(1)}, ${random.chance(0.5)});`);
  }

  /** A loop over the output that writes it and asks a slow value which way to go. */
  private guaranteedLoop(): void {
    const y = this.arrays.find((a) => a.name === "y")!;
    const i = this.fresh("i");
    this.count("for");
    this.count("array write");
    this.count("slow branch");
    this.braces(`for (let ${i} = 0; ${i} < y.length; ${i}++)`, () => {
      this.scalars.push({ name: i, kind: "int", writable: false, slow: false });
      this.loops.push({ label: "", used: { label: false } });
      this.counters.push(i);
      if (this.random.chance(0.5)) this.statement();
      const then = (): void => { this.line(`${y.name}[${i}] ${this.random.pick(["=", "=", "+=", "-=", "*="])} ${y.grows ? this.sure(3) : this.num(3)};`); if (this.random.chance(0.3)) this.statement(); };
      const otherwise = (): void => { if (this.random.chance(0.5)) this.line(`${y.name}[${i}] = ${y.grows ? this.sure(2) : this.num(2)};`); else this.statement(); };
      this.braces(`if (${this.random.pick(this.slowTruths)})`, then, this.random.chance(0.5) ? "} else {" : "}");
      if (this.lines.at(-1)!.endsWith("else {")) { this.depth++; this.scoped(otherwise); this.depth--; this.line("}"); }
      if (this.random.chance(0.5)) this.statement();
      this.loops.pop();
      this.counters.pop();
    });
  }

  private finish(): void {
    switch (this.choose({ "return number": 6, "return nothing": 2, "return boolean": 1, "return object": 0.6, "return array": 0.4, "return element": 0.4, "return local array": this.arrays.some((a) => a.local) ? 0.7 : 0, "return nested object": 0.3 })) {
      case "return number": this.line(`return ${this.num(2)};`); break;
      case "return nothing": break;
      case "return boolean": this.line(`return ${this.bool(2)};`); break;
      case "return object": this.line(`return { sum: ${this.num(2)}, count: ${this.int(2)} };`); break;
      case "return array": this.line(`return [${this.num(2)}, ${this.num(2)}];`); break;
      case "return element": this.line(`return ${this.element(1)};`); break;
      case "return local array": this.line(`return ${this.random.pick(this.arrays.filter((a) => a.local)).name};`); break;
      case "return nested object": this.line(`return { at: { x: ${this.num(1)}, y: ${this.num(1)} }, list: [${this.num(1)}], ok: ${this.bool(1)} };`); break;
    }
  }

  /** A function inside the kernel, as a declaration or a closure over what is in scope. */
  private helper(): void {
    const name = this.fresh("h");
    const arity = this.random.between(1, 3);
    const params = Array.from({ length: arity }, (_, k) => `u${k}`);
    const { scalars, loops, inHelper, budget } = this;
    this.scalars = [...scalars.filter((s) => !s.writable), ...params.map((p) => ({ name: p, kind: "num" as const, writable: false, slow: false }))];
    this.loops = [];
    this.inHelper = true;
    this.budget = 2;
    if (this.maybe("closure", 0.5)) this.line(`const ${name} = (${params.join(", ")}) => ${this.num(2)};`);
    else {
      this.scoped(() => {
        this.line(`function ${name}(${params.join(", ")}) {`);
        this.depth++;
        if (this.random.chance(0.5)) this.statement();
        if (this.maybe("early return", 0.4)) this.line(`if (${this.bool(1)}) return ${this.num(1)};`);
        this.line(`return ${this.num(2)};`);
        this.depth--;
        this.line("}");
      });
    }
    [this.scalars, this.loops, this.inHelper, this.budget] = [scalars, loops, inHelper, budget];
    this.helpers.push({ name, arity });
  }

  // ───────────────────────────────── statements ─────────────────────────────────

  private statements(most: number): void { for (let n = this.random.between(1, most); n > 0; n--) this.statement(); }

  protected override statement(): void {
    this.budget--;
    const spent = this.budget <= 0 || this.depth > 5;
    const writable = this.scalars.filter((s) => s.writable && s.kind !== "bool");
    const arrays = this.inHelper ? [] : this.arrays.filter((a) => a.writable);
    const inLoop = this.loops.length > 0;
    const room = spent || this.loops.length > 2 ? 0 : 1;
    const kind = this.choose({
      "declare": 5, "assign": writable.length ? 4 : 0, "compound": writable.length ? 4 : 0, "update": writable.length ? 2 : 0,
      "array write": arrays.length ? 6 : 0, "array compound": arrays.length ? 2 : 0, "object write": this.objects.some((o) => o.writable) ? 1 : 0,
      "if": spent ? 0 : 4, "slow branch": spent ? 0 : 2, "switch": spent ? 0 : 1.2,
      "for": 3 * room, "for down": 0.7 * room, "for step": 0.7 * room, "for slow": 1.5 * room, "for of": 0.3 * room, "while": 0.8 * room, "do": 0.6 * room,
      "break": inLoop ? 0.8 : 0, "continue": inLoop ? 0.8 : 0, "early return": this.inHelper ? 0 : 0.3,
      "local array": this.inHelper ? 0 : 0.8, "local typed array": this.inHelper ? 0 : 0.5, "destructuring": 0.5, "swap": writable.length > 1 ? 0.4 : 0,
      "local closure": this.inHelper || inLoop ? 0 : 0.3, "block": spent ? 0 : 0.2, "var": 0.3,
      ...(spent ? {} : this.constructWeights(this.inHelper, inLoop)),
    });
    switch (kind) {
      case "declare": this.declare(); break;
      case "assign": { const v = this.random.pick(writable); this.line(`${v.name} = ${v.kind === "int" ? this.int(3) : this.num(3)};`); break; }
      case "compound": { const v = this.random.pick(writable); this.line(`${v.name} ${v.kind === "int" ? `${this.random.pick(integerCompounds)} ${this.int(2)}` : `${this.random.pick(compounds)} ${this.num(2)}`};`); break; }
      case "update": this.line(`${this.random.pick(writable).name}${this.random.pick(["++", "--"])};`); break;
      case "array write": { const a = this.random.pick(arrays); this.line(`${this.target(a)} = ${a.element === "int" && this.random.chance(0.5) ? this.int(3) : a.grows ? this.sure(3) : this.num(3)};`); break; }
      case "array compound": { const a = this.random.pick(arrays); this.line(`${this.target(a)}${this.random.chance(0.25) ? "++" : ` ${this.random.pick(compounds)} ${this.num(2)}`};`); break; }
      case "object write": { const o = this.random.pick(this.objects.filter((p) => p.writable)); this.line(`${o.name}${this.random.chance(0.3) ? `[${this.bool(1)} ? "x" : "y"]` : this.random.pick([".x", ".y"])} ${this.random.pick(["=", "+=", "*="])} ${this.sure(2)};`); break; }
      case "if": this.if(this.bool(2)); break;
      case "slow branch": this.if(this.slowTruth()); break;
      case "switch": this.switch(); break;
      case "for": { const a = this.random.pick(this.arrays); this.for("up", this.random.chance(0.7) ? a.length : this.small()); break; }
      case "for down": this.for("down", this.random.pick(this.arrays).length); break;
      case "for step": this.for("step", this.random.pick(this.arrays).length); break;
      case "for slow": this.for("up", this.slowCounts.length ? `${this.random.pick(this.slowCounts)}` : this.small()); break;
      case "for of": this.forOf(); break;
      case "while": case "do": this.while(); break;
      case "break": case "continue": this.leave(); break;
      case "early return": this.line(`if (${this.bool(2)}) return ${this.num(1)};`); break;
      case "local array": this.localArray(); break;
      case "local typed array": this.localTyped(); break;
      case "destructuring": this.destructuring(); break;
      case "swap": { const [v, w] = [this.random.pick(writable), this.random.pick(writable)]; this.line(`[${v.name}, ${w.name}] = [${w.name}, ${v.name}];`); break; }
      case "local closure": this.closure(); break;
      case "block": this.braces("", () => this.statements(2)); break;
      case "var": { const v = this.fresh("w"); this.line(`var ${v} = ${this.num(2)};`); this.scalars.push({ name: v, kind: "num", writable: true, slow: false }); break; }
      default: this.construct(kind satisfies Construct);
    }
  }

  /** An element to write: of an array that would grow, one that is there. */
  private target(array: ArrayName): string {
    if (!array.grows) return `${array.name}[${this.index(array)}]`;
    const index = this.random.chance(0.7) ? this.counters.at(-1) ?? "0" : String(this.random.below(4));
    return `if (${index} < ${array.length}) ${array.name}[${index}]`;
  }

  private declare(): void {
    const kind = this.random.weighted<ScalarKind>({ num: 6, int: 3, bool: 1 });
    const name = this.fresh(kind === "num" ? "v" : kind === "int" ? "k" : "b");
    const writable = this.random.chance(0.75);
    this.line(`${writable ? "let" : "const"} ${name} = ${kind === "num" ? this.num(3) : kind === "int" ? this.int(3) : this.bool(2)};`);
    this.scalars.push({ name, kind, writable, slow: false });
  }

  private if(condition: string): void {
    const single = this.random.chance(0.15);
    if (single && this.scalars.some((s) => s.writable && s.kind === "num")) {
      const v = this.random.pick(this.scalars.filter((s) => s.writable && s.kind === "num"));
      this.line(`if (${condition}) ${v.name} = ${this.num(2)};`);
      return;
    }
    const otherwise = this.maybe("else", 0.5);
    this.braces(`if (${condition})`, () => this.statements(2), otherwise ? "} else {" : "}");
    if (!otherwise) return;
    this.depth++;
    this.scoped(() => this.statements(2));
    this.depth--;
    this.line("}");
  }

  private switch(): void {
    const slow = this.slowCounts.length > 0 && this.random.chance(0.6);
    if (slow) this.count("slow switch");
    this.loops.push({ label: "switch", used: { label: false } });
    const { length } = this.loops;
    this.braces(`switch (${slow ? this.random.pick(this.slowCounts) : `${this.int(1)} & 3`})`, () => {
      const cases = this.random.between(1, 4);
      for (let k = 0; k < cases; k++) {
        this.line(this.maybe("default", 0.25) && k === cases - 1 ? "default: {" : `case ${k}: {`);
        this.depth++;
        this.scoped(() => this.statements(2));
        if (this.random.chance(0.75)) this.line("break;"); else this.count("fallthrough");
        this.depth--;
        this.line("}");
      }
    });
    this.loops.length = length - 1;
  }

  /** A `for` whose trips are limited: lengths are small, other bounds are cut. */
  private for(way: "up" | "down" | "step", bound: string): void {
    const i = this.fresh("i");
    const limit = bound.endsWith("length") ? bound : `Math.min(${bound}, 9)`;
    const simple = bound.endsWith("length") || /^\d+$/.test(bound) || this.slowCounts.includes(bound);
    const end = simple ? bound : limit;
    const head = way === "up" ? `for (let ${i} = 0; ${i} < ${end}; ${i}++)`
      : way === "down" ? `for (let ${i} = ${end} - 1; ${i} >= 0; ${i}--)`
        : `for (let ${i} = ${this.random.below(2)}; ${i} < ${end}; ${i} += ${this.random.between(2, 3)})`;
    this.body(head, i);
  }

  private body(head: string, index: string | null, extra: string | null = null, tail = "}"): void {
    const used = { label: false };
    const label = this.fresh("loop");
    const at = this.lines.length;
    this.loops.push({ label, used });
    this.braces(head, () => {
      if (index) { this.scalars.push({ name: index, kind: "int", writable: false, slow: false }); this.counters.push(index); }
      if (extra) this.line(extra);
      this.statements(this.loops.length > 1 ? 2 : 4);
    }, tail);
    this.loops.pop();
    if (index) this.counters.pop();
    if (used.label) this.lines[at] = this.lines[at]!.replace(/\S/, `${label}: $&`);
  }

  private forOf(): void {
    const name = this.fresh("e");
    const array = this.random.pick(this.arrays);
    this.body(`for (const ${name} of ${array.name})`, null, null);
  }

  private while(): void {
    const trips = this.fresh("c");
    this.line(`let ${trips} = 0;`);
    const limit = this.random.between(1, 9);
    const condition = this.random.chance(0.6) ? ` && (${this.bool(2)})` : "";
    // the counter is no variable that statements may write
    if (this.random.chance(0.5)) this.body(`while (${trips} < ${limit}${condition})`, trips, `${trips}++;`);
    else this.body("do", trips, `${trips}++;`, `} while (${trips} < ${limit}${condition});`);
  }

  /** break or continue, under a condition so that something follows. */
  private leave(): void {
    const around = this.loops.filter((l) => l.label !== "switch" && l.label !== "");
    const outer = around.length > 0 && this.maybe("labelled", 0.3) ? this.random.pick(around) : null;
    if (outer) outer.used.label = true;
    const inSwitch = this.loops.at(-1)!.label === "switch";
    const word = inSwitch && !outer || this.random.chance(0.5) ? "break" : "continue";
    this.line(`if (${this.random.chance(0.3) ? this.slowTruth() : this.bool(2)}) ${word}${outer ? ` ${outer.label}` : ""};`);
  }

  private localArray(): void {
    const name = this.fresh("t");
    const length = this.random.between(1, 5);
    this.line(`const ${name} = [${Array.from({ length }, () => this.sure(1)).join(", ")}];`);
    this.arrays.push({ name, element: "num", writable: false, slow: false, length: String(length), local: true, grows: true });
    // elements that are there may be written; growing an array is another matter
    if (this.random.chance(0.7)) this.line(`${name}[${this.random.below(length)}] ${this.random.pick(["=", "+="])} ${this.sure(2)};`);
  }

  private localTyped(): void {
    const name = this.fresh("t");
    const kind: TypedName = this.random.chance(0.5) ? "Float64Array" : this.random.pick(typedNames);
    const length = this.random.between(1, 8);
    this.line(`const ${name} = new ${kind}(${length});`);
    this.arrays.push({ name, element: kind.startsWith("Float") ? "num" : "int", writable: true, slow: false, length: `${name}.length`, local: true, grows: false });
  }

  private destructuring(): void {
    const [v, w] = [this.fresh("v"), this.fresh("v")];
    if (this.objects.length > 0 && this.random.chance(0.6)) this.line(`const { x: ${v}, y: ${w} } = ${this.random.pick(this.objects).name};`);
    else this.line(`let [${v}, ${w}] = [${this.num(1)}, ${this.num(1)}];`);
    for (const name of [v, w]) this.scalars.push({ name, kind: "num", writable: false, slow: false });
  }

  private closure(): void {
    const name = this.fresh("f");
    const { scalars } = this;
    this.scalars = [...scalars, { name: "u", kind: "num", writable: false, slow: false }];
    this.line(`const ${name} = (u) => ${this.num(2)};`);
    this.scalars = scalars;
    this.helpers.push({ name, arity: 1 });
  }
}
