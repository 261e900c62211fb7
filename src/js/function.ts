// One function of a program as JavaScript statements.
//
//   loop i(0) { if i < n { …; br loop(i + 1) } else { yield }; yield }      →  for (let i = 0; i < n; i++) { … }
//   if ok { v = load x, i; yield v } else { yield NaN }                      →  ok ? x[i] : NaN
//   a pure value used once in the region that defines it                     →  nested where it is used; else a const
//
// How values are placed. Every value has an expression under which later text names it. A value that is used once, in its own region,
// keeps its expression pending until the use takes it; all others become a `const`. Pending expressions that read memory are made
// consts before the next write (`flush`), so no read moves over a write. Loop variables change only at a `br` to their loop, which
// ends the region: no pending expression outlives the change; among the assignments of one `br`, readers go before writers.
//
// Requires: machine form without v128, checked. Guarantees: declarations are unique in the function, so blocks may be flattened.

import { instructions } from "../ir/build.ts";
import type { Input } from "../ir/interface.ts";
import { mostCalls, type Block, type Br, type If, type Label, type Loop, type Place, type Region, type Return, type Value } from "../ir/types.ts";
import { asTest, conditional, type Expr, negate, unary, variable } from "./expression.ts";
import { inOrder, type Move } from "./moves.ts";
import { refusal } from "./refuse.ts";
import { branchesTo, testedLoop, type TestedLoop } from "./shapes.ts";
import { leaves, type Statement } from "./statements.ts";
import { type Straight, ValuePrinter } from "./values.ts";

/** What falling off the end of the statements being written amounts to: a `br` to one of these labels. */
interface Tail { readonly label: Label; readonly outer: Tail | null }

/** A label's place in the text. */
interface Target {
  readonly name: string;
  /** a `br` to it is a `continue` */
  readonly loop: boolean;
  /** variables that a `br` assigns, null where nobody reads them */
  readonly variables: readonly (string | null)[];
  /** an assignment that the loop's header makes instead */
  header: { readonly index: number; update: Expr | null } | null;
  /** some `break` or `continue` names it */
  named: boolean;
}

export class FunctionPrinter extends ValuePrinter {
  private readonly targets = new Map<Label, Target>();
  /** the loop that an unlabelled `continue` or `break` would mean */
  private innermost: Label | null = null;

  print(): { params: string[]; body: Statement[] } {
    const params = this.func.params.map((value, k) => {
      const name = this.names.unique(this.wish(value, k));
      this.exprs[value.id] = variable(name, value.type === "i32" ? "i32" : "other");
      return name;
    });
    const body: Statement[] = [];
    this.region(this.func.body, body, null, false);
    const last = body.at(-1);
    if (last?.kind === "simple" && last.text === "return;") body.pop();
    return { params, body };
  }

  /** A parameter's name: the source's, else the path of the input, else a letter and a number. */
  private wish(value: Value, index: number): string {
    if (value.name) return value.name;
    if (!this.inputs) return `p${index}`;
    const input = this.inputs.get(value);
    if (input) return pathName(input);
    const array = this.inputs.get(this.func.params[index - 1]!);
    return array ? `${pathName(array)}_length` : `p${index}`;
  }

  // ───────────────────────────────── regions and instructions ─────────────────────────────────

  /**
   * Writes a region to `out`. The values of its `yield`, or null if it ends otherwise. Falling off the end is a `br` to any label of
   * `tail`; `yields` says that it is also what a yield without values does.
   */
  private region(region: Region, out: Statement[], tail: Tail | null, yields: boolean): Expr[] | null {
    const { body } = region;
    for (let k = 0; k < body.length; k++) {
      const instr = body[k]!;
      this.at(instr);
      switch (instr.op) {
        case "yield": return instr.args.map((a) => this.take(a));
        case "br": this.branch(instr, out, tail); return null;
        case "return": this.return(instr, out); return null;
        case "trap": this.trap(instr.exit, out); return null;
        case "if": case "block": case "loop": {
          const next = body[k + 1];
          const last = next?.op === "trap" && next.exit < 0 || yields && next?.op === "yield" && next.args.length === 0;
          if (!this.structure(instr, out, last ? tail : null, last)) return null;
          break;
        }
        default: this.simple(instr, out);
      }
    }
    throw refusal("Invariant", `a region of ${this.func.name} has no terminator`, undefined);
  }

  /** False if control never comes out. */
  private structure(instr: If | Block | Loop, out: Statement[], tail: Tail | null, yields: boolean): boolean {
    switch (instr.op) {
      case "if": return this.if(instr, out, tail, yields);
      case "block": return this.block(instr, out, tail);
      case "loop": return this.loop(instr, out);
    }
  }
  // ───────────────────────────────── leaving ─────────────────────────────────

