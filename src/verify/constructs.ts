// The less usual constructs of random kernels, a statement or two each: closures with state, lists that grow, objects, recursion, callbacks,
// throws, destructuring, strings. Each leaves something in scope that later statements can read.

import { ExpressionWriter, type Scalar } from "./expressions.ts";
import { typedNames, type TypedName } from "./inputs.ts";

/** weights of the constructs; 0 where one can't stand */
const weights = {
  "throw": 0.4, "growing array": 0.6, "typed array of dynamic length": 0.6, "closure with state": 0.5, "default and rest parameters": 0.4, "arguments": 0.25,
  "destructuring with defaults": 0.4, "optional chaining": 0.4, "string switch": 0.4, "for in": 0.3, "callbacks": 0.9, "spread call": 0.25, "local object": 0.7,
  "recursion": 0.8, "number tests": 0.3, "chained assignment": 0.3, "bits of a float": 0.4, "array of objects": 0.9, "nested arrays": 0.7, "slow function": 0.6,
  "copied array": 0.4, "static string": 0.2, "class": 0.5, "try": 0.7, "generator": 0.4, "accessors": 0.3, "other view": 0.5, "cache": 0.4,
  "changed length": 0.8, "holes": 0.4, "added field": 0.4, "repeated": 0.5,
} as const;
export type Construct = keyof typeof weights;

export abstract class ConstructWriter extends ExpressionWriter {
  protected readonly lines: string[] = [];
  protected depth = 1;
  /** loop variables in scope: never negative */
  protected counters: string[] = [];
  /** parameters of kinds that only these constructs use, and slow functions by name */
  protected readonly lists: string[] = [];
  protected readonly rows: string[] = [];
  protected readonly rings: string[] = [];
  protected readonly functions: string[] = [];
  /** objects of two views of one buffer, floating-point and integer */
  protected readonly bits: string[] = [];
  protected hasKind = false;
  protected hasConfiguration = false;

  /** A statement of the ordinary kind. */
  protected abstract statement(): void;

  protected line(text: string): void { this.lines.push("  ".repeat(this.depth) + text); }

  /** Statements inside braces: what they declare ends with them. */
  protected braces(head: string, write: () => void, tail = "}"): void {
    this.line(`${head} {`);
    this.depth++;
    this.scoped(write);
    this.depth--;
    this.line(tail);
  }

  protected scoped(write: () => void): void {
    const { scalars, arrays, objects, helpers } = this;
    [this.scalars, this.arrays, this.objects, this.helpers] = [[...scalars], [...arrays], [...objects], [...helpers]];
    write();
    [this.scalars, this.arrays, this.objects, this.helpers] = [scalars, arrays, objects, helpers];
  }

  /** What `write` writes sees these too. */
  private withScalars<T>(names: readonly string[], write: () => T): T {
    const { scalars } = this;
    this.scalars = [...scalars, ...names.map((name): Scalar => ({ name, kind: "num", writable: false, slow: false }))];
    const written = write();
    this.scalars = scalars;
    return written;
  }

  protected declared(name: string, kind: Scalar["kind"] = "num", writable = false): void { this.scalars.push({ name, kind, writable, slow: false }); }

  protected constructWeights(inHelper: boolean, inLoop: boolean): Partial<Record<Construct, number>> {
    if (inHelper) return { "number tests": 0.2, "optional chaining": 0.2 };
    return {
      ...weights,
      "array of objects": this.lists.length ? weights["array of objects"] : 0,
      "nested arrays": this.rows.length + this.rings.length ? weights["nested arrays"] : 0,
      "bits of a float": this.bits.length ? weights["bits of a float"] : 0,
      "slow function": this.functions.length ? weights["slow function"] : 0,
      "string switch": this.hasKind ? weights["string switch"] : 0,
      "added field": this.objects.some((o) => o.writable) ? weights["added field"] : 0,
      "for in": this.hasConfiguration || this.arrays.some((a) => a.element === "num") ? weights["for in"] : 0,
      // a loop over an array that grows in it would not end
      "changed length": !inLoop && this.callersLists().length ? weights["changed length"] : 0,
      // functions made in every iteration are another matter than a few
      ...(inLoop ? { "closure with state": 0, "class": 0, "recursion": 0, "generator": 0.1, "arguments": 0, "default and rest parameters": 0.1 } : {}),
    };
  }

  /** the caller's ordinary arrays that may be written */
  private callersLists(): readonly { readonly name: string }[] { return this.arrays.filter((a) => a.grows && a.writable && !a.slow && !a.local); }

