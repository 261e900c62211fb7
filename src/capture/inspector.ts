// What the engine itself knows of a function: the values of the variables that it captured, and where its text stands.
//
// node:inspector opens a synchronous session with this very process. `Runtime` alone gives `[[Scopes]]` and `[[FunctionLocation]]` in
// 0.1–0.5 ms. `Profiler.getBestEffortCoverage` names the loaded scripts in 2–3 ms. `Debugger.enable`, which blocks for 20 ms and halves the speed
// of WebAssembly while it is on, serves only for the text of a script that can't be read otherwise and for accessors of captured variables
// (accessors.ts), and is switched off at once.
//
// The function is handed over through a holder object. The session gets hold of the holder once, through a property that exists on
// Node's own module object for the time of one evaluation: no global is made, and all realms (vm contexts, Jest) share that module object.

import { nodeModule } from "./host.ts";

export type ScopeType = "closure" | "module" | "script" | "global";

/** One scope around a function, innermost first. `object` is a copy made for us; of the global scope it is the realm's global object. */
export interface Scope {
  readonly type: ScopeType;
  readonly object: Record<string, unknown>;
}

/** Where a function's parameter list (or class's constructor) starts; line and column from 0, as V8 counts. */
export interface ScriptPlace {
  readonly scriptId: string;
  readonly line: number;
  readonly column: number;
}

export interface FunctionFacts {
  readonly scopes: readonly Scope[];
  readonly place: ScriptPlace | null;
}

/** What `target.bind(self, ...args)` gave a bound function. */
export interface BoundParts {
  readonly target: Function;
  readonly self: unknown;
  readonly args: readonly unknown[];
}

/** A call that is to be stopped before the function's first statement. */
export interface Visit {
  readonly fn: Function;
  readonly args: readonly unknown[];
  /** a class: its constructor is what stops */
  readonly constructs?: boolean;
  /** the global object of the function's realm */
  readonly global: object;
  /** expressions, separated by commas, evaluated where the function stops */
  readonly expressions: string;
  /** is told their values there */
  readonly stopped?: (values: readonly unknown[]) => void;
}

/** How a visit ended: the function stopped before its first statement, was not called, or was and could not be stopped. */
export type Visited = { readonly how: "stopped"; readonly values: readonly unknown[] } | { readonly how: "not called" } | { readonly how: "ran" };

type Inspector = typeof import("node:inspector");
interface Remote { readonly objectId?: string; readonly value?: unknown; readonly unserializableValue?: string; readonly description?: string }
interface Named { readonly name: string; readonly value?: Remote }
interface Properties { readonly result: readonly Named[]; readonly internalProperties?: readonly Named[] }

const handoverKey = Symbol.for("wasmorph.handover");
const stopName = "wasmorph$stop"; // a global for the time of one visit: no variable of the user's hides it
const visitTimeout = 60_000; // ms, never reached: with one the engine takes a termination back when the evaluation ends
const group = "wasmorph"; // the group of remote objects that each question releases when it has been answered

class Engine {
  readonly #session: InstanceType<Inspector["Session"]>;
  readonly #holder: { given?: unknown; got?: readonly unknown[] | undefined; run?: (() => unknown) | undefined } = {};
  readonly #holderId: string;
  readonly #meetingPoint: Record<symbol, unknown>;
  /** gives the holder, while it hangs on the module object */
  #holderExpression = "";
  #profiling = false;
  /** whether every function that was visited stopped */
  #stops = true;

  constructor(inspector: Inspector) {
    this.#session = new inspector.Session();
    this.#session.connect();
    this.#meetingPoint = inspector as unknown as Record<symbol, unknown>;
    this.#meetingPoint[handoverKey] = this.#holder;
    try {
      this.#holderId = this.#meet();
    } finally {
      delete this.#meetingPoint[handoverKey];
    }
  }

