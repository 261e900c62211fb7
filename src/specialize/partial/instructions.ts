// The js.* operations without control: each one's rule.

import { NodeRef } from "../../ir/snapshot.ts";
import { instructions } from "../../ir/build.ts";
import type { Instr, JsFunction, Primitive, Unit, Value } from "../../ir/types.ts";
import { becomeBeside } from "./besides.ts";
import { hasFieldOf, reference, removeField } from "./boxes.ts";
import { onlyIterable, onlyObject, withKeys } from "./choices.ts";
import { callFunction, construct, type Call } from "./calls.ts";
import { addMember, defineField, giveLiteral, homeAround, homeKey, inheritedKeys, keptKey, isInstance, literalAround, literalKey, makeClass, prototypeOf, prototypeOfFunction, superConstruct, superGet, superSet } from "./classes.ts";
import { privateAdd, privateGet, privateHas, privateSet } from "./privatenames.ts";
import { iteratorOf, listOf } from "./collections.ts";
import { step } from "./iterators.ts";
import { branch } from "./control.ts";
import { becomeEntered } from "./entered.ts";
import { pathKey, type Evaluator } from "./evaluator.ts";
import { areParameters, beParameters, type HeapObject, type Origin, type Source } from "./heap.ts";
import { expectMissing } from "./inheritance.ts";
import { prototypeOfKind } from "./items.ts";
import { takenByPattern, yieldAll, yieldValue } from "./generators.ts";
import { hasElements } from "./indexed.ts";
import { snapValue } from "./inputs.ts";
import { hasElement, hasItem, hasProperty, isIndex, isStaticKey, keysOf, keysToCopy, propertyName } from "./keys.ts";
import { expectOpen } from "./integrity.ts";
import { becomeKeyed, deleteKeyed, hasKeyed, keyedRecord, listKeys } from "./keyed.ts";
import { getProperty, split } from "./objects.ts";
import { argumentsFrom, argumentsOf, callWith, constructWith, isArgumentList } from "./longcalls.ts";
import { copyKeys, inTurn, listSome } from "./listing.ts";
import { isMark, presenceOf, withoutCallers, withoutField } from "./optional.ts";
import { binary, numberOfText, truth, typeOf, unary } from "./operators.ts";
import { asKey } from "./messages.ts";
import { becomeNamedObject } from "./named.ts";
import { isHandedOn, look } from "./passed.ts";
import { isIn } from "./presence.ts";
import { allocatePrototype, makesObjects } from "./prototypes.ts";
import { setPrototype } from "./reflection.ts";
import { strictness, thisOf } from "./strictness.ts";
import { templateOf } from "./texts.ts";
import { hidden, isHidden, prim, same, trueValue, undefinedValue, type Abs, type Num, type Obj } from "./values.ts";
import { givenBy, keysOfLong, spreadable, spreadAll, spreadsLong } from "./sequences.ts";
import { readVariable, writeVariable, readHeld, writeHeld } from "./variables.ts";
import { Restart, type Activation, type LoopWalk } from "./walk.ts";
import { setProperty } from "./writes.ts";

/** What is known of a value of the source. */
export const valueIn = (env: readonly Abs[], v: Value): Abs => (v.def?.op === "js.const" ? { k: "prim", value: v.def.value } : env[v.id]!);
export const valuesIn = (env: readonly Abs[], list: readonly Value[]): Abs[] => list.map((v) => valueIn(env, v));

