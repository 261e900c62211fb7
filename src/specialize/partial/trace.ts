// What a walk did, for explain(): which instruction was static, which test was decided, what became of each loop. Recorded only when
// somebody asks (the walk is then done once more); a rollback takes the later events back, so what is left is what the residual is made of.

import { instructions } from "../../ir/build.ts";
import type { Code } from "../../ir/snapshot.ts";
import type { If, Instr, Loop, Place, Unit } from "../../ir/types.ts";
import type { Source } from "./heap.ts";
import type { Abs } from "./values.ts";

export type Event =
  /** an operation: how many instructions of the residual it wrote, and its value where that is static */
  | { readonly e: "op"; readonly instr: Instr; readonly source: Source; readonly written: number; readonly value: Abs | undefined }
  /** a test: the side that was taken, null where both were */
  | { readonly e: "if"; readonly instr: If; readonly source: Source; readonly taken: boolean | null }
  | { readonly e: "loop"; readonly instr: Loop; readonly source: Source; readonly how: "unrolled" | "kept" | "states"; readonly times: number; readonly why: string }
  /** a slow array that is read at a dynamic index */
  | { readonly e: "table"; readonly place: Place | undefined; readonly source: Source; readonly what: string; readonly how: string; readonly why: string };

/** One change, as the log has it. `before` is the source's own text. */
export interface Change { readonly code: Code; readonly place: Place; readonly pass: string; readonly before: string; readonly after: string; readonly reason: string; readonly times: number }

/** What is to be said of one line of a function's source. */
export interface LineFacts {
  /** js operations on the line that were walked, all and those that wrote nothing */
  walked: number;
  static: number;
  /** instructions of the residual that they wrote */
  written: number;
  /** instructions of the source on this line */
  instructions: number;
  /** it stands in a part that was dropped */
  dropped: boolean;
  readonly remarks: Set<string>;
}
export interface FunctionFacts { readonly code: Code; readonly name: string; readonly lines: ReadonlyMap<number, LineFacts> }
export interface Told { readonly functions: readonly FunctionFacts[]; readonly changes: readonly Change[]; readonly walked: number }

const longest = 60;
const textOf = (code: Code, place: Place): string => {
  const text = code.text.slice(place.start, place.end).replace(/\s+/g, " ");
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
};
const valueText = (abs: Abs): string =>
  abs.k !== "prim" ? "a known object" : typeof abs.value === "string" ? JSON.stringify(abs.value) : Object.is(abs.value, -0) ? "-0" : String(abs.value);

const quiet: ReadonlySet<string> = new Set(["js.cell", "js.cell.empty", "js.cell.get", "js.cell.set", "js.free", "js.func", "js.captured", "js.this", "js.assume", "js.iterator", "js.next", "js.nullish", "js.tonumeric"]);

const dynamicTest = "both sides stay: the test is dynamic";