  protected construct(kind: Construct): void {
    const { random } = this;
    switch (kind) {
      case "throw": this.throw(); break;
      case "growing array": this.growing(); break;
      case "changed length": {
        const { name } = random.pick(this.callersLists());
        this.line(random.pick([
          `${name}.push(${this.sure(2)});`, `${name}.push(${this.sure(1)}, ${this.sure(1)});`, `${name}[${name}.length] = ${this.sure(2)};`, `if (${name}.length > 1) ${name}.pop();`,
          `${name}.length = ${name}.length >> 1;`, `${name}.unshift(${this.sure(2)});`, `${name}.shift();`, `${name}.splice(1, 1, ${this.sure(1)}, ${this.sure(1)});`,
        ]));
        break;
      }
      case "typed array of dynamic length": this.dynamicTyped(); break;
      case "closure with state": {
        const [state, f] = [this.fresh("s"), this.fresh("f")];
        if (random.chance(0.3)) { // it leaves before what it captures is declared
          const early = random.pick(["u > 1", "u !== u", "u < 0"]), [add, kept] = [this.fresh("f"), this.fresh("s")];
          this.line(`const ${f} = (u) => { if (${early}) return ${this.withScalars(["u"], () => this.num(1))}; let ${kept} = u; const ${add} = (t) => { ${kept} ${random.pick(["+=", "-=", "="])} t; }; ${add}(${this.withScalars(["u"], () => this.num(1))}); return ${kept}; };`);
          this.helpers.push({ name: f, arity: 1 });
          break;
        }
        this.line(`let ${state} = ${this.num(1)};`);
        this.line(`const ${f} = (u) => { ${state} ${random.pick(["+=", "=", "*=", "-="])} ${this.withScalars(["u", state], () => this.num(2))}; return ${this.withScalars(["u", state], () => this.num(1))}; };`);
        this.helpers.push({ name: f, arity: 1 });
        this.declared(state, "num", true);
        break;
      }
      case "default and rest parameters": {
        const f = this.fresh("f");
        const v = this.fresh("v");
        const body = this.withScalars(["p", "q"], () => this.num(2));
        this.line(random.chance(0.5) ? `const ${f} = (p, q = ${this.num(1)}, ...r) => ${body} + r.length;`
          : `const ${f} = (p, q = p, ...r) => { let s = ${body}; for (const e of r) s += e; return s; };`);
        this.line(`let ${v} = ${f}(${Array.from({ length: random.between(1, 4) }, () => (random.chance(0.1) ? "undefined" : this.num(1))).join(", ")});`);
        this.helpers.push({ name: f, arity: random.between(1, 3) });
        this.declared(v, "num", true);
        break;
      }
      case "class": this.class(); break;
      case "try": this.try(); break;
      case "generator": {
        const [g, v, l, h] = [this.fresh("g"), this.fresh("v"), this.fresh("l"), this.fresh("h")];
        const value = this.withScalars(["u", "k"], () => this.num(2));
        // a list that whoever takes what is yielded may change meanwhile, and a generator around this one
        this.line(`const ${l} = [${this.num(1)}, 2];`);
        const all = random.pick(["", "", "yield* [u, 2]; ", `yield* ${l}; `, `yield ${l}[1]; `, `yield* ${l}.entries().next().value; `]);
        this.line(`function* ${g}(u) { for (let k = 0; k < ${random.pick(["3", "0", "u", "Math.min(u, 5)"])}; k++) { if (k > 6) return; ${random.chance(0.4) ? "if (k & 1) " : ""}yield ${value}; } ${all}yield u; ${random.pick(["", `return ${l}.length;`])} }`);
        this.line(`function* ${h}(u) { const end = yield* ${g}(u); yield end === undefined ? 3 : end; ${random.pick(["", `${l}[0] = u;`])} }`);
        const some = (): string => random.pick([g, g, h]);
        this.line(`let ${v} = ${random.pick(["0", "0", "0", "0", `[...${some()}(${this.num(1)})].length`])};`);
        if (random.chance(0.4)) this.line(random.pick([`{ const [p, , q = 1] = ${some()}(${this.num(1)}); ${v} += p - q; }`, `[${v}, ${l}[1]] = ${some()}(${this.num(1)});`, `{ const [p, ...r] = ${some()}(${this.num(1)}); ${v} += r.length; }`]));
        this.line(`for (const e of ${some()}(${this.num(1)})) { ${random.pick(["", `if (${v} > 9) break; `, "if (e > 100) continue; ", `if (${l}.length < 5) ${l}.push(e); `, `${l}[1] = ${v}; `])}${v} ${random.pick(["+=", "="])} e; }`);
        this.declared(v, "num", true);
        break;
      }
      case "accessors": {
        const [o, v] = [this.fresh("o"), this.fresh("v")];
        this.line(`const ${o} = { w: ${this.num(1)}, get x() { return this.w * 2; }, set x(t) { this.w = t; } };`);
        this.line(`${o}.x ${random.pick(["=", "+="])} ${this.num(1)};`);
        this.line(`${o}${random.pick([".valueOf", "[Symbol.toPrimitive]"])} = function (hint) { return hint === "number" ? this.x : this.w; };`);
        this.line(`let ${v} = ${o}.x + ${o}.w ${random.pick(["+", "*", "-"])} ${o};`);
        this.declared(v, "num", true);
        break;
      }
      case "arguments": {
        const f = this.fresh("f");
        const v = this.fresh("v");
        const [params, changed] = random.chance(0.5) ? ["", ""] : ["p, q", random.pick([" p = s;", " if (s > 1) q = s * 2;", " var p = 1 + q;"])]; // the parameters are elements
        this.line(`function ${f}(${params}) { let s = ${this.num(0)};${changed} for (let k = 0; k < arguments.length; k++) s ${random.pick(["+=", "-=", "="])} arguments[k]; return s; }`);
        this.line(`let ${v} = ${f}(${Array.from({ length: random.between(0, 4) }, () => this.num(1)).join(", ")});`);
        this.declared(v, "num", true);
        break;
      }
      case "destructuring with defaults": this.destructuringWithDefaults(); break;
      case "optional chaining": {
        const v = this.fresh("v");
        if (this.arrays.length > 0 && random.chance(0.5)) { // to a function of the kernel's own, whose parameters take what the list has
          this.line(`const ${v} = ((p, q = ${this.num(1)}, ...more) => { let s = p - q; for (const t of more) s = s * 0.5 + t; return s; })(${random.chance(0.5) ? `${this.num(1)}, ` : ""}...${random.pick(this.arrays).name});`);
          this.declared(v);
          break;
        }
        const slow = this.arrays.filter((a) => a.slow);
        const some = [...slow.map((a) => `${a.name}?.[${random.between(0, 9)}] ?? ${this.num(1)}`), ...this.objects.map((o) => `${o.name}?.${random.pick(["x", "y", "none"])} ?? ${this.num(1)}`),
          ...(this.hasConfiguration ? ["cfg?.rate", `cfg.none?.rate ?? ${this.num(1)}`, `cfg.curve?.limit`, `cfg.none?.[3].x ?? ${this.num(0)}`] : [])];
        this.line(`const ${v} = ${some.length ? random.pick(some) : this.num(1)};`);
        this.declared(v);
        break;
      }
      case "string switch": {
        this.braces("switch (kind)", () => {
          for (const name of ["linear", "cubic", "none"].slice(0, random.between(1, 3))) {
            this.line(`case "${name}":`);
            this.depth++;
            this.scoped(() => this.statement());
            if (random.chance(0.8)) this.line("break;");
            this.depth--;
          }
          if (random.chance(0.6)) { this.line("default:"); this.depth++; this.scoped(() => this.statement()); this.depth--; }
        });
        break;
      }
      case "for in": {
        const v = this.fresh("v");
        this.line(`let ${v} = ${this.num(1)};`);
        const lists = this.arrays.filter((a) => a.element === "num").map(({ name }) => name);
        if (lists.length > 0 && (!this.hasConfiguration || random.chance(0.5))) {
          const list = random.pick(lists);
          this.line(`for (const key in ${random.pick([list, `${list}.slice(1)`])}) ${v} ${random.pick(["+=", "=", "-="])} ${list}[key]${random.chance(0.4) ? " * Number(key)" : ""} + ${this.num(1)};`);
        } else this.line(`for (const key in cfg.weights) ${v} ${random.pick(["+=", "=", "-="])} ${random.chance(0.3) ? `key === "b" ? ${this.num(1)} : ` : ""}cfg.weights[key] * ${this.num(1)};`);
        this.declared(v, "num", true);
        break;
      }
      case "callbacks": this.callbacks(); break;
      case "spread call": {
        const v = this.fresh("v");
        const slow = this.arrays.filter((a) => a.slow);
        this.line(`const ${v} = Math.${random.pick(["max", "min"])}(${slow.length ? `...${random.pick(slow).name}, ` : ""}${this.num(1)}, ${this.num(1)});`);
        this.declared(v);
        break;
      }
      case "local object": {
        const o = this.fresh("o");
        this.line(`const ${o} = { x: ${this.sure(2)}, y: ${this.sure(1)}${random.chance(0.3) ? `, z: { w: ${this.num(1)} }` : ""} };`);
        this.objects.push({ name: o, writable: true });
        if (random.chance(0.6)) this.line(`${random.chance(0.5) ? `if (${this.bool(1)}) ` : ""}${o}.${random.pick(["x", "y"])} ${random.pick(["=", "+=", "*="])} ${this.sure(2)};`);
        break;
      }
      case "added field": {
        const { name } = random.pick(this.objects.filter((o) => o.writable)), f = this.fresh("f"), v = this.fresh("v");
        this.line(`${random.chance(0.7) ? `if (${this.bool(1)}) ` : ""}${name}.${f} = ${this.sure(2)};`);
        this.line(`const ${v} = ${name}.${f} === undefined ? ${this.num(1)} : ${name}.${f};`);
        this.declared(v);
        break;
      }
      case "recursion": {
        const f = this.fresh("r");
        const v = this.fresh("v");
        if (random.chance(0.35)) { // its calls change a variable that it captures, or a field of an object
          const fields = this.objects.filter((o) => o.writable).map(({ name }) => `${name}.${random.pick(["x", "y"])}`), field = random.chance(0.5) ? fields.at(-1) : undefined, held = field ?? v;
          const change = `${held} ${random.pick(["+=", "-=", "="])} ${this.withScalars(["u", "d", held], () => this.num(1))};`, again = `${f}(${this.withScalars(["u", held], () => this.num(1))}, d - 1);`;
          if (!field) this.line(`let ${v} = ${random.chance(0.8) ? this.num(1) : "undefined"};`);
          this.line(`const ${f} = (u, d) => { ${random.chance(0.5) ? `if (${held} === undefined || u > ${held}) ` : ""}${change} if (d > 0) { ${again} ${random.chance(0.5) ? `${f}(u - 1, d - 2);` : ""} } };`);
          this.line(`${f}(${this.num(1)}, ${this.int(1)} & 3);`);
          this.line(field ? `const ${v} = +${field};` : `${v} = +${v};`);
          this.declared(v, "num", field === undefined);
          break;
        }
        if (random.chance(0.4)) { // all of its calls are what it returns
          const value = (): string => this.withScalars(["u", "d", "s"], () => this.num(1)), test = (): string => `${value()} ${random.pick(["<", ">=", "==="])} ${value()}`;
          const again = (): string => `${f}(${random.pick([value(), "u", "s"])}, d - ${random.pick([1, 2])}${random.chance(0.85) ? `, ${random.pick([value(), "u", "s"])}` : ""})`;
          const other = random.chance(0.5) ? `if (${test()}) { ${random.chance(0.3) ? `u = ${value()}; ` : ""}return ${again()}; } ` : "", loop = random.chance(0.2) ? `for (let k = 0; k < 3; k++) { if (${test()}) return ${again()}; s += k; } ` : "";
          this.line(`const ${f} = (u, d${random.chance(0.3) ? ", s = 1.5" : ", s"}) => { if (d <= 0) return s; ${other}${loop}return ${random.pick([again(), `${test()} ? ${again()} : ${again()}`, `d > 1 && ${again()}`, `${value()} || ${again()}`])}; };`);
          this.line(`const ${v} = Number(${f}(${this.num(1)}, ${this.int(1)} & 7, ${this.num(1)}));`);
          this.declared(v);
          break;
        }
        if (random.chance(0.2)) { // a number or something else comes back
          const other = random.pick(["false", "null", "undefined", '"none"']), again = `${f}(${this.withScalars(["u"], () => this.num(1))}, d - 2)`;
          this.line(`const ${f} = (u, d) => { if (d < 0 || u > ${this.num(1)}) return ${other}; if (d < 1) return ${this.withScalars(["u", "d"], () => this.num(1))}; const w = ${f}(u - 1, d - 1)${random.chance(0.4) ? `, t = ${again}` : ", t = u"}; return w === ${other} ? ${again} : ${random.pick(["w", "w + 1", `t === ${other} ? w : t`])}; };`);
          this.line(`const ${v} = Number(${f}(${this.num(1)}, ${this.int(1)} & 3));`);
          this.declared(v);
          break;
        }
        const body = this.withScalars(["u"], () => this.sure(2)), counts = random.chance(0.3) ? " + more.length" : "";
        this.line(random.chance(0.5) ? `const ${f} = (u, d) => (d <= 0 ? ${body} : ${f}(${this.withScalars(["u", "d"], () => this.num(1))}, d - 1));`
          : `function ${f}(u, d${counts ? ", ...more" : ""}) { if (d < 1) return ${body}${counts}; return u + ${f}(u * 0.5, d - 1${counts && random.pick(["", ", u", ", u, d"])}) ${random.pick(["+", "*"])} ${random.chance(0.3) ? `${f}(u - 1, d - 2)` : "0.5"}; }`);
        this.line(`const ${v} = ${f}(${this.num(1)}, ${random.chance(0.5) ? String(random.between(0, 4)) : `${this.int(1)} & 3`});`);
        this.declared(v);
        break;
      }
      case "number tests": {
        const b = this.fresh("b");
        if (random.chance(0.15)) {
          const of = `(${this.num(2)})`;
          this.line(`const ${b} = ${of}.valueOf() === ${of}.valueOf();`);
        } else this.line(`const ${b} = ${random.pick(["Number.isInteger", "Number.isNaN", "isNaN", "isFinite", "Number.isFinite", "Number.isSafeInteger", "Boolean"])}(${this.num(2)});`);
        this.declared(b, "bool");
        break;
      }
      case "chained assignment": {
        const writable = this.scalars.filter((s) => s.writable && s.kind === "num");
        if (writable.length < 2) { this.line(`void ${this.num(1)};`); break; }
        const [v, w] = [random.pick(writable).name, random.pick(writable).name];
        this.line(random.pick([`${v} = ${w} = ${this.num(2)};`, `${v} = (${w} = ${this.num(1)}, ${w} * ${this.num(1)});`, `${v} += ${w} = ${this.num(1)};`, `if ((${v} = ${this.num(1)}) > ${w}) ${w} = ${v}++ - --${w};`]));
        break;
      }
      case "bits of a float": {
        const [view, v] = [random.pick(this.bits), this.fresh("v")];
        this.line(`const ${v} = ${this.num(2)};`);
        this.line(`if (${v} === ${v}) ${view}.f[${random.below(2)}] = ${v};`); // which NaN is written is the engine's own business: none is
        if (random.chance(0.4)) this.line(`${view}.i[0] ${random.pick(["^=", "+=", "="])} ${this.int(1)} & 255;`);
        this.declared(v);
        break;
      }
      case "array of objects": this.listOfObjects(); break;
      case "nested arrays": this.nested(); break;
      case "slow function": {
        const v = this.fresh("v");
        this.line(`let ${v} = ${random.pick(this.functions)}(${this.num(2)}, ${this.num(1)});`);
        this.declared(v, "num", true);
        break;
      }
      case "copied array": {
        const fast = this.arrays.filter((a) => !a.slow && !a.local && !a.grows);
        if (fast.length === 0) { this.line(";"); break; }
        const source = random.pick(fast);
        const t = this.fresh("t");
        this.line(`const ${t} = ${source.name}.${random.pick(["slice()", "slice(1)", "slice(1, 4)", "subarray(1)", "subarray(0, 3)", "slice(-2)"])};`);
        this.arrays.push({ name: t, element: source.element, writable: source.writable, slow: false, length: `${t}.length`, local: true, grows: false });
        break;
      }
      case "other view": this.otherView(); break;
      case "holes": this.holes(); break;
      case "cache": {
        const [c, k, v, i] = [this.fresh("c"), this.fresh("k"), this.fresh("v"), this.fresh("i")];
        this.line(`const ${c} = new Array(${random.pick(["16", "40", `1 + (${this.int(1)} & 31)`])});`);
        this.line(`let ${v} = ${this.num(0)};`);
        this.braces(`for (let ${i} = 0; ${i} < ${random.pick(this.arrays).length}; ${i}++)`, () => {
          this.declared(i, "int");
          this.counters.push(i);
          this.line(`const ${k} = ${random.chance(0.8) ? `${this.int(2)} & 15` : this.num(2)};`);
          this.line(random.chance(0.5) ? `${v} += ${k} in ${c} ? ${c}[${k}] : (${c}[${k} & 15] = ${this.sure(2)});` : `if (!(${k} in ${c})) { ${c}[${k} & 15] = ${this.sure(1)}; ${v}++; }`);
          this.counters.pop();
        });
        if (random.chance(0.3)) this.line(random.chance(0.5) ? `for (const e of Object.values(${c})) ${v} = ${v} * 0.5 + e;` : `for (const [at, e] of Object.entries(${c})) ${v} += e * +at;`);
        this.declared(v, "num", true);
        break;
      }
      case "repeated": { // each time the same, or nearly
        const [v, t, r, e] = [this.fresh("v"), this.fresh("t"), this.fresh("r"), this.fresh("e")], state = random.chance(0.4) ? `${v}.at` : v;
        this.line(`let ${v} = ${state === v ? this.num(0) : `{ at: ${this.num(0)}, k: ${random.pick(["1", this.num(0)])} }`};`);
        this.braces(`for (let ${r} = ${random.pick(["0", "1"])}; ${r} < ${random.pick(["6", "7", "9"])}; ${r}++)`, () => {
          this.line(`let ${t} = ${random.pick(["0", `${state} * 0.5`])};`);
          if (random.chance(0.7)) this.line(`for (const ${e} of ${random.pick(this.arrays).name}) ${t} = ${t} * 0.5 + ${random.chance(0.5) ? `(${e} || 0) - ` : ""}${state};`);
          if (random.chance(0.3)) this.line(`if (${t} > ${this.num(1)}) ${random.pick(["break", "continue"])};`);
          const next = `${t} ${random.pick(["+ 1", "- 0.25", `+ ${r}`, `* ${state === v ? 2 : `${v}.k`}`])}`;
          this.line(state === v || random.chance(0.4) ? `${state} = ${next};` : `${v} = { at: ${next}, k: ${random.pick([`${v}.k`, t, "2"])} };`);
        });
        this.line(`const ${t} = ${state};`);
        this.declared(t);
        break;
      }
      case "static string": {
        const v = this.fresh("v");
        this.line(`const ${v} = ${random.pick(['parseInt("12px", 10)', '"abc".length', 'Number("0x1f")', '`${1 + 2}` === "3" ? 5 : 6', 'parseFloat("2.5e1")', '"abc".charCodeAt(1)', 'Number.EPSILON', 'Number.MAX_SAFE_INTEGER'])};`);
        this.declared(v);
        break;
      }
    }
  }

