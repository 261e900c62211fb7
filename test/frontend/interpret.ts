// Runs a unit over real JavaScript values: what the js.* form means, written out for tests. Operations are the engine's own, so a
// difference from the original function is the lowering's.

import { regionsOf } from "../../src/ir/build.ts";
import type { Instr, JsFunction, Label, Region, Unit, Value } from "../../src/ir/types.ts";

type Js = unknown;
interface Cell { value: Js; empty: boolean }
/** How a region was left. */
type End = { how: "yield"; values: Js[] } | { how: "br"; label: Label; values: Js[] } | { how: "return"; value: Js };
/** What a class's functions know of it. */
interface Home { readonly object: object; readonly privates: Map<string, WeakMap<object, { value?: Js; get?: () => Js; set?: (v: Js) => void }>> }
const homes = new WeakMap<object, Home>();
interface Frame { home: Home | undefined; active: object; unit: Unit; free: Map<string, Js>; func: JsFunction; self: Js; args: IArguments; newTarget: Js; cells: readonly Cell[]; values: Js[]; yielded: Js[] }

/* eslint-disable eqeqeq */
const operators: Record<string, (...v: never[]) => Js> = {
  "js.neg": (a: number) => -a, "js.plus": (a: number) => +a, "js.not": (a: Js) => !a, "js.bitnot": (a: number) => ~a, "js.typeof": (a: Js) => typeof a,
  "js.tostring": (a: string) => `${a}`, "js.inc": (a: number) => ++a, "js.dec": (a: number) => --a, "js.tonumeric": (a: number) => a++,
  "js.add": (a: number, b: number) => a + b, "js.sub": (a: number, b: number) => a - b, "js.mul": (a: number, b: number) => a * b, "js.div": (a: number, b: number) => a / b,
  "js.rem": (a: number, b: number) => a % b, "js.pow": (a: number, b: number) => a ** b, "js.and": (a: number, b: number) => a & b, "js.or": (a: number, b: number) => a | b,
  "js.xor": (a: number, b: number) => a ^ b, "js.shl": (a: number, b: number) => a << b, "js.shr": (a: number, b: number) => a >> b, "js.ushr": (a: number, b: number) => a >>> b,
  "js.lt": (a: number, b: number) => a < b, "js.le": (a: number, b: number) => a <= b, "js.gt": (a: number, b: number) => a > b, "js.ge": (a: number, b: number) => a >= b,
  "js.eq": (a: Js, b: Js) => a == b, "js.ne": (a: Js, b: Js) => a != b, "js.seq": (a: Js, b: Js) => a === b, "js.sne": (a: Js, b: Js) => a !== b,
  "js.in": (a: string, b: object) => a in b, "js.instanceof": (a: Js, b: FunctionConstructor) => a instanceof b, "js.nullish": (a: Js) => a == null,
  "js.get": (a: Record<string, Js>, b: string) => a[b], "js.delete": (a: Record<string, Js>, b: string) => Reflect.deleteProperty(a, b),
  "js.call": (f: (...a: Js[]) => Js, self: Js, ...args: Js[]) => Reflect.apply(f, self, args), "js.new": (f: FunctionConstructor, ...args: Js[]) => Reflect.construct(f, args),
  "js.apply": (f: (...a: Js[]) => Js, self: Js, args: Js[]) => Reflect.apply(f, self, args), "js.construct": (f: FunctionConstructor, args: Js[]) => Reflect.construct(f, args),
  "js.iterator": (a: Iterable<Js>) => a[Symbol.iterator](),
  "js.keys": (a: object) => { const keys: string[] = []; for (const k in a) keys.push(k); return keys; },
  "js.visits": (a: object, key: string) => key in Object(a),
  "js.restof": (a: object, ...keys: string[]) => { const { ...rest } = a as Record<string, Js>; for (const k of keys) delete rest[k]; return rest; },
};

/** The unit's function, to be called as any other. */
export function functionOf(unit: Unit, free: Map<string, Js> = new Map()): (...args: Js[]) => Js {
  return closure(unit, free, 0, []);
}