/** The most frequent ones; all others are below: what those share is made anew for each instruction. */
export function evaluateInstruction(ev: Evaluator, instr: Instr, activation: Activation): void {
  const { env } = activation, { args, results } = instr;
  for (let i = 0; i < args.length; i++) if (!isHandedOn(instr, i)) look(ev, valueIn(env, args[i]!));
  switch (instr.op) {
    case "js.neg": case "js.plus": case "js.not": case "js.bitnot": case "js.typeof": case "js.tostring": case "js.inc": case "js.dec": case "js.tonumeric": case "js.nullish":
      env[results[0]!.id] = unary(ev, instr.op, valueIn(env, args[0]!));
      return;
    case "js.add": case "js.sub": case "js.mul": case "js.div": case "js.rem": case "js.pow": case "js.and": case "js.or": case "js.xor": case "js.shl": case "js.shr": case "js.ushr":
    case "js.lt": case "js.le": case "js.gt": case "js.ge": case "js.eq": case "js.ne": case "js.seq": case "js.sne":
      env[results[0]!.id] = binary(ev, instr.op, valueIn(env, args[0]!), valueIn(env, args[1]!));
      return;
    case "js.get": {
      const base = lookInto(ev, activation, valueIn(env, args[0]!)), key = asKey(ev, valueIn(env, args[1]!));
      if (key.k === "prim" && key.value === "callee" && args[0]!.def?.op === "js.arguments" && activation.callee) { env[results[0]!.id] = calleeOf(ev, activation, activation.callee); return; }
      if ((key.k === "prim" && typeof key.value === "number" && isKnownList(ev, base)) || (key.k === "num" && base.k === "obj" && ev.object(base.id).t === "snap")) traceKey(ev, activation, instr, base, key.k === "num");
      env[results[0]!.id] = getProperty(ev, base, key);
      return;
    }
    case "js.set": setProperty(ev, lookInto(ev, activation, valueIn(env, args[0]!)), asKey(ev, valueIn(env, args[1]!)), valueIn(env, args[2]!)); return;
    default: evaluateOther(ev, instr, activation);
  }
}