  #meet(): string {
    const key = `[Symbol.for(${JSON.stringify(handoverKey.description)})]`;
    // the second form is for programs that replaced the global `process`
    for (const module of [`process.getBuiltinModule("node:inspector")`, `require("node:inspector")`]) {
      const { result } = this.#post("Runtime.evaluate", { expression: module + key, includeCommandLineAPI: true, silent: true }) as { result: Remote & { subtype?: string } };
      if (result.objectId === undefined || result.subtype === "error") continue;
      this.#holderExpression = module + key;
      return result.objectId;
    }
    throw new Error("the inspector's session does not see Node's modules");
  }

  #post(method: string, params: object = {}): unknown {
    let failure: Error | null = null;
    let answer: unknown;
    this.#session.post(method, params, (error, result) => {
      failure = error;
      answer = result;
    });
    if (failure !== null) throw new Error(`${method}: ${(failure as Error).message}`);
    return answer;
  }

  facts(fn: Function): FunctionFacts {
    this.#holder.given = fn;
    try {
      const { result } = this.#call("function () { return this.given }", []) as { result: Remote };
      const { internalProperties = [] } = this.#properties(result.objectId!);
      const internal = (name: string): Remote | undefined => internalProperties.find((p) => p.name === name)?.value;
      const location = internal("[[FunctionLocation]]")?.value as { scriptId: string; lineNumber: number; columnNumber: number } | undefined;
      return {
        scopes: this.#scopes(internal("[[Scopes]]")?.objectId),
        place: location ? { scriptId: location.scriptId, line: location.lineNumber, column: location.columnNumber } : null,
      };
    } finally {
      this.#holder.given = undefined;
      this.#holder.got = undefined;
      this.#post("Runtime.releaseObjectGroup", { objectGroup: group });
    }
  }

  /** What a bound function is made of; undefined for any other. */
  boundParts(fn: Function): BoundParts | undefined {
    this.#holder.given = fn;
    try {
      const { result } = this.#call("function () { return this.given }", []) as { result: Remote };
      const { internalProperties = [] } = this.#properties(result.objectId!);
      const internal = (name: string): object | undefined => {
        const value = internalProperties.find((p) => p.name === name)?.value;
        if (value === undefined) return undefined;
        const { objectId, unserializableValue } = value;
        return objectId !== undefined ? { objectId } : unserializableValue !== undefined ? { unserializableValue } : { value: value.value };
      };
      const parts = ["[[TargetFunction]]", "[[BoundThis]]", "[[BoundArgs]]"].map(internal);
      if (parts.includes(undefined)) return undefined;
      this.#call("function (...found) { this.got = found }", parts as object[]);
      const [target, self, args] = this.#holder.got as [Function, unknown, readonly unknown[]];
      return { target, self, args };
    } finally {
      this.#holder.given = undefined;
      this.#holder.got = undefined;
      this.#post("Runtime.releaseObjectGroup", { objectGroup: group });
    }
  }

  #call(functionDeclaration: string, args: readonly object[]): unknown {
    return this.#post("Runtime.callFunctionOn", { objectId: this.#holderId, functionDeclaration, arguments: args, objectGroup: group, silent: true });
  }

  #properties(objectId: string): Properties {
    return this.#post("Runtime.getProperties", { objectId, ownProperties: true }) as Properties;
  }

  #scopes(listId: string | undefined): Scope[] {
    if (listId === undefined) return [];
    const entries = this.#properties(listId).result.filter((p) => /^\d+$/.test(p.name) && p.value?.objectId !== undefined);
    // Each entry arrives as {description, object}: the object is a copy of the scope, with the real values.
    this.#call("function (...scopes) { this.got = scopes }", entries.map((p) => ({ objectId: p.value!.objectId })));
    const got = this.#holder.got as readonly { readonly object: Record<string, unknown> }[];
    return entries.map((p, i) => ({ type: scopeType(p.value!.description ?? ""), object: got[i]!.object }));
  }

  /** The addresses of the loaded scripts by their ids; not necessarily of all. */
  scriptUrls(): ReadonlyMap<string, string> {
    // Never `Profiler.disable`: it would stop another session's precise coverage (vitest, c8). Enabled it costs nothing.
    if (!this.#profiling) this.#post("Profiler.enable");
    this.#profiling = true;
    const { result } = this.#post("Profiler.getBestEffortCoverage") as { result: readonly { scriptId: string; url: string }[] };
    return new Map(result.map((script) => [script.scriptId, script.url]));
  }

  /** The text of a script and of others at wanted addresses, and the addresses of all: the dear way, most of it the debugger's coming and going. */
  scriptSources(scriptId: string, wanted: (url: string) => boolean): { readonly texts: ReadonlyMap<string, string>; readonly urls: ReadonlyMap<string, string> } {
    const texts = new Map<string, string>();
    const urls = new Map<string, string>();
    const listen = (message: { params: { scriptId: string; url: string } }): void => void urls.set(message.params.scriptId, message.params.url);
    this.#session.on("Debugger.scriptParsed", listen);
    try {
      this.#post("Debugger.enable", { maxScriptsCacheSize: 0 });
      for (const id of [scriptId, ...[...urls].flatMap(([id, url]) => (id !== scriptId && wanted(url) ? [id] : []))]) {
        const { scriptSource } = this.#post("Debugger.getScriptSource", { scriptId: id }) as { scriptSource: string };
        texts.set(id, scriptSource);
      }
      return { texts, urls };
    } catch {
      return { texts, urls };
    } finally {
      this.#post("Debugger.disable");
      this.#session.removeListener("Debugger.scriptParsed", listen);
    }
  }

  /**
   * Calls the functions, one after the other, and stops each before its first statement. The list ends with the first that did not stop.
   *
   * No debugger is paused, ours or another's: the expressions are a breakpoint's condition. It calls us, we ask the engine to terminate
   * what runs, and the evaluation that made the call (not the program around it) is what ends.
   *
   * A function is called only if the engine confirms its breakpoint (it refuses to set the same one again) and the stack has room for the
   * condition: an exception in there would count as "do not stop". Should one run to its end all the same, nothing is ever visited again.
   */
  visit(visits: readonly Visit[]): Visited[] {
    const seen: Visited[] = [];
    if (!this.#stops || !hasRoom()) return seen;
    this.#post("Debugger.enable", { maxScriptsCacheSize: 0 });
    try {
      this.#discardCode();
      for (const one of visits) {
        const visited = this.#visit(one);
        seen.push(visited);
        if (visited.how === "ran") this.#stops = false;
        if (visited.how !== "stopped") break;
      }
    } finally {
      this.#post("Debugger.disable");
      this.#post("Runtime.releaseObjectGroup", { objectGroup: group });
    }
    return seen;
  }

  /**
   * Code in which no breakpoint stops is gone after this. A function that the engine was about to optimize when its breakpoint was set may otherwise keep
   * what it ran as until then, and run to its end (V8 11.3: one process in five, of those that had just called such a function two thousand times). A
   * breakpoint at a built-in function, which nothing calls meanwhile, has the engine discard the code of all functions; it takes 10 ms.
   */
  #discardCode(): void {
    if (seldomCalled === undefined) return;
    this.#holder.given = seldomCalled;
    const { result } = this.#call("function () { return this.given }", []) as { result: Remote };
    this.#refuses("Debugger.setBreakpointOnFunctionCall", { objectId: result.objectId!, condition: "false" });
    this.#holder.given = undefined;
  }

  #visit({ fn, args, constructs, global, expressions, stopped }: Visit): Visited {
    let seen: readonly unknown[] | null = null;
    let ran = false;
    const stop = (...values: unknown[]): void => {
      seen = values;
      stopped?.(values);
      this.#session.post("Runtime.terminateExecution");
    };
    const holder = this.#holder;
    holder.given = fn;
    holder.run = () => {
      try { if (constructs) Reflect.construct(fn, args); else Reflect.apply(fn, undefined, args); } catch { /* a termination is not caught, and does not come to the line below */ }
      ran = true;
    };
    this.#meetingPoint[handoverKey] = holder;
    if (!Reflect.defineProperty(global, stopName, { value: stop, configurable: true })) return { how: "not called" };
    try {
      const { result } = this.#call("function () { return this.given }", []) as { result: Remote };
      const breakpoint = { objectId: result.objectId!, condition: `${stopName}(${expressions})` };
      this.#post("Debugger.setBreakpointOnFunctionCall", breakpoint);
      if (!this.#refuses("Debugger.setBreakpointOnFunctionCall", breakpoint)) return { how: "not called" };
      this.#post("Runtime.evaluate", { expression: `${this.#holderExpression}.run()`, includeCommandLineAPI: true, silent: true, timeout: visitTimeout });
    } catch {
      // how the session tells of the termination
    } finally {
      Reflect.deleteProperty(global, stopName);
      delete this.#meetingPoint[handoverKey];
      holder.given = holder.run = undefined;
    }
    return ran ? { how: "ran" } : seen ? { how: "stopped", values: seen } : { how: "not called" };
  }

  #refuses(method: string, params: object): boolean {
    try { this.#post(method, params); return false; } catch { return true; }
  }
}

