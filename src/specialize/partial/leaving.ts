// Closures of the kernel that leave it: what is handed out is their text with what the variables in it hold.
//
//   const slope = …;                                   {make: "function", text: "(x) => slope * x", variables: [["slope", slot 0]]}
//   return { slope, predict: (x) => slope * x };   →   which the runtime makes a function of, once for each call
//
// Requires: nobody else has the variables that the closure assigns. That is so where no other closure that leaves in this outcome has them: those
// that stay are gone with the call. What is assigned to variables of the kernel's surroundings, and what the text alone does not say (super,
// private names, statements that an annotation drops), is the original's.

import { instructions } from "../../ir/build.ts";
import type { Shape } from "../../ir/interface.ts";
import { NodeRef } from "../../ir/snapshot.ts";
import { nameOfKey, type JsFunction, type Unit, type Value } from "../../ir/types.ts";
import type { Evaluator } from "./evaluator.ts";
import type { HeapObject } from "./heap.ts";
import { homeKey } from "./classes.ts";
import { snapValue } from "./inputs.ts";
import { globals } from "./instructions.ts";
import { isHidden, type Abs } from "./values.ts";

type Closure = HeapObject & { readonly t: "closure" };

/** What a text uses of what is around it. */
interface Uses {
  readonly free: ReadonlySet<string>;
  /** the cells, by number, that it assigns */
  readonly assigned: ReadonlySet<number>;
  /** an arrow function uses `this` of the function around it */
  readonly self: boolean;
  /** what no text alone says */
  readonly bound: string | null;
}

/** The closures of one outcome. */
export class LeavingClosures {
  /** the variables of those that have left, and whether one of these assigns them */
  private readonly cells = new Map<number, boolean>();
  private readonly ev: Evaluator;
  constructor(ev: Evaluator) { this.ev = ev; }

  /** The closure, `id` in the outcome; `shape` says how a value is made. */
  shape(closure: Closure, id: number, shape: (abs: Abs) => Shape): Shape {
    const { ev } = this, { func, cells } = closure, { text, method, uses } = asText(ev, closure);
    cells.forEach((cell, i) => this.share(cell.id, uses.assigned.has(i), func.captured[i]!));
    const held = [...cells.map((cell, i) => [func.captured[i]!, heldBy(ev, cell.id, func.captured[i]!)] as const), ...[...uses.free].map((name) => [name, freeOf(ev, closure, name)] as const)];
    const variables = held.map(([name, value]) => [name, shape(value)] as const), self = uses.self ? shape(closure.self!) : null;
    const fields = [...closure.fields].filter(([key]) => !isHidden(key)).map(([key, value]) => [key, shape(value)] as const);
    return { make: "function", id, text, name: func.name, method, strict: func.strict, variables, self, fields };
  }

  /** A variable that is assigned when the call is over is one closure's alone. */
  private share(cell: number, assigned: boolean, name: string): void {
    const before = this.cells.get(cell);
    if (before === undefined) { this.cells.set(cell, assigned); return; }
    if (before || assigned) throw this.ev.refuse("Todo", `closures leave the function that share the variable ${name}, which one of them assigns`, "return one closure, or an object with the variable as a field");
  }
}