function evaluateOther(ev: Evaluator, instr: Instr, activation: Activation): void {
  const { env } = activation;
  const value = (v: Value): Abs => valueIn(env, v);
  const arg = (i: number): Abs => valueIn(env, instr.args[i]!);
  const set = (first: Abs, ...more: Abs[]): void => {
    const { results } = instr;
    if (results.length > 0) env[results[0]!.id] = first;
    for (let i = 1; i < results.length; i++) env[results[i]!.id] = more[i - 1]!;
  };
  switch (instr.op) {
    case "js.in": return set(isIn(ev, arg(1), asKey(ev, arg(0)), countsFor(activation, instr.args[0]!)));
    case "js.instanceof": return set(isInstance(ev, arg(0), arg(1)));
    case "js.delete": return set(deleteProperty(ev, arg(0), asKey(ev, arg(1))));
    case "js.call": return set(callFunction(ev, arg(0), arg(1), instr.args.slice(2).map(value), call(instr, activation)));
    case "js.new": return set(construct(ev, arg(0), instr.args.slice(1).map(value), call(instr, activation)));
    case "js.apply": {
      const where = call(instr, activation);
      return set(callWith(ev, arg(0), arg(1), argumentsOf(ev, instr.args[2]!, value, where), where));
    }
    case "js.construct": {
      const where = call(instr, activation);
      return set(constructWith(ev, arg(0), argumentsOf(ev, instr.args[1]!, value, where), where));
    }
    case "js.this": return set(thisOf(ev, activation));
    case "js.super": {
      const where = call(instr, activation);
      return set(superConstruct(ev, activation, argumentsOf(ev, instr.args[0]!, value, where), where));
    }
    case "js.super.get": return set(superGet(ev, activation, arg(0), arg(1)));
    case "js.super.set": return superSet(ev, activation, arg(0), arg(1), arg(2));
    case "js.prototype": {
      const prototype = arg(1);
      if (prototype.k === "obj" || (prototype.k === "prim" && prototype.value === null)) setPrototype(ev, arg(0), prototype);
      else if (prototype.k !== "prim") throw ev.refuse("Unsupported", "a prototype is not static", "name the object");
      return;
    }
    case "js.template": return set(templateOf(ev, instr.args.map(value)));
    case "js.class": return set(makeClass(ev, arg(0), arg(1)));
    case "js.member": return addMember(ev, arg(0), arg(1), arg(2), arg(3));
    case "js.define":
      if (asksForHome(instr.args[2]!, activation)) giveLiteral(ev, arg(0) as Obj, [arg(2)]);
      return defineField(ev, arg(0), arg(1), arg(2));
    case "js.private.get": return set(privateGet(ev, activation, arg(0), arg(1)));
    case "js.private.set": return privateSet(ev, activation, arg(0), arg(1), arg(2));
    case "js.private.add": return privateAdd(ev, activation, arg(0), arg(1), arg(2));
    case "js.private.has": return set(privateHas(ev, activation, arg(0), arg(1)));
    case "js.newtarget": return set(activation.newTarget);
    case "js.callee": return set(activation.callee ?? undefinedValue);
    case "js.arguments":
      if (!activation.func.strict && !activation.func.patterned && activation.func.params.length > 0) beParameters(instr);
      return set(argumentsFrom(ev, activation, 0, call(instr, activation)));
    case "js.rest": return set(argumentsFrom(ev, activation, instr.index, call(instr, activation)));
    case "js.captured": return set(activation.cells[instr.index]!);
    case "js.cell": return set(ev.allocate({ t: "cell", value: arg(0), name: "" }));
    case "js.cell.empty": return set(ev.allocate({ t: "cell", value: null, name: "" }));
    case "js.cell.get": return set(readHeld(ev, arg(0)));
    case "js.cell.set": writeHeld(ev, arg(0), arg(1)); return;
    case "js.func": {
      const func = activation.source.unit.functions[instr.func]!;
      return set(closure(ev, activation, func, instr.args.map((a) => value(a) as Obj)));
    }
    case "js.free": return set(free(ev, activation, instr.name));
    case "js.free.typeof": {
      const captured = ev.snapshot.captured(activation.source.closure, instr.name);
      return set(captured.kind === "missing" ? prim("undefined") : typeOf(ev, free(ev, activation, instr.name)));
    }
    case "js.free.set": {
      const { closure: fn } = activation.source;
      return writeVariable(ev, fn, instr.name, ev.snapshot.captured(fn, instr.name), arg(0));
    }
    case "js.object": {
      const fields = new Map<string, Abs>();
      let made: Obj | null = null; // from a spread on of which the run tells what it has
      const allocate = (): Obj => allocatePrototype(ev, { t: "object", origin: { from: "local" }, prototype: null, fields });
      const put = (key: string, value: Abs): void => {
        if (made && key === "__proto__") throw ev.refuse("Todo", "an object with a field __proto__ is made behind a spread", "name the field otherwise");
        if (made) setProperty(ev, made, prim(key), value); else fields.set(key, value);
      };
      instr.keys.forEach((key, i) => {
        if (key !== null) { put(key, arg(i)); return; }
        const source = withKeys(ev, arg(i));
        if (source.k === "prim" && (source.value === null || source.value === undefined)) return;
        const object = source.k === "obj" ? ev.object(source.id) : null;
        if (!made && fields.size === 0 && object?.t === "object" && object.origin.from === "local" && ![...object.fields.keys()].some((k) => isHidden(k) && !(isMark(k) && i === instr.keys.length - 1))) { for (const [k, v] of object.fields) fields.set(k, v); return; }
        if (source.k === "sum" || keyedRecord(ev, source) || inTurn(ev, source)) copyKeys(ev, (made ??= allocate()), source, call(instr, activation));
        else for (const k of keysToCopy(ev, source)) put(k, getProperty(ev, source, prim(k)));
      });
      const literal = made ?? allocate();
      giveLiteral(ev, literal, instr.args.flatMap((a, i) => (asksForHome(a, activation) ? [arg(i)] : [])), instr.args[0]?.def?.op === "js.object" ? arg(0) : undefined);
      return set(literal);
    }
    case "js.array": {
      if (isArgumentList(instr, activation.func)) return set(undefinedValue); // its call takes the pieces
      if (isRest(instr) && !isOfEngine(ev, arg(0))) return set(givenBy(ev, arg(0), call(instr, activation)));
      let at = 0;
      // a hole is no argument
      if (!instr.shape.includes("hole") && instr.shape.some((shape, i) => shape === "spread" && (spreadsLong(ev, onlyIterable(ev, arg(i))) || isIterable(ev, arg(i))))) {
        return set(spreadAll(ev, instr.shape.map((shape, i) => ({ list: arg(i), how: shape === "spread" ? "spread" : "item" })), call(instr, activation)));
      }
      const items: (Abs | undefined)[] = [];
      for (const shape of instr.shape) {
        if (shape === "hole") items.push(undefined);
        else if (shape === "item") items.push(arg(at++));
        else {
          items.push(...listOf(ev, spreadable(ev, arg(at++), call(instr, activation))));
        }
      }
      return set(ev.allocate({ t: "array", items }));
    }
    case "js.regexp": return set(ev.allocate({ t: "regexp", source: instr.source, flags: instr.flags, lastIndex: prim(0) }));
    case "js.yield": return set(yieldValue(ev, activation, arg(0)));
    case "js.yield.all": return set(yieldAll(ev, activation, arg(0), call(instr, activation)));
    case "js.iterator": {
      const iterator = iteratorOf(ev, lookInto(ev, activation, arg(0)));
      return set(instr.args.length > 1 ? takenByPattern(ev, iterator, arg(1), call(instr, activation)) : iterator);
    }
    case "js.next": {
      const { done, value } = step(ev, arg(0));
      return set(done, value);
    }
    case "js.visits": return set(visits(ev, arg(0), arg(1)));
    case "js.keys":
      return set(visited(ev, arg(0), call(instr, activation)));
    case "js.restof": {
      const source = withKeys(ev, arg(0)), taken = instr.args.slice(1).map(value), without = new Set(taken.flatMap((k) => (k.k === "prim" ? [String(k.value)] : [])));
      const copied = keysToCopy(ev, source).filter((k) => !without.has(k)), varying = taken.filter((k) => k.k !== "prim");
      if (varying.length > 0 && copied.some((k) => isGotten(ev, source, k))) throw ev.refuse("Todo", "what is left of an object with accessors is taken, but for a key of run time", "name the fields");
      const fields = new Map(copied.map((k) => [k, getProperty(ev, source, prim(k))] as const));
      const rest = ev.allocate({ t: "object", origin: { from: "local" }, prototype: null, fields });
      for (const key of varying) deleteProperty(ev, rest, key);
      return set(rest);
    }
    case "js.debugger": return;
    case "js.assume": return assume(ev, instr, activation, arg(0));
    default: throw ev.invariant(`the instruction ${instr.op} stands in a function of the source`);
  }
}