/** Sums the events up, by source line and as a log of changes in the order of the source. */
export function tell(events: readonly Event[], kernel: Code): Told {
  const functions = new Map<Code, { unit: Unit; lines: Map<number, LineFacts> }>();
  const changes = new Map<object, { code: Code; place: Place; before: string; after: Set<string>; reason: string; times: number }>();
  const lineAt = (source: Source, place: Place): LineFacts => {
    let own = functions.get(source.code);
    if (!own) functions.set(source.code, (own = { unit: source.unit, lines: new Map() }));
    return lineOf(own.lines, place.line);
  };
  const change = (instr: object, source: Source, place: Place, before: string, after: string, reason: string): void => {
    const known = changes.get(instr);
    if (known) { known.times++; if (known.after.size < 5) known.after.add(after); return; }
    changes.set(instr, { code: source.code, place, before, after: new Set([after]), reason, times: 1 });
  };
  const taken = new Map<Code, Map<number, Set<boolean | null>>>(); // by the place of the test
  let walked = 0;
  for (const event of events) {
    const place = event.e === "table" ? event.place : event.instr.place;
    if (!place || event.source.hidden) continue;
    const line = lineAt(event.source, place);
    switch (event.e) {
      case "op":
        if (quiet.has(event.instr.op)) break;
        walked++;
        line.walked++;
        line.written += event.written;
        if (event.written > 0) break;
        line.static++;
        if (event.value?.k === "prim") change(event.instr, event.source, place, textOf(event.source.code, place), valueText(event.value), "depends on slow values only");
        break;
      case "if":
        walked++;
        line.walked++;
        {
          let tests = taken.get(event.source.code);
          if (!tests) taken.set(event.source.code, (tests = new Map()));
          tests.set(place.start, (tests.get(place.start) ?? new Set()).add(event.taken));
        }
        if (event.taken === null) { line.remarks.add(dynamicTest); break; }
        line.static++;
        change(event.instr, event.source, place, "a test", event.taken ? "always true" : "always false", "depends on slow values only: the other side is gone");
        break;
      case "loop":
        if (event.how === "unrolled") { if (event.times > 0) line.remarks.add(`unrolled ×${event.times}`); }
        else if (event.how === "states") line.remarks.add("the interpreted program: one piece of code for each state");
        else line.remarks.add(`the loop is kept: ${event.why}`);
        change(event.instr, event.source, place, "a loop", event.how === "unrolled" ? `${event.times} iterations` : event.how === "states" ? "a graph of states" : "a loop of the residual", event.why);
        break;
      case "table":
        line.remarks.add(`${event.what} becomes ${event.how}: ${event.why}`);
        change(place, event.source, place, event.what, event.how, event.why);
        break;
    }
  }
  for (const { lines } of functions.values()) for (const { remarks } of lines.values()) if ([...remarks].some((r) => r.startsWith("the loop is kept"))) remarks.delete(dynamicTest);
  // lines that nothing walked
  for (const [, { unit, lines }] of functions) {
    for (const func of unit.functions) for (const instr of instructions(func.body)) if (instr.place && instr.op.startsWith("js.") && !quiet.has(instr.op)) lineOf(lines, instr.place.line).instructions++;
  }
  for (const [code, { unit, lines }] of functions) {
    for (const { of, when, place } of unit.arms ?? []) {
      const outcomes = of && taken.get(code)?.get(of.start);
      if (of ? !outcomes || outcomes.has(when) || outcomes.has(null) : !lines.size) continue;
      // a line that it shares with something else is not told
      const says = (text: string): boolean => /\w/.test(text.replace(/\/\/.*/, ""));
      const { text } = code, first = text.slice(text.lastIndexOf("\n", place.start - 1) + 1, place.start), [rest = ""] = text.slice(place.end).split("\n", 1);
      const from = place.line + (says(first) ? 1 : 0), to = place.line + text.slice(place.start, place.end).split("\n").length - (says(rest) ? 2 : 1);
      for (let line = from; line <= to; line++) lineOf(lines, line).dropped = true;
    }
  }
  const list = [...changes.values()].map((c): Change => ({
    code: c.code, place: c.place, pass: "evaluate", before: c.before, after: c.after.size > 4 ? `${c.times} values` : [...c.after].join(", "), reason: c.reason, times: c.times,
  })).sort((a, b) => Number(b.code === kernel) - Number(a.code === kernel) || a.place.start - b.place.start);
  const order = [...functions].sort(([a], [b]) => Number(b === kernel) - Number(a === kernel));
  return { functions: order.map(([code, { unit, lines }]) => ({ code, name: unit.functions[0]!.name, lines })), changes: list, walked };
}
function lineOf(lines: Map<number, LineFacts>, line: number): LineFacts {
  let facts = lines.get(line);
  if (!facts) lines.set(line, (facts = { walked: 0, static: 0, written: 0, instructions: 0, dropped: false, remarks: new Set() }));
  return facts;
}