  private throw(): void {
    const { random } = this;
    const name = random.pick(["Error", "RangeError", "TypeError"]);
    const list = this.arrays.length > 0 ? `\`of \${${random.pick(this.arrays).name}}\`` : '"of none"';
    const message = random.pick(['"out of range"', "", list, `\`value \${${this.num(1)}}\``, `\`at \${${this.counters.at(-1) ?? "1"}} of \${${this.scalar("num") ?? "2"}}\``, `"v" + ${this.num(1)}`]);
    // a kernel that always throws tests little
    const when = `${this.counters.length > 0 ? `${this.counters.at(-1)} === ${random.between(2, 9)}` : this.bool(1)} && ${this.bool(2)}${random.chance(0.6) ? ` && ${this.bool(1)}` : ""}`;
    // an assertion's message is made whether or not it is thrown
    this.line(random.chance(0.3) ? `((bad, text) => { if (bad) throw new ${name}(text); })(${when}, ${message || '""'});` : `if (${when}) throw new ${name}(${message});`);
  }

  private growing(): void {
    const { random } = this;
    const g = this.fresh("g");
    this.line(`const ${g} = [${random.chance(0.3) ? this.num(1) : ""}];`);
    const source = random.pick(this.arrays);
    const i = this.fresh("i");
    this.braces(random.chance(0.8) ? `for (let ${i} = 0; ${i} < ${source.length}; ${i}++)` : `for (let ${i} = ${source.length}; ${i}-- > 0;)`, () => {
      this.declared(i, "int");
      this.counters.push(i);
      const places = [`${g}[${g}.length]`, `${g}[${i}]`, `${g}[${i} * 2 + 1]`]; // behind the end too
      this.line(`${random.chance(0.6) ? `if (${this.bool(2)}) ` : ""}${random.pick([`${g}.push(${this.sure(2)});`, `${random.pick(places)} = ${this.sure(2)};`, `${g}.push(${this.sure(1)}, ${this.sure(1)});`])}`);
      if (random.chance(0.15)) this.line(random.chance(0.7) ? `if (${this.bool(1)}) ${g}.pop();` : `if (${this.bool(1)}) ${g}.length = ${i};`);
      this.counters.pop();
    });
    this.arrays.push({ name: g, element: "num", writable: random.chance(0.3), slow: false, length: `${g}.length`, local: true, grows: true });
    if (random.chance(0.3)) { const v = this.fresh("v"); this.line(`const ${v} = ${g}.length > 0 ? ${g}[${g}.length - 1] : ${this.num(1)};`); this.declared(v); }
  }