function isGotten(ev: Evaluator, a: Abs, key: string): boolean {
  const object = a.k === "obj" ? ev.object(a.id) : undefined;
  return (object?.t === "object" && object.fields.has(hidden(`get ${key}`))) || (object?.t === "snap" && ev.snapshot.property(object.node, key).kind === "getter");
}

/** A loop's own counter, which is asked of each index. */
const countsFor = (activation: Activation, key: Value): boolean => activation.loops.at(-1)?.instr.regions[0].params.includes(key) === true;

/** What a pattern's iterator has left. */
const isRest = ({ args }: Instr): boolean => args.length === 1 && args[0]!.def?.op === "js.iterator";
const isOfEngine = (ev: Evaluator, iterator: Abs): boolean => iterator.k !== "obj" || ["iterator", "generator"].includes(ev.object(iterator.id).t);
/** Something of the user's that is iterated: a generator, an object with an iterator. */
const isIterable = (ev: Evaluator, a: Abs): boolean => a.k === "obj" && ["generator", "object", "closure"].includes(ev.object(a.id).t);

/** `// @assume expr`: where it does not hold the original runs; what follows may rely on it. */
function assume(ev: Evaluator, instr: Instr, activation: Activation, condition: Abs): void {
  const test = truth(ev, condition);
  if (test === true) return;
  if (test === false) throw ev.refuse("Unsupported", "an assumption does not hold for these slow values", "correct the annotation or the value");
  if (ev.state.wrote) throw ev.refuse("Unsupported", "an assumption stands behind a write: by then the original can't run any more", "put it in front of the first write to an array");
  ev.cleanBefore++;
  branch(ev, test, activation, [() => ({ c: "yield", values: [] }), () => ev.bail("an assumption does not hold")]);
  // x === 4: x is 4 from here on
  const def = instr.args[0]!.def;
  if (def?.op !== "js.seq") return;
  for (const [value, other] of [[def.args[0]!, def.args[1]!], [def.args[1]!, def.args[0]!]] as const) {
    const known = other.def?.op === "js.const" ? prim(other.def.value) : activation.env[other.id];
    const assumed = activation.env[value.id];
    if (known?.k !== "prim" || known.value === 0 || !assumed || assumed.k === "prim") continue;
    activation.env.forEach((abs, id) => { if (abs && same(abs, assumed)) activation.env[id] = known; });
  }
}