  private return(instr: Return, out: Statement[]): void {
    const values = instr.args.map((a) => this.take(a).text);
    if (this.inputs && this.around.returnExits > 1) {
      this.around.views.add("$status");
      this.say(`$status[0] = ${instr.exit + 1};`, out);
    }
    this.say(values.length === 0 ? "return;" : values.length === 1 ? `return ${values[0]};` : `return [${values.join(", ")}];`, out, true);
  }

  private trap(exit: number, out: Statement[]): void {
    this.around.views.add("$trap");
    if (exit >= 0) {
      this.around.views.add("$status");
      this.say(`$status[0] = ${exit + 1};`, out);
    }
    this.say("throw $trap;", out, true);
  }

  private branch(instr: Br, out: Statement[], tail: Tail | null): void {
    const target = this.targets.get(instr.label)!;
    const moves: Move[] = [];
    instr.args.forEach((arg, k) => {
      const expr = this.take(arg);
      const to = target.variables[k];
      if (target.header?.index === k) target.header.update = expr;
      else if (to !== null && to !== undefined && to !== expr.text) moves.push({ to, expr });
    });
    this.assignAll(moves, out);
    for (let t = tail; t; t = t.outer) if (t.label === instr.label) return;
    const plain = target.loop && this.innermost === instr.label;
    if (!plain) target.named = true;
    this.say(`${target.loop ? "continue" : "break"}${plain ? "" : ` ${target.name}`};`, out, true);
  }

  /** Assignments that all happen at once. */
  private assignAll(moves: readonly Move[], out: Statement[]): void {
    for (const { to, expr, fresh } of inOrder(moves, (wish) => this.names.unique(wish))) {
      if (fresh) this.say(`const ${to} = ${expr.text};`, out);
      else this.assign(to, expr, out);
    }
  }

  // ───────────────────────────────── if ─────────────────────────────────

  private if(instr: If, out: Statement[], tail: Tail | null, yields: boolean): boolean {
    if (this.unguarded.has(instr)) return this.withoutCheck(instr, out);
    const cond = this.take(instr.args[0]!);
    const place = this.place;
    if (this.writing.has(instr)) this.flush(out);
    const then: Statement[] = [];
    const otherwise: Statement[] = [];
    const thenValues = this.region(instr.regions[0], then, tail, yields);
    const otherwiseValues = this.region(instr.regions[1], otherwise, tail, yields);
    this.place = place;
    const used = instr.results.filter((r) => this.uses[r.id]! > 0);

    // both arms come out: one expression, or variables
    if (thenValues && otherwiseValues) {
      if (used.length === 1 && then.length === 0 && otherwise.length === 0) {
        const k = instr.results.indexOf(used[0]!);
        this.define(used[0]!, conditional(cond, thenValues[k]!, otherwiseValues[k]!), out);
        return true;
      }
      for (const result of used) {
        const k = instr.results.indexOf(result);
        const name = this.variable(result, out);
        this.say(`${name} = ${thenValues[k]!.text};`, then);
        this.say(`${name} = ${otherwiseValues[k]!.text};`, otherwise);
      }
      this.choose(cond, then, otherwise, place, out);
      return true;
    }
    // at most one does: its values are known after the `if`, if its statements are not nested in it
    const values = thenValues ?? otherwiseValues;
    const [leaving, staying, test] = thenValues ? [otherwise, then, negate(cond)] as const : [then, otherwise, cond] as const;
    if (leaves(leaving) || staying.length === 0) {
      this.choose(test, leaving, [], place, out);
      for (const s of staying) out.push(s);
      if (values) for (const result of used) this.define(result, values[instr.results.indexOf(result)]!, out);
      return values !== null;
    }
    if (values) {
      for (const result of used) this.say(`${this.variable(result, out)} = ${values[instr.results.indexOf(result)]!.text};`, staying);
    }
    this.choose(cond, then, otherwise, place, out);
    return values !== null;
  }

  /** The first arm alone: where its check would fail, the engine gives undefined, which is NaN, or stores nothing. */
  private withoutCheck(instr: If, out: Statement[]): boolean {
    const values = this.region(instr.regions[0], out, null, false)!;
    instr.results.forEach((result, k) => { this.define(result, unary("+", values[k]!), out); });
    return true;
  }

  private choose(cond: Expr, then: readonly Statement[], otherwise: readonly Statement[], place: Place | undefined, out: Statement[]): void {
    if (then.length === 0 && otherwise.length === 0) return;
    if (then.length === 0) out.push({ kind: "if", test: negate(cond).text, yes: otherwise, no: [], place });
    else out.push({ kind: "if", test: asTest(cond).text, yes: then, no: otherwise, place });
  }