  private dynamicTyped(): void {
    const { random } = this;
    const t = this.fresh("t");
    const kind: TypedName = random.chance(0.5) ? "Float64Array" : random.pick(typedNames);
    const source = random.pick(this.arrays);
    this.line(`const ${t} = new ${kind}(${random.pick([source.length, `${source.length} + 2`, `${this.int(1)} & 15`, this.slowCounts.length ? `${random.pick(this.slowCounts)} & 7` : "3", source.name])});`);
    this.arrays.push({ name: t, element: kind.startsWith("Float") ? "num" : "int", writable: true, slow: false, length: `${t}.length`, local: true, grows: false });
    if (random.chance(0.25)) this.line(`${t}.fill(${this.num(1)}${random.chance(0.3) ? ", 1" : ""});`);
  }

  /** The same bytes as other integers. (Bits of doubles are not looked at: which NaN is there is the engine's own business.) */
  private otherView(): void {
    const { random } = this;
    const [t, w] = [this.fresh("t"), this.fresh("w")];
    const theirs = this.arrays.filter((a) => a.element === "int" && !a.slow && !a.local && !a.grows && !a.name.includes("."));
    const source = theirs.length > 0 && random.chance(0.6) ? random.pick(theirs) : null;
    if (!source && random.chance(0.15)) {
      const v = this.fresh("v");
      this.line(`const ${v} = new DataView(${random.pick(["new ArrayBuffer(8)", "new Uint8Array(8).buffer", "new Float64Array(2).buffer"])}); ${v}.setInt32(${random.pick([0, 4])}, ${this.int(1)}); const ${t} = { buffer: ${v}.buffer, byteOffset: ${v}.byteOffset, byteLength: ${v}.byteLength };`);
    } else if (!source) this.line(random.chance(0.2) ? `const ${t} = { buffer: new ArrayBuffer(8), byteOffset: 0, byteLength: 8 }; new DataView(${t}.buffer).setInt32(${random.pick([0, 4])}, ${this.int(1)}, ${random.chance(0.5)});`
      : `const ${t} = new ${random.pick(["Uint8Array", "Int16Array", "Uint32Array"])}(${random.pick(["8", `8 + (${this.int(1)} & 24)`])}); ${t}[${this.int(1)} & 7] = ${this.int(2)};`);
    const name = source ? source.name : t;
    const view = random.pick([`Uint8Array(${name}.buffer)`, `Int8Array(${name}.buffer, ${name}.byteOffset, ${name}.byteLength)`, `Uint16Array(${name}.buffer, ${name}.byteOffset, ${name}.byteLength >> 1)`,
      `Int32Array(${name}.buffer, ${name}.byteOffset, ${name}.byteLength >> 2)`, `Uint8ClampedArray(${name}.buffer, ${name}.byteOffset)`, `Uint32Array(${name}.buffer, 0, Math.min(1, ${name}.byteLength >> 2))`]);
    this.line(`const ${w} = new ${view};`);
    this.arrays.push({ name: w, element: "int", writable: source ? source.writable : true, slow: false, length: `${w}.length`, local: true, grows: false });
    if (random.chance(0.5)) this.line(`${w}[${this.int(1)} & 7] ${random.pick(["=", "^=", "+="])} ${this.int(1)};`);
  }