/** A list in which nothing is dynamic: of the snapshot, a text, or made by the kernel of known values. */
function isKnownList(ev: Evaluator, base: Abs): boolean {
  if (base.k === "prim") return typeof base.value === "string";
  if (base.k !== "obj") return false;
  const object = ev.object(base.id);
  return object.t === "snap" || (object.t === "array" && object.items.length > 0 && object.items.every((x) => x === undefined || x?.k === "prim" || x?.k === "obj"));
}

/**
 * A known number indexes a static array: what it came from may be what chooses the next step of a loop around. Of an index that is dynamic
 * (`part`) that holds for what is known in it: a row of a flat table.
 */
function traceKey(ev: Evaluator, activation: Activation, instr: Instr, list: Abs, part: boolean): void {
  const walks: LoopWalk[] = [];
  for (let a: Activation | null = activation; a; a = a.caller) walks.push(...a.loops);
  const own = list.k === "obj" && ev.state.objects.has(list.id) && !ev.isStaticObject(list.id) ? list.id : -1;
  for (const w of walks) w.critical.lists.add(own);
  if (walks.every((w) => w.critical.traced.has(instr))) return;
  for (const w of walks) w.critical.traced.add(instr);
  const trace = (a: Activation, v: Value, depth: number): void => {
    if (depth > 12) return;
    const def = v.def;
    if (def === null) {
      for (const walk of a.loops) { const slot = walk.instr.regions[0].params.indexOf(v); if (slot >= 0) (part ? walk.critical.parts : walk.critical.slots).add(slot); }
      const param = a.func.params.indexOf(v);
      const passed = param >= 0 && a.caller && a.site?.op === "js.call" ? a.site.args[param + 2] : undefined;
      if (passed) trace(a.caller!, passed, depth + 1);
      return;
    }
    switch (def.op) {
      case "js.inc": case "js.dec": case "js.tonumeric": case "js.plus": case "js.add": case "js.sub": case "js.mul": case "js.or": case "js.and": case "js.shl": case "js.shr": case "js.ushr":
        for (const x of def.args) trace(a, x, depth + 1);
        return;
      case "if": case "block": {
        const at = def.results.indexOf(v);
        for (const region of def.regions) { const end = region.body.at(-1); if (end?.op === "yield" && end.args[at]) trace(a, end.args[at], depth + 1); }
        return;
      }
      case "js.cell.get": { if (part) return; const cell = a.env[def.args[0]!.id]; if (cell?.k === "obj") for (const w of walks) w.critical.cells.add(cell.id); return; }
      case "js.get": { if (part) return; const name = def.args[1]!.def; if (name?.op === "js.const" && typeof name.value === "string") for (const w of walks) w.critical.names.add(name.value); return; }
    }
  };
  trace(activation, instr.args[1]!, 0);
}

