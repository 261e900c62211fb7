// Random kernels over Maps, Sets and objects whose keys are numbers of run time, or texts of such (`${v},${n}`): counted, grouped, remembered, deleted, listed, changed while they are
// iterated, returned. The same seed gives the same kernel.

import { edgeNumbers } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { RandomKernel } from "./random.ts";

type Form = "map" | "set" | "record" | "bare";
interface Table { readonly name: string; readonly form: Form; /** the pieces around the numbers of its keys */ readonly pieces?: readonly string[] | undefined; /** what holds it */ readonly holder?: string | undefined }
const texts = [["", ",", ""], ["", ":", ""], ["n", ""], ["p", "/", "_", ""], ["", "-", ""], ["", ".", ".", "!"], ["", " ", " ", ";", ""]] as const;

class TableWriter {
  private readonly random: Random;
  readonly coverage = new Map<string, number>();
  private readonly tables: Table[] = [];
  private readonly numbers: string[] = ["a", "n"];
  private names = 0;
  private loops = 0;
  constructor(random: Random) { this.random = random; }

  private count<T>(what: string, code: T): T { this.coverage.set(`table ${what}`, (this.coverage.get(`table ${what}`) ?? 0) + 1); return code; }
  declarations(): string[] {
    return Array.from({ length: this.random.between(1, 3) }, (_, i) => {
      const { random } = this, form = random.pick<Form>(["map", "set", "record", "record", "bare", "map"]), name = `t${i}`;
      const pieces = random.chance(0.35) ? random.pick(texts) : undefined;
      this.tables.push({ name, form, pieces });
      const known = (n: number): string => JSON.stringify(pieces!.join(String(n)));
      if (pieces) return this.count("of texts", `  const ${name} = ${{ map: random.chance(0.3) ? `new Map([[${known(1)}, 2]])` : "new Map()", set: random.chance(0.3) ? `new Set([${known(0)}])` : "new Set()", record: random.chance(0.3) ? `{ ${known(-1)}: a }` : "{}", bare: "Object.create(null)" }[form]};`);
      const init = {
        map: random.chance(0.3) ? "new Map([[1, 2], [-0, 3]])" : "new Map()", set: random.pick(["new Set()", "new Set()", "new Set(x)", "new Set([1, NaN])"]),
        record: random.chance(0.3) ? "{ 1: 5, 7: a }" : "{}", bare: "Object.create(null)",
      }[form];
      if ((form === "map" || form === "set") && random.chance(0.4)) return this.held(form, name, init);
      return this.count(form, `  const ${name} = ${init};`);
    });
  }
  /** tables that lists, objects in lists and Maps hold: which is asked is run time's business */
  private held(form: "map" | "set", name: string, init: string): string {
    const { random } = this, more = form === "map" ? "new Map()" : "new Set()", holder = `${name}s`;
    this.tables.pop();
    const [made, at] = random.pick<readonly [string, string]>([
      [`const ${holder} = [${init}, ${more}];`, `${holder}[s & 1]`],
      [`const ${holder} = []; for (let k = 0; k < 4; k++) ${holder}.push(${init});`, `${holder}[s & 3]`],
      [`const ${holder} = []; for (let k = 0; k < x.length + 2; k++) ${holder}.push({ k, t: ${init} });`, `${holder}[s & 1].t`],
      [`const ${holder} = new Map([[0, ${init}]]); for (let k = 0; k < x.length; k++) { const own = ${holder}.get(x[k] & 3)${random.pick([` || ${more}`, ` ?? ${init}`])}; own.${form === "map" ? "set(k, x[k])" : "add(x[k])"}; ${holder}.set(x[k] & 3, own); }`, `(${holder}.get(s & 3) || ${holder}.get(0))`],
      [`let ${holder} = ${init}; const all${holder} = [${holder}]; for (let k = 0; k < x.length; k++) if (x[k] > n) { ${holder} = ${more}; all${holder}.push(${holder}); } else ${holder}.${form === "map" ? "set(x[k], k)" : "add(x[k])"};`, holder],
    ]);
    this.tables.push({ name: at, form, holder });
    return this.count(`${form} in memory`, `  ${made}`);
  }
  private key(pieces?: readonly string[]): string {
    if (pieces) return pieces.slice(1).reduce((text, piece) => `${text} + (${this.key()}) + ${JSON.stringify(piece)}`, JSON.stringify(pieces[0]));
    const { random } = this, number = random.pick(this.numbers);
    return random.pick([number, number, number, `${number} | 0`, `${number} & 7`, `Math.floor(${number} / 2)`, `${number} + 1`, `-${number}`, String(random.pick([0, 1, 2, 7, -1, 1.5]))]);
  }
  private read({ name, form, pieces }: Table, key = this.key(pieces)): string {
    const { random } = this;
    switch (form) {
      case "set": return this.count("has", `(${name}.has(${key}) ? 1 : 0)`);
      case "map": return random.pick([this.count("has", `(${name}.has(${key}) ? 1 : 0)`), this.count("get", `(${name}.get(${key}) ?? -1)`), this.count("get", `(${name}.get(${key}) || 0)`), this.count("size", `${name}.size`)]);
      default: return random.pick([this.count("field", `(${name}[${key}] || 0)`), this.count("field", `(${name}[${key}] === undefined ? -1 : ${name}[${key}])`), this.count("in", random.pick([`((${key}) in ${name} ? 1 : 0)`, `(Object.hasOwn(${name}, ${key}) ? 1 : 0)`, ...(pieces ? [] : [`(x[s & 1] in ${name} ? 1 : 0)`])]))]);
    }
  }
  private write({ name, form, pieces }: Table): string {
    const { random } = this, key = this.key(pieces), value = random.pick([...this.numbers, "1", `s + ${random.pick(this.numbers)}`]);
    switch (form) {
      case "set": return random.chance(0.2) ? this.count("delete", `if (${name}.delete(${key})) s += 1;`) : this.count("add", `${name}.add(${key});`);
      case "map": return random.weighted({ put: 3, count: 4, delete: 1, clear: 0.2 }) === "put" ? this.count("put", `${name}.set(${key}, ${value});`)
        : random.chance(0.75) ? this.count("count", `${name}.set(${key}, (${name}.get(${key}) || 0) + 1);`)
        : random.chance(0.8) ? this.count("delete", `if (${name}.delete(${key})) s -= 1;`) : this.count("clear", `${name}.clear();`);
      default: return random.chance(0.4) ? this.count("put", `${name}[${key}] = ${value};`) : random.chance(0.7) ? this.count("count", `${name}[${key}] = (${name}[${key}] || 0) + 1;`)
        : random.chance(0.5) ? this.count("increment", `${name}[${key}]++;`) : this.count("delete", `delete ${name}[${key}];`);
    }
  }
  statements(depth: number, into: string[], indent: string): void {
    const { random } = this;
    for (let k = random.between(1, 4); k > 0; k--) {
      const table = random.pick(this.tables);
      switch (random.weighted({ write: 6, read: 4, branch: 2, loop: depth > 0 ? 4 : 0, iterate: depth > 0 ? 2 : 0, list: 1 })) {
        case "write": into.push(indent + this.write(table)); break;
        case "read": into.push(`${indent}s = s * 0.5 + ${this.read(table)};`); break;
        case "branch": into.push(`${indent}if (${this.read(table)} ${random.pick([">", "<", "==="])} ${random.pick(["0", "1", ...this.numbers])}) { ${this.write(random.pick(this.tables))} }${random.chance(0.4) ? ` else { ${this.write(random.pick(this.tables))} }` : ""}`); break;
        case "loop": this.loop(`for (let $ = 0; $ < x.length; $++) { const v$ = x[$];`, "v", depth, into, indent); break;
        case "iterate": this.iterate(table, depth, into, indent); break;
        case "list": into.push(indent + this.list(table)); break;
      }
    }
  }
  private loop(head: string, variable: string, depth: number, into: string[], indent: string, more: readonly string[] = []): void {
    const name = `i${this.names++}`, before = this.numbers.length;
    into.push(indent + head.replaceAll("$", name));
    this.numbers.push(`${variable}${name}`, ...more.map((m) => m + name));
    this.statements(depth - 1, into, `${indent}  `);
    this.numbers.length = before;
    into.push(`${indent}}`);
  }
  /** what is put in meanwhile comes too: not for ever */
  private iterate({ name, form, pieces }: Table, depth: number, into: string[], indent: string): void {
    const { random } = this, c = `c${this.loops++}`, end = `if (++${c} > 40) break;`;
    into.push(`${indent}let ${c} = 0;`);
    if (pieces) { into.push(indent + this.count("for of", this.withTexts(name, form, pieces, end))); return; }
    if (form === "set") { this.loop(this.count("for of", `for (const v$ of ${name}) { ${end}`), "v", depth, into, indent); return; }
    if (form === "map") {
      const [head, more] = random.pick([[`for (const [v$, w$] of ${name}) { ${end}`, ["w"]], [`for (const v$ of ${name}.keys()) { ${end}`, []], [`for (const v$ of ${name}.values()) { ${end}`, []]] as const);
      this.loop(this.count("for of", head), "v", depth, into, indent, more);
      return;
    }
    // a key that is deleted before it is come to would not come: only what does not delete stands there
    into.push(this.count("for in", `${indent}for (const k in ${name}) { ${end} s = s * 0.7 + Number(k) + ${name}[k]; }`));
  }
  /** what a key is made of, where its numbers can be told; what stands at it */
  private withTexts(name: string, form: Form, pieces: readonly string[], end: string): string {
    const { random } = this, [first, by] = pieces, more = first === "" && pieces.length === 3 && /[,:]/.test(by!) ? ` const [p, q] = k.split("${by}").map(Number); s = s * 0.5 + p - q;` : "";
    switch (form) {
      case "set": return `for (const k of ${name}) { ${end}${more} if (${name}.has(k)) s += 1; }`;
      case "map": return random.chance(0.5) ? `for (const [k, v] of ${name}) { ${end}${more} s = s * 0.7 + v; }` : `for (const k of ${name}.keys()) { ${end}${more} s += ${name}.get(k); }`;
      default: return random.chance(0.5) ? `for (const k in ${name}) { ${end}${more} s = s * 0.7 + ${name}[k]; }` : `for (const k of Object.keys(${name})) { ${end}${more} ${random.pick([`s += ${name}[k];`, `delete ${name}[k];`, `${name}[k] = s;`])} }`;
    }
  }
  private list({ name, form, pieces }: Table): string {
    const { random } = this;
    if (pieces) return this.count("list", form === "set" ? `s += ${name}.size;` : form === "map" ? `for (const v of Array.from(${name}.values())) s = s * 0.9 + v;` : random.pick([`s += Object.keys(${name}).length;`, `for (const v of Object.values(${name})) s = s * 0.9 + v;`]));
    switch (form) {
      case "set": return this.count("list", random.pick([`for (const v of [...${name}]) s = s * 0.9 + v;`, `s += ${name}.size;`, `s += Array.from(${name}).length;`, `${name}.forEach((v) => { s += v; });`]));
      case "map": return this.count("list", random.pick([`for (const [k, v] of [...${name}]) s = s * 0.9 + k - v;`, `for (const v of Array.from(${name}.values())) s += v;`, `s += Math.max(...${name}.keys());`, `${name}.forEach((v, k) => { s = s * 0.9 + v - k; });`]));
      default: return this.count("list", random.pick([`for (const [k, v] of Object.entries(${name})) s = s * 0.9 + Number(k) - v;`, `s += Object.keys(${name}).length;`, `for (const v of Object.values(${name})) s = s * 0.9 + v;`, `for (const k of Object.keys(${name}).map(Number)) s = s * 0.9 + k;`, `{ const copy = { ...${name}, [${random.pick(this.numbers)}]: s }; for (const k in copy) s = s * 0.9 + copy[k]; }`, `s += Object.values(Object.assign({ 3: 1, [${name}[2] | 0]: 2 }, ${name})).length;`]));
    }
  }
  result(): string { return this.random.pick(["s", "s", this.returned(), `[s, ${this.returned()}]`]); }
  private returned(): string { return this.tables.map(({ form, name, holder }) => (form === "bare" ? undefined : holder && this.random.chance(0.5) ? holder : name)).find((name) => name !== undefined) ?? "-s"; }
}

export function randomTable(seed: number): RandomKernel {
  const random = new Random(seed * 2246822519 + 41), writer = new TableWriter(random);
  const body = writer.declarations();
  body.push("  let s = 0;");
  writer.statements(2, body, "  ");
  const source = ["function kernel(x, a, n) {", ...body, `  return ${writer.result()};`, "}"].join("\n");
  const inputs = Array.from({ length: 5 }, () => {
    const wide = random.chance(0.3);
    return [Float64Array.from({ length: random.pick([0, 1, 3, 8, 20, 60]) }, () => (wide ? random.pick(edgeNumbers) : random.between(-3, 30))), random.pick(edgeNumbers), random.between(-1, 5)];
  });
  return {
    seed, source, slow: [], slowValues: {}, inputs, guaranteed: false, coverage: writer.coverage,
    params: [{ name: "x", slow: false, kind: "Float64Array" }, { name: "a", slow: false, kind: "number" }, { name: "n", slow: false, kind: "count" }],
  };
}