  private destructuringWithDefaults(): void {
    const { random } = this;
    const [v, w] = [this.fresh("v"), this.fresh("v")];
    const slow = this.arrays.filter((a) => a.slow);
    const forms = [
      ...slow.map((a) => `const [${v} = ${this.num(1)}, , ${w} = ${this.num(1)}] = ${a.name};`),
      ...this.objects.map((o) => `const { x: ${v} = ${this.num(0)}, none: ${w} = ${this.num(1)} } = ${o.name};`),
      ...(this.hasConfiguration ? [`const { rate: ${v}, curve: { limit: ${w} = 2 } } = cfg;`] : []),
      `let [${v}, ${w} = ${this.num(1)}] = [${this.num(1)}];`,
    ];
    this.line(random.pick(forms));
    this.declared(v);
    this.declared(w);
  }

  /** Something is thrown under a condition, by the engine or from an inlined function or not, and caught; or only passes a finalizer. */
  private try(): void {
    const { random } = this;
    const v = this.fresh("v");
    this.line(`let ${v} = ${this.num(1)};`);
    const thrown = (): void => {
      const condition = this.bool(1), value = this.num(1);
      if (random.chance(0.3)) {
        const w = this.fresh("w");
        this.line(random.pick([`const ${w} = ${condition} ? null : { k: ${value} }; ${v} += ${w}.k;`, `const ${w} = [{ k: ${value} }]; ${v} -= ${w}[${condition} ? 1 : 0].k;`, `const ${w} = ${condition} ? undefined : { k: 1 }; ${w}.k = ${value}; ${v} += ${w}.k;`, `const ${w} = { f: ${condition} ? null : (u) => u * 2 }; ${v} += ${w}.f(${value});`]));
        return;
      }
      this.line(random.chance(0.3) ? `((u) => { if (${condition}) throw u; })(${value});` : `if (${condition}) throw ${value};`);
    };
    const finalizer = random.chance(0.5);
    this.braces("try", () => {
      if (random.chance(0.5)) this.statement();
      this.line(`${v} ${random.pick(["=", "+=", "*="])} ${this.num(1)};`);
      if (finalizer && random.chance(0.3)) this.braces("try", thrown, `} finally { ${v} -= ${this.num(0)}; }`);
      else thrown();
      if (random.chance(0.5)) this.statement();
      this.line(`${v} ${random.pick(["=", "+=", "-="])} ${this.num(1)};`);
    });
    this.braces("catch (e)", () => {
      this.line(`${v} ${random.pick(["=", "+=", "-="])} typeof e === "number" ? ${this.withScalars(["e"], () => this.num(1))} : ${random.pick(["1", "1", "e instanceof TypeError ? 2 : 3"])};`);
      if (random.chance(0.3)) this.statement();
    });
    if (finalizer) this.braces("finally", () => { this.line(`${v} ${random.pick(["+=", "*="])} ${this.num(1)};`); if (random.chance(0.3)) this.statement(); });
    this.declared(v, "num", true);
  }