const call = (instr: Instr, activation: Activation): Call => ({ instr, activation });

/**
 * A value of which a property is asked. Where it is one object or nothing, it has to be the object, and is known to be from here on: the
 * original throws otherwise.
 */
function lookInto(ev: Evaluator, activation: Activation, abs: Abs): Abs {
  const known = onlyObject(ev, abs, true);
  if (known === abs) return abs;
  activation.env.forEach((other, id) => {
    if (other.k !== "sum" || !same(other, abs)) return;
    activation.narrowed.push({ id, abs: other });
    activation.env[id] = known;
  });
  return known;
}

function closure(ev: Evaluator, activation: Activation, func: JsFunction, cells: readonly Obj[]): Abs {
  const fields = new Map<string, Abs>(), home = homeAround(ev, activation), literal = func.kind === "arrow" ? literalAround(ev, activation) : undefined;
  if (home) fields.set(homeKey, home);
  if (literal) fields.set(literalKey, literal);
  const made = ev.allocate({ t: "closure", source: activation.source, func, cells, self: func.kind === "arrow" ? activation.self : null, fields });
  if (makesObjects(activation.source.unit, func)) prototypeOfFunction(ev, made.id, ev.object(made.id) as HeapObject & { t: "closure" });
  return made;
}

const withSuper = new WeakMap<JsFunction, boolean>();
/** Whether a function, or one in it, asks what stands behind its home. */
function usesSuper(func: JsFunction, unit: Unit): boolean {
  let known = withSuper.get(func);
  if (known === undefined) withSuper.set(func, (known = [...instructions(func.body)].some((instr) => instr.op === "js.super.get" || instr.op === "js.super.set" || (instr.op === "js.func" && usesSuper(unit.functions[instr.func]!, unit)))));
  return known;
}

/** Whether the value is a function that stands there, and is one of these. */
const asksForHome = ({ def }: Value, { source: { unit } }: Activation): boolean => def?.op === "js.func" && usesSuper(unit.functions[def.func]!, unit);

export const globals: Readonly<Record<string, Primitive>> = { undefined: undefined, NaN: NaN, Infinity: Infinity };

const reassigned = new WeakMap<Unit, Set<string>>();
/** Whether a text assigns to the free variable: its own name then is an outer variable, that holds what was put there last. */
function reassigns(unit: Unit, name: string): boolean {
  let names = reassigned.get(unit);
  if (!names) {
    names = new Set(unit.functions.flatMap((f) => [...instructions(f.body)].flatMap((instr) => (instr.op === "js.free.set" ? [instr.name] : []))));
    reassigned.set(unit, names);
  }
  return names.has(name);
}

/** A free variable of the source. */
function free(ev: Evaluator, activation: Activation, name: string): Abs {
  if (Object.hasOwn(globals, name)) return prim(globals[name]);
  if (activation.callee && isOwnName(activation.source, name) && !reassigns(activation.source.unit, name)) return snapValue(ev, activation.source.closure);
  const captured = ev.snapshot.captured(activation.source.closure, name);
  switch (captured.kind) {
    case "constant": {
      if (captured.value instanceof NodeRef) { ev.expectUnchanged(captured.value); ev.lifting?.call(captured.value, name); }
      return snapValue(ev, captured.value);
    }
    case "variable": return readVariable(ev, activation.source.closure, name, captured);
    case "missing": throw ev.refuse("Unsupported", `the captured value ${name} is not known: ${captured.why}`, `hand it over: env: { ${name} }`);
  }
}

/** Whether the name means the function itself in its text: a method's name is a property's. */
const isOwnName = ({ unit, code }: Source, name: string): boolean => unit.functions[0]!.name === name && (code.isClass || /^(?:async\s+)?function\b/.test(code.text));