/** A built-in function that no visit calls. */
const seldomCalled = Object.getOwnPropertyDescriptor(Date.prototype, "setYear")?.value as unknown;

/** Calls of the depth that a breakpoint's condition, our answer to it and the session's own code can't reach, and no parser: with a full stack the engine may crash in its compiler of regular expressions. */
const roomNeeded = 2000;
export function hasRoom(depth = roomNeeded): boolean {
  try { return depth === 0 || hasRoom(depth - 1); } catch { return false; }
}

/** "Closure (make)", "Block", "Catch" … → closure: all of them are scopes of a function that made this one */
function scopeType(description: string): ScopeType {
  if (description.startsWith("Global")) return "global";
  if (description.startsWith("Script")) return "script";
  if (description.startsWith("Module")) return "module";
  return "closure";
}

let engine: Engine | null | undefined;

function theEngine(): Engine | null {
  if (engine === undefined) {
    const inspector = nodeModule<Inspector>("node:inspector");
    try {
      engine = inspector && new Engine(inspector);
    } catch {
      engine = null; // no inspector in this build of Node, or forbidden by its permission model
    }
  }
  return engine;
}

/** Whether this host can look into functions at all. */
export const canInspect = (): boolean => theEngine() !== null;

/** What the engine knows of a function; null where there is no inspector. The variables' values are those of this moment. */
export function inspectFunction(fn: Function): FunctionFacts | null {
  try {
    return theEngine()?.facts(fn) ?? null;
  } catch {
    return null;
  }
}

/** See Engine.boundParts; undefined where there is no inspector. */
export function boundParts(fn: Function): BoundParts | undefined {
  try {
    return theEngine()?.boundParts(fn);
  } catch {
    return undefined;
  }
}

export const scriptUrls = (): ReadonlyMap<string, string> => theEngine()?.scriptUrls() ?? new Map<string, string>();

export const scriptSources = (scriptId: string, wanted: (url: string) => boolean): ReturnType<Engine["scriptSources"]> =>
  theEngine()?.scriptSources(scriptId, wanted) ?? { texts: new Map<string, string>(), urls: new Map<string, string>() };

/** See Engine.visit; nothing where there is no inspector. */
export function visitEntries(visits: readonly Visit[]): readonly Visited[] {
  try {
    return theEngine()?.visit(visits) ?? [];
  } catch {
    return [];
  }
}