  /** A class with a derived one, or without; an object of it, asked and changed. */
  private class(): void {
    const { random } = this;
    const [parent, child, object, v] = [this.fresh("T"), this.fresh("U"), this.fresh("c"), this.fresh("v")];
    const derives = random.chance(0.6);
    const of = (names: readonly string[], budget = 1): string => this.withScalars(names, () => this.num(budget));
    this.line(`class ${parent} {`);
    this.line(`  static k = ${this.num(1)}; #p = ${this.num(0)}; x = ${this.num(1)};`);
    this.line(`  constructor(u) { this.#p += u; this.x ${random.pick(["=", "+=", "*="])} ${of(["u"])}; }`);
    this.line(`  get half() { return ${of(["this.x"])}; } set half(u) { this.x = u * 2; }`);
    this.line(`  m(u) { this.#p = ${of(["u", "this.x"], 2)}; return this.#p; }`);
    this.line("}");
    if (derives) {
      this.line(`class ${child} extends ${parent} {`);
      this.line(`  y = ${of(["this.x"])};`);
      this.line(`  constructor(u, w = ${this.num(0)}) { super(${of(["u", "w"])}); this.y -= w; }`);
      this.line(`  m(u) { return super.m(${of(["u"])}) ${random.pick(["+", "-", "*"])} this.y; }`);
      this.line("}");
    }
    this.line(`const ${object} = new ${derives ? child : parent}(${this.num(1)});`);
    if (random.chance(0.5)) this.line(`${object}.half = ${this.num(1)};`);
    this.line(`let ${v} = ${object}.m(${this.num(1)}) + ${object}.half + ${derives ? child : parent}.k + (${object} instanceof ${parent} ? 1 : 0);`);
    this.declared(v, "num", true);
  }