/** `arguments.callee`: the function, in sloppy code whose parameters are plain ones; others throw at the question. */
function calleeOf(ev: Evaluator, { source, func }: Activation, callee: Abs): Abs {
  const code = strictness(ev, source, func);
  if (code === "unknown") throw ev.refuse("Todo", "`arguments.callee` is asked for, in code that may be strict or not", "name the function");
  if (code === "strict" || func.patterned) return ev.bail("`arguments.callee` is asked for in strict code, or beside parameters with defaults, patterns or a rest");
  return callee;
}

/** The list of keys that for-in visits. */
function visited(ev: Evaluator, value: Abs, call: Call): Abs {
  const a = withKeys(ev, value);
  const table = keyedRecord(ev, a);
  if (table) return listKeys(ev, table, call);
  if (a.k === "prim" && (a.value === null || a.value === undefined)) return ev.allocate({ t: "array", items: [] });
  ev.expect({ expect: "unlisted" });
  const inherited = new Set<string>();
  for (let at = prototypeOf(ev, a); at; at = prototypeOf(ev, at)) for (const key of inheritedKeys(ev, at)) inherited.add(key);
  const long = inherited.size === 0 ? keysOfLong(ev, a, call) ?? listSome(ev, a, "keys", call) : undefined;
  return long ?? ev.allocate({ t: "array", items: [...new Set([...keysOf(ev, a), ...inherited])].map((key) => prim(key)) });
}

/** Whether for-in comes to a key that the object, or one of its prototypes, had when the loop began. */
function visits(ev: Evaluator, a: Abs, key: Abs): Abs {
  if (a.k === "sum") return split(ev, a, (one) => visits(ev, one, key));
  if (key.k === "sum" && key.alts.every((alt) => alt.k === "prim")) return split(ev, key, (one) => visits(ev, a, one));
  const table = keyedRecord(ev, a);
  if (table) return hasKeyed(ev, table, key);
  const number = numberOfText(key);
  if (number && a.k !== "prim") return elementLeft(ev, a, number);
  const place = reference(a, ev.state);
  if (place.k === "mem" && place.of.box && isStaticKey(ev, key)) {
    const name = propertyName(ev, key), there = isIndex(name) ? true : hasFieldOf(ev, place, name);
    return typeof there !== "boolean" ? ev.fromBool(there) : trueValue; // nothing else is lost
  }
  if (a.k !== "obj") return trueValue;
  const object = ev.object(a.id);
  const own = object.t === "object" || object.t === "array" || object.t === "vector"; // nothing else loses any
  if (!own) return trueValue;
  if (!isStaticKey(ev, key)) { // which of the keys it is the loop tells when it runs
    if (ev.lessons.losesKeys) throw ev.refuse("Todo", "for-in comes to a key that may have been deleted", "collect the keys first");
    ev.keepsKeys = true;
    return trueValue;
  }
  const name = propertyName(ev, key), there = hasProperty(ev, a, name, false);
  if (there !== undefined) return prim(there || inheritedKeys(ev, prototypeOf(ev, a) ?? undefinedValue).includes(name));
  const present = object.t === "object" ? presenceOf(object, name) : hasItem(ev, a, prim(Number(name)));
  if (!present) throw ev.refuse("Todo", "for-in comes to a key that may have been deleted", "collect the keys first");
  return "k" in present ? present : ev.fromBool(present);
}

/** The same of an index: arrays may lose elements, tables keys. */
function elementLeft(ev: Evaluator, a: Abs, index: Num): Abs {
  const table = keyedRecord(ev, a);
  if (table) return hasKeyed(ev, table, index);
  const there = hasElement(ev, a, index) ?? hasItem(ev, a, index);
  if (!there) throw ev.refuse("Todo", "for-in comes to an element that may be gone", "count with a loop");
  return ev.fromBool(there);
}

