// Bytes that are put together to a word are loaded as one.
//
//   before  %a = i32.load8_u [%x + %i]; … %d = i32.load8_u [%x + %i + 3]; i32.or (i32.or (i32.or %a (%b << 8)) (%c << 16)) (%d << 24)
//   after   i32.load [%x + %i]
//
// The other way round (the first byte is the highest) the word's bytes are turned: two rotations and masks. Two bytes are a halfword.
//
// Requires: machine form, WebAssembly's memory: little-endian, at any alignment; what is done in lanes is done. Guarantees: machine form, same bits: where all
// bytes are loaded the word lies in the same memory, and nothing that could write there stands between.

import { constantOf, regionsOf } from "../ir/build.ts";
import type { Func, Instr, Machine, Memory, Program, Region, Value } from "../ir/types.ts";
import { holdsAny } from "./analyses.ts";
import type { Note } from "./notes.ts";
import { mayTouch, Rewriter, writesOf } from "./rewrite.ts";
import { placeOf } from "./stores.ts";

export function loadWords(func: Func, program: Program, note: Note = () => {}): Func {
  if (!holdsAny(func, ["i32.load8_u"])) return func;
  const finder = new Finder(program);
  finder.region(func.body);
  return finder.words.size === 0 ? func : new WordWriter(func, program, finder.words, note).run();
}

/** One byte, and how far it is shifted. */
interface Part { readonly load: Memory; readonly shift: number }
interface Word { readonly first: Memory; readonly bytes: 2 | 4; readonly turned: boolean }

const joins: ReadonlySet<string> = new Set(["i32.or", "i32.add", "i32.xor"]);

class Finder {
  readonly words = new Map<Instr, Word>();
  private readonly program: Program;
  private position = new Map<Instr, number>();
  private known = new Map<Value, readonly Part[] | null>();

  constructor(program: Program) { this.program = program; }

  region({ body }: Region): void {
    for (const instr of body) regionsOf(instr).forEach((inner) => { this.region(inner); });
    if (!body.some((instr) => instr.op === "i32.load8_u")) return;
    this.position = new Map(body.map((instr, at) => [instr, at]));
    this.known = new Map();
    for (const instr of body) {
      const word = joins.has(instr.op) ? this.word(instr.results[0]!, body) : null;
      if (word) this.words.set(instr, word);
    }
  }

  private word(v: Value, body: readonly Instr[]): Word | null {
    const parts = this.parts(v);
    if (parts === null || (parts.length !== 2 && parts.length !== 4)) return null;
    const sorted = parts.toSorted((a, b) => a.shift - b.shift), places = sorted.map(({ load }) => placeOf(load));
    if (sorted.some(({ shift }, k) => shift !== 8 * k) || places.some(({ key }) => key !== places[0]!.key)) return null;
    const step = places[1]!.low - places[0]!.low;
    if (Math.abs(step) !== 1 || places.some(({ low }, k) => low !== places[0]!.low + step * k) || (step < 0 && parts.length === 2)) return null;
    const at = sorted.map(({ load }) => this.position.get(load)!);
    const [from, to] = [Math.min(...at), this.position.get(v.def!)!];
    const { space } = sorted[0]!.load;
    if (mayTouch(this.program, writesOf({ params: [], body: body.slice(from, to) }), space)) return null;
    return { first: (step > 0 ? sorted[0]! : sorted.at(-1)!).load, bytes: parts.length, turned: step < 0 };
  }

  /** The bytes that a value consists of, if it is nothing else. */
  private parts(v: Value): readonly Part[] | null {
    const known = this.known.get(v);
    if (known !== undefined) return known;
    const found = this.find(v);
    this.known.set(v, found);
    return found;
  }
  private find({ def }: Value): readonly Part[] | null {
    if (!def || !this.position.has(def)) return null;
    if (def.op === "i32.load8_u") return [{ load: def as Memory, shift: 0 }];
    if (def.op === "i32.shl") {
      const by = constantOf(def.args[1]!), parts = this.parts(def.args[0]!);
      return parts !== null && typeof by === "number" && by > 0 && parts.every(({ shift }) => shift + by <= 24) ? parts.map(({ load, shift }) => ({ load, shift: shift + by })) : null;
    }
    if (!joins.has(def.op)) return null;
    const [a, b] = [this.parts(def.args[0]!), this.parts(def.args[1]!)];
    if (a === null || b === null || a.length + b.length > 4) return null;
    const all = [...a, ...b];
    return new Set(all.map(({ shift }) => shift)).size === all.length && all.every(({ shift }) => shift % 8 === 0) ? all : null;
  }
}

class WordWriter extends Rewriter {
  private readonly words: ReadonlyMap<Instr, Word>;
  private readonly note: Note;
  constructor(func: Func, program: Program, words: ReadonlyMap<Instr, Word>, note: Note) {
    super(func, program);
    this.words = words;
    this.note = note;
  }

  protected override operation(instr: Machine): Value {
    const word = this.words.get(instr);
    if (!word) return super.operation(instr);
    const { e } = this;
    const { first, bytes, turned } = word;
    this.note(instr.place, `${bytes} bytes`, bytes === 4 ? "one word" : "a halfword", turned ? "they are turned" : "they lie in its order");
    const loaded = e.load({ ...first, op: bytes === 4 ? "i32.load" : "i32.load16_u", args: [], results: [] }, first.args.map((a) => this.value(a)) as [Value, Value]);
    if (!turned) return loaded;
    const half = (by: number, mask: number): Value => e.op("i32.and", e.op("i32.rotl", loaded, e.i32(by)), e.i32(mask));
    return e.op("i32.or", half(8, 0x00ff00ff), half(24, 0xff00ff00 | 0));
  }
}