  private callbacks(): void {
    const { random } = this;
    const lists = this.arrays.filter((a) => a.grows);
    const source = random.pick(this.arrays);
    const v = this.fresh("v");
    const of = (names: readonly string[], depth = 2): string => this.withScalars(names, () => this.num(depth));
    const test = (names: readonly string[]): string => this.withScalars(names, () => this.bool(2));
    const kind = this.choose({ "reduce": 2, "map": lists.length ? 1.5 : 0, "forEach": 1.5, "every and some": 1, "indexOf and includes": 1, "Array.from": 0.7, "findIndex": 0.5, "filter": lists.length ? 0.4 : 0, "fill": 0.4 });
    switch (kind) {
      case "reduce": this.line(`let ${v} = ${source.name}.reduce((s, e${random.chance(0.3) ? ", k" : ""}) => ${of(["s", "e"])}, ${this.num(1)});`); this.declared(v, "num", true); return;
      case "map": case "filter": {
        const call = kind === "map" ? `map((e, k) => +(${of(["e", "k"])}))` : `filter((e) => ${test(["e"])})`;
        this.line(`const ${v} = ${random.pick(lists).name}.${call};`);
        this.arrays.push({ name: v, element: source.element, writable: false, slow: false, length: `${v}.length`, local: true, grows: true });
        return;
      }
      case "forEach": {
        this.line(`let ${v} = ${this.num(1)};`);
        this.line(`${source.name}.forEach((e, k) => { ${random.chance(0.3) ? `if (${test(["e", "k"])}) ` : ""}${v} ${random.pick(["+=", "=", "-="])} ${of(["e", "k", v])}; });`);
        this.declared(v, "num", true);
        return;
      }
      case "every and some": this.line(`const ${v} = ${source.name}.${random.pick(["every", "some"])}((e) => ${test(["e"])});`); this.declared(v, "bool"); return;
      case "indexOf and includes": {
        const call = random.pick(["indexOf", "includes", "lastIndexOf"]);
        this.line(`const ${v} = ${source.name}.${call}(${this.num(1)});`);
        this.declared(v, call === "includes" ? "bool" : "num");
        return;
      }
      case "findIndex": this.line(`const ${v} = ${source.name}.findIndex((e) => ${test(["e"])});`); this.declared(v); return;
      case "Array.from": {
        this.line(`const ${v} = Array.from({ length: ${random.between(1, 5)} }, (_, k) => +(${of(["k"])}));`);
        this.arrays.push({ name: v, element: "num", writable: false, slow: false, length: `${v}.length`, local: true, grows: true });
        return;
      }
      case "fill": {
        const fast = this.arrays.filter((a) => a.writable && !a.grows);
        if (fast.length > 0) this.line(`${random.pick(fast).name}.fill(${this.num(1)}${random.pick(["", ", 1", ", 1, 3", ", -2"])});`);
        return;
      }
    }
  }