  // ───────────────────────────────── block ─────────────────────────────────

  private block(instr: Block, out: Statement[], tail: Tail | null): boolean {
    if (this.writing.has(instr)) this.flush(out);
    const branches = this.branches.get(instr.label) ?? 0;
    if (branches === 0) { // no label needed
      const values = this.region(instr.regions[0], out, tail, false);
      if (values) instr.results.forEach((r, k) => { this.define(r, values[k]!, out); });
      return values !== null;
    }
    const place = this.place;
    const variables = instr.results.map((r) => (this.uses[r.id] === 0 ? null : this.variable(r, out)));
    const target: Target = { name: this.names.unique(instr.label.name), loop: false, variables, header: null, named: false };
    this.targets.set(instr.label, target);
    const body: Statement[] = [];
    const values = this.region(instr.regions[0], body, { label: instr.label, outer: tail }, true);
    values?.forEach((value, k) => { if (variables[k] !== null) this.say(`${variables[k]} = ${value.text};`, body); });
    if (target.named) out.push({ kind: "braced", head: `${target.name}:`, body, place });
    else for (const s of body) out.push(s);
    return true;
  }

  // ───────────────────────────────── loop ─────────────────────────────────

  private loop(instr: Loop, out: Statement[]): boolean {
    const { label, regions: [body] } = instr;
    const place = this.place;
    const inits = instr.args.map((a) => this.take(a));
    if (this.writing.has(instr)) this.flush(out);
    const variables = body.params.map((p) => (this.uses[p.id] === 0 ? null : this.names.unique(p.name ?? "v")));
    body.params.forEach((p, k) => { if (variables[k]) this.exprs[p.id] = variable(variables[k]!, p.type === "i32" ? "i32" : "other", true); });
    const target: Target = { name: this.names.unique(label.name), loop: true, variables, header: null, named: false };
    this.targets.set(label, target);
    const outerLoop = this.innermost;
    this.innermost = label;
    const written = this.loopBody(instr, target);
    this.innermost = outerLoop;

    // the variables stand before the loop, but for the one that a `for` declares
    const own = written.counter;
    body.params.forEach((_, k) => { if (variables[k] && k !== own) out.push({ kind: "simple", text: `let ${variables[k]} = ${inits[k]!.text};`, place, leaves: false }); });
    for (const s of written.before) out.push(s);
    let { body: statements } = written;
    if (instr.notes?.calls) { // nested too deep, calls end in the engine's own error
      const left = this.names.unique("left");
      this.around.helpers.add("$deeper");
      out.push({ kind: "simple", text: `let ${left} = ${mostCalls};`, place, leaves: false });
      statements = [{ kind: "simple", text: `if (${left}-- === 0) $deeper();`, place, leaves: false }, ...statements];
    }
    const prefix = target.named ? `${target.name}: ` : "";
    const head = own !== null
      ? `for (let ${variables[own]} = ${inits[own]!.text}; ${written.test}; ${written.update})`
      : written.test ? `while (${written.test})` : "for (;;)";
    out.push({ kind: "braced", head: prefix + head, body: statements, place });
    for (const s of written.after) out.push(s);
    written.results?.forEach((value, k) => { this.define(instr.results[k]!, value, out); });
    return written.results !== null;
  }

  private loopBody(instr: Loop, target: Target): WrittenLoop {
    const { label, regions: [body] } = instr;
    const tail: Tail = { label, outer: null };
    const shape = instr.notes?.calls ? null : testedLoop(body); // calls are counted before anything is tested
    const before: Statement[] = [];
    if (!shape) {
      const statements: Statement[] = [];
      const values = this.region(body, statements, tail, false);
      const results = values && this.leaveLoop(instr, values, before, statements);
      return { before, body: statements, after: [], test: null, counter: null, update: null, results };
    }

    // 1. what comes before the test, and the test
    const prelude: Statement[] = [];
    for (let k = 0; k < body.body.length - 2; k++) {
      const inner = body.body[k]!;
      this.at(inner);
      if (inner.op === "if" || inner.op === "block" || inner.op === "loop") this.structure(inner, prelude, null, false);
      else this.simple(inner as Straight, prelude);
    }
    const cond = this.take(shape.test.args[0]!);
    const goOn = shape.stays === 0 ? cond : negate(cond);
    if (this.writing.has(shape.test)) this.flush(prelude);

    // 2. the arm that stays in the loop; a counter may move to the header
    const counter = prelude.length === 0 ? this.counterOf(instr, shape) : null;
    if (counter !== null) target.header = { index: counter, update: null };
    const statements: Statement[] = [];
    this.region(shape.test.regions[shape.stays], statements, tail, false);

    // 3. the arm that leaves, and the values that the loop yields
    const exit: Statement[] = [];
    const values = this.region(shape.test.regions[1 - shape.stays]!, exit, null, false)!;
    values.forEach((value, k) => { this.define(shape.test.results[k]!, value, exit); });
    const results = body.body.at(-1)!.args.map((a) => this.take(a));
    if (prelude.length === 0 && !branchesTo(shape.test.regions[1 - shape.stays]!, label)) {
      const after = exit;
      const name = counter !== null ? target.variables[counter]! : null;
      if (name === null || target.header!.update === null) return { before, body: statements, after, test: asTest(goOn).text, counter: null, update: null, results };
      const update = this.updateText(name, target.header!.update, shape.test.args[0]!);
      return { before, body: statements, after, test: asTest(goOn).text, counter, update, results };
    }
    const out = this.leaveLoop(instr, results, before, exit);
    this.choose(negate(goOn), exit, [], this.place, prelude);
    for (const s of statements) prelude.push(s);
    return { before, body: prelude, after: [], test: null, counter: null, update: null, results: out };
  }