/** A field of one of the caller's objects is taken away at a return; false where that can't be done. */
function deleteOfInput(ev: Evaluator, id: number, object: HeapObject & { t: "object" }, { path, kind }: Origin & { from: "input" }, name: string): boolean {
  const field = kind.fields.get(name), at = { root: path.root, keys: [...path.keys, name] }, prototype = prototypeOfKind(ev, kind);
  if (isIndex(name) || kind.indexed || ev.residents.has(pathKey(at)) || typeof path.root === "object") return false;
  if (field?.kind === "static" && field.slow) throw ev.demote(path, name);
  if ((field?.kind === "static" && field.getter) || (prototype && ev.snapshot.property(prototype, name).kind !== "absent")) return false;
  if (ev.keepsKeys) { ev.lessons.losesKeys = true; throw new Restart(); }
  if (prototype) expectMissing(ev, prototype, name);
  if (!field) { if (object.fields.has(name)) ev.update(id, withoutField(object, name)); else ev.expect({ expect: "absent", path: at }); return true; }
  ev.expect({ expect: "deletable", path: at });
  ev.update(id, withoutCallers(object, name));
  return true;
}
function deleteProperty(ev: Evaluator, a: Abs, key: Abs): Abs {
  if (a.k === "sum") return split(ev, a, (one) => deleteProperty(ev, one, key));
  if (key.k === "sum" && key.alts.every((alt) => alt.k === "prim")) return split(ev, key, (one) => deleteProperty(ev, a, one));
  const table = keyedRecord(ev, a);
  if (table) return deleteKeyed(ev, table, key);
  becomeNamedObject(ev, a, key);
  look(ev, key);
  const local = a.k === "obj" ? ev.object(a.id) : undefined;
  if (hasElements(ev, a)) throw ev.refuse("Todo", "a property of an object with index keys is deleted", "set it to undefined");
  if (local && !isStaticKey(ev, key)) expectOpen(ev, local, "change");
  if (local?.t === "object" && local.origin.from === "local" && local.prototype === null && !isStaticKey(ev, key)) becomeKeyed(ev, local, key);
  if (a.k === "obj" && isStaticKey(ev, key)) {
    const object = ev.object(a.id);
    if (object.t === "object" && object.origin.from === "local") {
      expectOpen(ev, object, "change");
      if (object.fields.has(keptKey(propertyName(ev, key)))) return ev.bail("a property that can't be deleted is deleted");
      if (ev.keepsKeys) { ev.lessons.losesKeys = true; throw new Restart(); }
      ev.update(a.id, withoutField(object, propertyName(ev, key)));
      return trueValue;
    }
    if (object.t === "object" && object.origin.from === "input" && deleteOfInput(ev, a.id, object, object.origin, propertyName(ev, key))) return trueValue;
    if (object.t === "array" && isIndex(propertyName(ev, key))) {
      if (areParameters(object)) throw ev.refuse("Todo", "an element of `arguments` is deleted", "use a rest parameter");
      // a built-in that loops over it was chosen for an array without holes
      for (let at = ev.activation; at; at = at.caller) if (at.source.hidden) return ev.bail("an element is deleted while a built-in method calls back");
      expectOpen(ev, object, "change");
      const index = Number(propertyName(ev, key));
      ev.update(a.id, { ...object, items: object.items.map((item, i) => (i === index ? undefined : item)) });
      return trueValue;
    }
  }
  const beside = a.k === "mem" && isStaticKey(ev, key) && !isIndex(propertyName(ev, key)) && propertyName(ev, key) !== "length" && becomeBeside(ev, a, propertyName(ev, key));
  if (beside) return deleteProperty(ev, beside, key);
  const place = reference(a, ev.state);
  if (isStaticKey(ev, key) && place.k === "mem" && place.of.box) {
    if (ev.keepsKeys) { ev.lessons.losesKeys = true; throw new Restart(); }
    if (removeField(ev, place, propertyName(ev, key))) return trueValue;
  }
  becomeEntered(ev, a, key);
  throw ev.refuse("Unsupported", "a property that is not a local object's is deleted", "set it to undefined");
}