  /** An array that lacks elements, and methods that skip them or take them along. */
  private holes(): void {
    const { random } = this;
    const [h, v, i] = [this.fresh("h"), this.fresh("v"), this.fresh("i")];
    const item = (): string => this.withScalars(["e"], () => this.num(1));
    this.line(random.pick([`const ${h} = [${this.num(1)}, , ${this.num(1)}, , ];`, `const ${h} = new Array(${random.pick(["5", `1 + (${this.int(1)} & 7)`])});`, `const ${h} = []; ${h}[2] = ${this.num(1)};`]));
    if (random.chance(0.7)) this.line(`${h}[${random.pick(["0", "3", `${this.int(1)} & 3`])}] = ${this.num(1)};`);
    if (random.chance(0.3)) this.line(`${h}.${random.pick(["reverse()", "shift()", "splice(0, 1)", "copyWithin(0, 2)", `unshift(${this.num(1)})`])};`);
    this.line(`let ${v} = ${random.pick([`${h}.indexOf(undefined)`, `${h}.filter((e) => e !== ${item()}).length`, `${h}.reduce((s, e) => s + e, 0)`, `${h}.every((e) => e === e) ? 1 : 0`, `${h}.concat([1]).length`])};`);
    this.line(random.pick([`${h}.forEach((e, k) => { ${v} += k + ${item()}; });`, `${h}.${random.pick([`map((e) => +(${item()}))`, "slice(1)", "slice()"])}.forEach((e) => { ${v} = ${v} / 2 + e; });`]));
    this.line(`for (let ${i} = 0; ${i} < ${h}.length; ${i}++) ${v} = ${v} / 2 + (${i} in ${h} ? ${h}[${i}] : 0.25);`);
    this.declared(v, "num", true);
  }

  private listOfObjects(): void {
    const { random } = this;
    const list = random.pick(this.lists);
    const [i, q, v] = [this.fresh("i"), this.fresh("q"), this.fresh("v")];
    this.line(`let ${v} = ${this.num(1)};`);
    this.declared(v, "num", true);
    const head = random.chance(0.5) ? `for (const ${q} of ${list})` : `for (let ${i} = 0; ${i} < ${list}.length; ${i}++)`;
    this.braces(head, () => {
      if (!head.includes(" of ")) {
        this.declared(i, "int");
        if (random.chance(0.5)) this.line(`const ${q} = ${list}[${i}];`);
      }
      const name = head.includes(" of ") || this.lines.at(-1)!.includes(`const ${q}`) ? q : `${list}[${i}]`;
      this.objects.push({ name, writable: true });
      this.line(`${v} ${random.pick(["+=", "=", "-="])} ${random.chance(0.7) ? `${name}.${random.pick(["x", "y"])} * ` : ""}${this.num(2)};`);
      if (random.chance(0.5)) this.line(`${random.chance(0.4) ? `if (${this.bool(1)}) ` : ""}${name}.${random.pick(["x", "y"])} ${random.pick(["=", "+=", "*="])} ${this.sure(2)};`);
      if (random.chance(0.3)) this.statement();
    });
  }

  private nested(): void {
    const { random } = this;
    if (this.rows.length === 0 || (this.rings.length > 0 && random.chance(0.5))) { this.nestedTwice(random.pick(this.rings)); return; }
    const rows = random.pick(this.rows);
    const [i, j, v] = [this.fresh("i"), this.fresh("i"), this.fresh("v")];
    this.line(`let ${v} = ${this.num(1)};`);
    this.declared(v, "num", true);
    this.braces(`for (let ${i} = 0; ${i} < ${rows}.length; ${i}++)`, () => {
      this.declared(i, "int");
      this.braces(`for (let ${j} = 0; ${j} < ${rows}[${i}].length; ${j}++)`, () => {
        this.declared(j, "int");
        this.line(`${v} ${random.pick(["+=", "=", "-="])} ${rows}[${i}][${j}] * ${this.num(2)};`);
        if (random.chance(0.4)) this.line(`${random.chance(0.4) ? `if (${this.bool(1)}) ` : ""}${rows}[${i}][${j}] ${random.pick(["=", "+="])} ${this.sure(2)};`);
      });
    });
  }

  /** An array of arrays of arrays, as polygons with holes are: walked, compared, written, handed on. */
  private nestedTwice(rings: string): void {
    const { random } = this;
    const [v, i, j, k] = [this.fresh("v"), this.fresh("i"), this.fresh("i"), this.fresh("i")];
    this.line(`let ${v} = ${this.num(1)};`);
    this.declared(v, "num", true);
    const read = random.pick([`${rings}[${i}][${j}][${k}]`, `${rings}[${i}][${j}].at(${k})`]);
    if (random.chance(0.4)) {
      const more = random.pick([`if (p === ${rings}[0][0]) ${v} -= 1;`, `${v} += ring.length;`, `for (const t of p) ${v} += t;`, `const [t = 1] = p; ${v} *= t;`]);
      this.line(`for (const ring of ${rings}) for (const p of ring) { ${more} ${random.chance(0.3) && !more.includes("0][0") ? `p[0] = ${v};` : ""} }`);
      return;
    }
    this.braces(`for (let ${i} = 0; ${i} < ${rings}.length; ${i}++) for (let ${j} = 0; ${j} < ${rings}[${i}].length; ${j}++) for (let ${k} = 0; ${k} < ${rings}[${i}][${j}].length; ${k}++)`, () => {
      for (const index of [i, j, k]) this.declared(index, "int");
      this.line(`${v} ${random.pick(["+=", "=", "-="])} ${read} * ${this.num(2)};`);
      if (random.chance(0.4)) this.line(`${random.chance(0.4) ? `if (${this.bool(1)}) ` : ""}${rings}[${i}][${j}][${k}] ${random.pick(["=", "+="])} ${this.sure(2)};`);
    });
  }
}