  /** Appends the end of a loop to the statements that leave it: its results assigned to variables declared before it, `break`. */
  private leaveLoop(instr: Loop, values: readonly Expr[], before: Statement[], exit: Statement[]): Expr[] {
    const own = new Set(this.targets.get(instr.label)!.variables);
    const results = values.map((value, k) => {
      if (this.uses[instr.results[k]!.id] === 0 || own.has(value.text) || value.literal) return value;
      const name = this.variable(instr.results[k]!, before);
      this.say(`${name} = ${value.text};`, exit);
      return this.exprs[instr.results[k]!.id]!;
    });
    this.say("break;", exit, true);
    return results;
  }

  /** The carried value that a `for` can count: one back edge adds a constant to it, and nothing after the loop asks for it. */
  private counterOf(instr: Loop, { test, stays }: TestedLoop): number | null {
    const body = instr.regions[0];
    const edge = test.regions[stays]!.body.at(-1)!;
    if (edge.op !== "br" || edge.label !== instr.label || this.branches.get(instr.label) !== 1) return null;
    const leaving = new Set<Value>(body.body.at(-1)!.args);
    for (const inner of instructions(test.regions[1 - stays]!)) for (const arg of inner.args) leaving.add(arg);
    for (let k = 0; k < edge.args.length; k++) {
      const def = edge.args[k]!.def;
      const param = body.params[k]!;
      if (!def || def.op !== "i32.add" && def.op !== "f64.add" && def.op !== "i32.sub" && def.op !== "f64.sub") continue;
      if (def.args[0] !== param || def.args[1]!.def?.op !== "const" || this.uses[edge.args[k]!.id] !== 1 || this.local[edge.args[k]!.id] !== 1) continue;
      const name = this.exprs[param.id]!.text;
      if (![...leaving].some((v) => v === param || this.exprs[v.id]?.variables.includes(name))) return k;
    }
    return null;
  }

  /** `i++` where that is the update: always for doubles, for an int32 if the test keeps it from the end of its range. */
  private updateText(name: string, update: Expr, cond: Value): string {
    const sum = update.bits ?? update;
    const { operator, left, right } = sum;
    if (!left || !right || left.text !== name) return `${name} = ${update.text}`;
    const test = cond.def;
    const up = operator === "+" && right.text === "1";
    const down = operator === "-" && right.text === "1" || operator === "+" && right.text === "-1";
    const bounded = !update.int32 || (up ? test?.op === "i32.lt_s" : test?.op === "i32.gt_s") && this.exprs[test!.args[0]!.id]?.text === name;
    if (!bounded) return `${name} = ${update.text}`;
    return up ? `${name}++` : down ? `${name}--` : update.int32 ? `${name} = ${update.text}` : `${name} ${operator}= ${right.text}`;
  }
}

interface WrittenLoop {
  readonly before: readonly Statement[];
  readonly body: readonly Statement[];
  readonly after: readonly Statement[];
  /** null: an endless loop that leaves from within */
  readonly test: string | null;
  /** the variable that a `for` declares and updates */
  readonly counter: number | null;
  readonly update: string | null;
  /** null: never left by its end */
  readonly results: readonly Expr[] | null;
}

function pathName(input: Input): string {
  const { root, keys } = input.path;
  const start = typeof root === "object" ? `captured${root.node}` : typeof root === "number" ? `a${root}` : "this_";
  return keys.length > 0 ? keys.join("_") : start;
}
