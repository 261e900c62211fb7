// Random functions full of control: lowered and interpreted, they do what the engine does.
import { it } from "vitest";
import { sameFunction } from "./same.ts";

/** Numbers from a seed: a linear congruential generator is random enough to choose constructs. */
class Random {
  private state: number;
  constructor(seed: number) { this.state = seed >>> 0; }
  below(n: number): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.state / 2 ** 32) * n);
  }
  pick<T>(of: readonly T[]): T { return of[this.below(of.length)]!; }
}

class Writer {
  private readonly random: Random;
  private readonly variables: string[] = ["a", "b", "p", "q"];
  private readonly loops: (string | null)[] = []; // labels of the loops around
  private readonly labels: string[] = []; // of all labelled statements around
  private names = 0;
  constructor(seed: number) { this.random = new Random(seed); }

  function(): string {
    return `function kernel(a, b, o, list) { let p = 1, q = list.length, fuel = 40; var fs = [];\n${this.statements(4)}\nreturn [a, b, p, q, fs.map((f) => f())]; }`;
  }

  private variable(): string { return this.random.pick(this.variables); }

  private expression(depth: number): string {
    if (depth <= 0) return this.random.pick([this.variable(), this.variable(), String(this.random.below(7)), "o.x"]);
    const e = (): string => this.expression(depth - 1);
    switch (this.random.below(13)) {
      case 0: return `(${e()} ${this.random.pick(["+", "-", "*", "%", "&", "|", "^", "<<", ">>>"])} ${e()})`;
      case 1: return `(${e()} ${this.random.pick(["<", "<=", "===", "!==", ">"])} ${e()})`;
      case 2: return `(${e()} ? ${e()} : ${e()})`;
      case 3: return `(${e()} ${this.random.pick(["&&", "||", "??"])} ${e()})`;
      case 4: return `(${this.variable()} ${this.random.pick(["=", "+=", "-=", "|=", "&&=", "||=", "??="])} ${e()})`;
      case 5: return this.random.pick([`${this.variable()}++`, `--${this.variable()}`, `o.x++`, `o.y--`]);
      case 6: return `(${e()}, ${e()})`;
      case 7: return `(o.x = ${e()})`;
      case 8: return `o?.${this.random.pick(["x", "none"])}`;
      case 9: return `list[${e()} & 3]`;
      case 10: return `((t) => t + ${e()})(${e()})`;
      case 11: return `!${e()}`;
      default: return this.variable();
    }
  }

  private statements(depth: number): string {
    const mark = this.variables.length;
    const list = Array.from({ length: 1 + this.random.below(4) }, () => this.statement(depth));
    this.variables.length = mark;
    return list.join("\n");
  }

  private block(depth: number): string { return `{ ${this.statements(depth - 1)} }`; }

  private statement(depth: number): string {
    if (depth <= 0) return `${this.expression(2)};`;
    switch (this.random.below(17)) {
      case 0: case 1: return `${this.variable()} = ${this.expression(2)};`;
      case 2: case 3: return `if (${this.expression(2)}) ${this.block(depth)}${this.random.below(2) ? ` else ${this.block(depth)}` : ""}`;
      case 4: return this.loop(depth, (body) => `for (let i${this.names} = 0; i${this.names} < ${1 + this.random.below(4)}; i${this.names}++) ${body}`, `i${this.names}`);
      case 5: return this.loop(depth, (body) => `while (fuel-- > 0 && ${this.expression(2)}) ${body}`);
      case 6: return this.loop(depth, (body) => `do ${body} while (fuel-- > 0 && ${this.expression(1)});`);
      case 7: return this.loop(depth, (body) => `for (const v${this.names} of list) ${body}`);
      case 8: return this.switch(depth);
      case 9: case 10: return this.jump();
      case 11: { const name = `t${this.names++}`; const text = `let ${name} = ${this.expression(2)};`; this.variables.push(name); return text; }
      case 12: return `try ${this.block(depth)} catch (e) ${this.block(depth)}${this.random.below(3) ? "" : ` finally ${this.block(depth)}`}`;
      case 13: return `fs.push(() => ${this.expression(1)});`;
      case 14: { const label = `l${this.names++}`; this.labels.push(label); const text = `${label}: ${this.block(depth)}`; this.labels.pop(); return text; }
      case 15: return `[${this.variable()}, ${this.variable()} = ${this.expression(1)}] = [${this.expression(1)}, ${this.expression(1)}];`;
      default: return `${this.expression(3)};`;
    }
  }

  private loop(depth: number, write: (body: string) => string, variable?: string): string {
    const label = this.random.below(3) ? null : `l${this.names}`;
    this.loops.push(label);
    if (label) this.labels.push(label);
    if (variable) this.variables.push(variable);
    const head = write("\0");
    this.names++;
    const body = `{ if (fuel-- < 0) throw "fuel"; ${this.statements(depth - 1)} }`;
    if (variable) this.variables.splice(this.variables.indexOf(variable), 1);
    if (label) this.labels.pop();
    this.loops.pop();
    return `${label ? `${label}: ` : ""}${head.replace("\0", body)}`;
  }

  private switch(depth: number): string {
    const cases = Array.from({ length: 1 + this.random.below(4) }, (_, i) =>
      `${this.random.below(5) ? `case ${this.random.below(3) ? i : this.expression(1)}` : `case ${i + 9}`}: ${this.random.below(4) ? this.block(depth) : ""} ${this.random.below(2) ? "break;" : ""}`);
    if (this.random.below(2)) cases.splice(this.random.below(cases.length + 1), 0, `default: ${this.block(depth)} ${this.random.below(2) ? "break;" : ""}`);
    return `switch (${this.expression(1)}) { ${cases.join("\n")} }`;
  }

  private jump(): string {
    const kinds = [`return ${this.expression(1)};`, `throw ${this.expression(1)};`];
    if (this.loops.length > 0) kinds.push("break;", "continue;", "break;", "continue;");
    for (const label of this.labels) kinds.push(`break ${label};`);
    for (const label of this.loops) if (label) kinds.push(`continue ${label};`);
    return `if (${this.expression(1)}) ${this.random.pick(kinds)}`;
  }
}

/** WASMORPH_RANDOM=seed,count runs others. */
const [first, count] = (process.env.WASMORPH_RANDOM ?? "1,150").split(",").map(Number) as [number, number];
const tries = (): unknown[][] => [[2, 5, { x: 1, y: 2 }, [4, 7, 9]], [-3, 0.5, { x: 0, y: NaN }, []]];
it(`${count} random functions from seed ${first}`, () => {
  for (let seed = first; seed < first + count; seed++) sameFunction(new Writer(seed).function(), {}, tries);
});