function closure(unit: Unit, free: Map<string, Js>, index: number, cells: readonly Cell[], around?: Home): (...args: Js[]) => Js {
  const func = unit.functions[index]!;
  const run = (self: Js, args: IArguments, newTarget: Js): Js => {
    const frame: Frame = { home: homes.get(made) ?? around, active: made, unit, free, func, self, args, newTarget, cells, values: [], yielded: [] };
    func.params.forEach((p, i) => { frame.values[p.id] = args[i]; });
    const end = runRegion(frame, func.body);
    if (end.how !== "return") throw new Error("the function did not return");
    return func.kind === "generator" ? frame.yielded[Symbol.iterator]() : end.value; // all at once: whoever consumes it takes all
  };
  const made = func.kind === "arrow" || func.kind === "method" || func.kind === "generator"
    ? { f(this: Js) { return run(this, arguments, undefined); } }.f
    : func.kind === "derived" ? function (this: Js): Js { return run(undefined, arguments, new.target); }
    : function (this: Js): Js { return run(this, arguments, new.target); };
  Object.defineProperty(made, "length", { value: func.length });
  return made as (...args: Js[]) => Js;
}

function runRegion(f: Frame, region: Region): End {
  const get = (v: Value): Js => (v.def?.op === "js.const" ? v.def.value : f.values[v.id]);
  const give = (targets: readonly Value[], values: readonly Js[]): void => {
    if (targets.length !== values.length) throw new Error(`${targets.length} values expected, ${values.length} given`);
    targets.forEach((t, i) => { f.values[t.id] = values[i]; });
  };
  for (const instr of region.body) {
    const args = instr.args.map(get);
    const one = (value: Js): void => give(instr.results, [value]);
    switch (instr.op) {
      case "yield": return { how: "yield", values: args };
      case "br": return { how: "br", label: instr.label, values: args };
      case "return": return { how: "return", value: args[0] };
      case "js.throw": throw args[0];
      case "trap": throw new Error("reached the unreachable");
      case "if": case "block": {
        const end = runRegion(f, instr.op === "if" ? instr.regions[args[0] ? 0 : 1] : instr.regions[0]);
        if (end.how === "yield" || (end.how === "br" && instr.op === "block" && end.label === instr.label)) give(instr.results, end.values);
        else return end;
        break;
      }
      case "loop": {
        let carried: readonly Js[] = args, end: End;
        do {
          give(instr.regions[0].params, carried);
          end = runRegion(f, instr.regions[0]);
          if (end.how === "br" && end.label === instr.label) carried = end.values;
        } while (end.how === "br" && end.label === instr.label);
        if (end.how !== "yield") return end;
        give(instr.results, end.values);
        break;
      }
      case "js.try": {
        const end = runTry(f, instr);
        if (end.how !== "yield") return end;
        give(instr.results, end.values);
        break;
      }
      case "js.free": if (!f.free.has(instr.name) && !(instr.name in globalThis)) throw new ReferenceError(`${instr.name} is not defined`); one(f.free.has(instr.name) ? f.free.get(instr.name) : globalThis[instr.name as keyof typeof globalThis]); break;
      case "js.free.set": f.free.set(instr.name, args[0]); break;
      case "js.free.typeof": one(typeof (f.free.has(instr.name) ? f.free.get(instr.name) : globalThis[instr.name as keyof typeof globalThis])); break;
      case "js.func": one(closure(f.unit, f.free, instr.func, args as Cell[], f.home)); break;
      case "js.class": {
        const [parent, made] = args as [(new () => object) | undefined, { prototype: object }];
        if (parent) { Object.setPrototypeOf(made, parent); made.prototype = Object.create(parent.prototype as object, { constructor: { value: made, writable: true, configurable: true } }) as object; }
        homes.set(made, { object: made.prototype, privates: new Map() });
        one(made);
        break;
      }
      case "js.member": {
        const [made, sort, key, fn] = args as [{ prototype: object }, string, string, (...a: Js[]) => Js];
        if (sort.startsWith("literal ")) {
          Object.defineProperty(made, key, { configurable: true, enumerable: true, ...Object.getOwnPropertyDescriptor(made, key), [sort.slice(8)]: fn });
          break;
        }
        const { privates } = homes.get(made)!, owner = sort.includes("static ") ? made : made.prototype;
        homes.set(fn, { object: owner, privates });
        const what = sort.split(" ").at(-1)!;
        if (sort.startsWith("private ")) {
          const methods = (privates.get(`methods ${key}`) ?? new WeakMap()) as WeakMap<object, object>;
          methods.set(owner, { ...methods.get(owner), [what === "method" ? "value" : what]: fn });
          privates.set(`methods ${key}`, methods);
        } else if (what !== "initialiser") Object.defineProperty(owner, key, { configurable: true, ...(what === "method" ? { value: fn, writable: true } : { [what]: fn }) });
        break;
      }
      case "js.yield": f.yielded.push(args[0]); one(undefined); break;
      case "js.yield.all": f.yielded.push(...(args[0] as Js[])); one(undefined); break;
      case "js.prototype": if (typeof args[1] === "object") Object.setPrototypeOf(args[0], args[1]); break;
      case "js.template": one(Object.assign(args.slice(0, args.length / 2), { raw: args.slice(args.length / 2) })); break;
      case "js.super.set": Reflect.set(Object.getPrototypeOf(f.home!.object) as object, args[1] as string, args[2], args[0]); break;
      case "js.define": Object.defineProperty(args[0], args[1] as string, { value: args[2], writable: true, enumerable: true, configurable: true }); break;
      case "js.super": {
        const parent = Object.getPrototypeOf(f.active) as new () => object;
        one(Reflect.construct(parent, args[0] as Js[], f.newTarget as new () => object));
        break;
      }
      case "js.super.get": one(Reflect.get(Object.getPrototypeOf(f.home!.object) as object, args[1] as string, args[0])); break;
      case "js.private.add": {
        const fields = f.home?.privates ?? homes.get(args[0] as object)!.privates;
        if (!fields.has(args[1] as string)) fields.set(args[1] as string, new WeakMap());
        fields.get(args[1] as string)!.set(args[0] as object, { value: args[2] });
        break;
      }
      case "js.private.has": one(privateOf(f, args[0], args[1] as string) !== undefined); break;
      case "js.private.get": {
        const found = privateOf(f, args[0], args[1] as string);
        if (!found || (!("value" in found) && !found.get)) throw new TypeError("no such private name");
        one("value" in found ? found.value : found.get!.call(args[0]));
        break;
      }
      case "js.private.set": {
        const found = privateOf(f, args[0], args[1] as string);
        if (!found || (!("value" in found) && !found.set)) throw new TypeError("no such private name");
        if ("value" in found) found.value = args[2]; else found.set!.call(args[0], args[2]);
        break;
      }
      case "js.captured": one(f.cells[instr.index]); break;
      case "js.rest": one(Array.prototype.slice.call(f.args, instr.index)); break;
      case "js.object": {
        const object: Record<string, Js> = {};
        instr.keys.forEach((key, i) => { if (key === null) Object.assign(object, args[i]); else object[key] = args[i]; });
        one(object);
        break;
      }
      case "js.array": {
        const array: Js[] = [];
        let next = 0;
        for (const part of instr.shape) {
          if (part === "hole") array.length++; else if (part === "item") array.push(args[next++]); else array.push(...(args[next++] as Js[]));
        }
        one(array);
        break;
      }
      case "js.regexp": one(new RegExp(instr.source, instr.flags)); break;
      case "js.set": (args[0] as Record<string, Js>)[args[1] as string] = args[2]; break;
      case "js.this": one(f.self); break;
      case "js.arguments": one(f.args); break;
      case "js.newtarget": one(f.newTarget); break;
      case "js.cell": one({ value: args[0], empty: false } satisfies Cell); break;
      case "js.cell.empty": one({ value: undefined, empty: true } satisfies Cell); break;
      case "js.cell.get": if ((args[0] as Cell).empty) throw new ReferenceError("before its declaration"); one((args[0] as Cell).value); break;
      case "js.cell.set": Object.assign(args[0] as Cell, { value: args[1], empty: false }); break;
      case "js.next": {
        const { done, value } = (args[0] as Iterator<Js>).next();
        give(instr.results, [done, value]);
        break;
      }
      case "js.assume": if (!args[0]) throw new Error("an assumption does not hold"); break;
      default: {
        const operator = operators[instr.op];
        if (!operator) throw new Error(`no meaning for ${instr.op}`);
        one((operator as (...v: Js[]) => Js)(...args));
      }
    }
  }
  throw new Error("a region without an end");
}

function privateOf(f: Frame, object: Js, name: string) {
  const { privates } = f.home!;
  const field = privates.get(name)?.get(object as object);
  if (field) return field;
  const methods = privates.get(`methods ${name}`);
  for (let at = object as object | null; at !== null && typeof at !== "number"; at = Object.getPrototypeOf(at) as object | null) { const found = methods?.get(at); if (found) return found; }
  return undefined;
}

function runTry(f: Frame, instr: Instr & { op: "js.try" }): End {
  const [body, other] = regionsOf(instr) as [Region, Region];
  if (instr.kind === "catch") {
    let thrown: Js;
    try { return runRegion(f, body); } catch (error) { thrown = error; }
    f.values[other.params[0]!.id] = thrown;
    return runRegion(f, other);
  }
  let outcome: { end: End } | { thrown: Js };
  try { outcome = { end: runRegion(f, body) }; } catch (thrown) { outcome = { thrown }; }
  const after = runRegion(f, other);
  if (after.how !== "yield") return after;
  if ("thrown" in outcome) throw outcome.thrown;
  return outcome.end;
}