/** The closure's text, to stand in an expression or, a method's, in an object literal; a refusal where no text says what it does. */
export function asText(ev: Evaluator, closure: Closure): { readonly text: string; readonly method: boolean; readonly uses: Uses } {
  const { func: { place: { start, end }, kind, name, captured, strict }, source: { unit, hidden, compiled }, fields, self } = closure;
  const uses = usesOf(unit, closure.func), text = unit.source.slice(start, end), before = unit.source.slice(0, start).trimEnd();
  const isFunction = kind === "arrow" || ((kind === "function" || kind === "generator") && text.startsWith("function"));
  const isMethod = kind === "method" && isVariable(name) && new RegExp(`[{,\\s]${name.replaceAll("$", "\\$")}$`).test(before);
  const why = hidden ? "of a built-in method"
    : compiled ? "that is made of a text"
    : uses.bound !== null ? `that uses ${uses.bound},`
    : !isFunction && !isMethod ? "that is a class, an accessor or a method with a computed name"
    : name === nameOfKey ? "under a computed key"
    : unit.arms?.some((arm) => arm.of === null && arm.place.start >= start && arm.place.end <= end) ? "with a statement that an annotation drops"
    : [...fields.keys()].some((key) => (isHidden(key) ? key !== homeKey : builtinFields.has(key))) ? "with accessors, or with fields that functions have by themselves,"
    : !captured.every(isVariable) || (uses.self && (self === null || (!strict && self.k !== "obj" && self.k !== "mem"))) ? "that uses `this` or `arguments` of another function"
    : null;
  if (why !== null) throw ev.refuse("Todo", `a closure ${why} leaves the function`, "return an arrow function that uses local constants");
  for (const free of uses.free) freeOf(ev, closure, free);
  return { text: isMethod ? `${name}${text}` : text, method: isMethod, uses };
}
const builtinFields: ReadonlySet<string> = new Set(["name", "length", "prototype"]);

function heldBy(ev: Evaluator, cell: number, name: string): Abs {
  const object = ev.object(cell);
  if (object.t === "boxed") throw ev.refuse("Todo", `a closure leaves the function whose variable ${name} recursive calls change`, "copy it into a constant first");
  if (object.t !== "cell" || object.value === null) throw ev.refuse("Todo", `a closure leaves the function before ${name} is declared`, "declare it first");
  return object.value;
}
function freeOf(ev: Evaluator, { source }: Closure, name: string): Abs {
  const captured = ev.snapshot.captured(source.closure, name);
  if (captured.kind === "constant") return snapValue(ev, captured.value);
  if (captured.kind === "missing" && source.unit.functions[0]!.name === name) return snapValue(ev, new NodeRef(source.closure.node));
  throw ev.refuse("Todo", `a closure leaves the function that uses the captured variable ${name}, which ${captured.kind === "variable" ? "something reassigns" : "is not known"}`, "read it into a constant of the function first");
}

const isVariable = (name: string): boolean => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) && name !== "this" && name !== "arguments";

/** operations that mean something else in a text that stands elsewhere */
const boundOps: Readonly<Record<string, string>> = {
  "js.super": "super", "js.super.get": "super", "js.super.set": "super", "js.private.get": "private names", "js.private.set": "private names",
  "js.private.add": "private names", "js.private.has": "private names",
};

const known = new WeakMap<JsFunction, Uses>();
function usesOf(unit: Unit, func: JsFunction): Uses {
  let uses = known.get(func);
  if (uses === undefined) known.set(func, (uses = findUses(unit, func)));
  return uses;
}
function findUses(unit: Unit, func: JsFunction): Uses {
  const free = new Set<string>(), assigned = new Set<number>(), numbers = new Map<Value, number>();
  let self = false, bound: string | null = null;
  for (const instr of instructions(func.body)) {
    switch (instr.op) {
      case "js.captured": numbers.set(instr.results[0]!, instr.index); break;
      case "js.cell.set": { const number = numbers.get(instr.args[0]!); if (number !== undefined) assigned.add(number); break; }
      case "js.free": case "js.free.typeof": if (!Object.hasOwn(globals, instr.name)) free.add(instr.name); break;
      case "js.free.set": bound = `the captured variable ${instr.name}, which it assigns`; break;
      case "js.this": self ||= func.kind === "arrow"; break;
      case "js.func": {
        const inner = usesOf(unit, unit.functions[instr.func]!);
        for (const name of inner.free) free.add(name);
        instr.args.forEach((cell, i) => { const number = numbers.get(cell); if (number !== undefined && inner.assigned.has(i)) assigned.add(number); });
        self ||= func.kind === "arrow" && inner.self;
        bound ??= inner.bound;
        break;
      }
      default: bound ??= boundOps[instr.op] ?? null;
    }
  }
  return { free, assigned, self, bound };
}
