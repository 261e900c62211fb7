// int32 values as exclusive ors of bits: each bit of a value is the parity of some bits of what it is computed of.
//
//   %x = i32.xor %c %b;  %n = i32.xor (table[%x & 255]) (i32.shr_u %c 8)        each bit of %n: of which bits of %c and %b, and whether inverted
//
// Linear over the field of two elements are shifts, masks, exclusive or, sums in which nothing is carried, choices by one bit between two values
// whose difference is a constant (`c & 1 ? c >>> 1 ^ p : c >>> 1`), and look-ups in tables that turn out to be linear when all of their entries are looked at.

import { constantOf } from "../ir/build.ts";
import { isMachineOp, isMemoryOp } from "../ir/ops.ts";
import type { Data, Instr, Machine, Memory, Region, Value } from "../ir/types.ts";

/** By bit of an int32: a set of input bits, `one` among them where it is inverted. */
export type Parities = readonly bigint[];
/** the bit that is always 1 */
export const one = 1n << 62n;

/** A value whose bits from `from` on are the inputs' bits. */
export const inputBits = (from: number, bits: number): Parities => Array.from({ length: 32 }, (_, i) => (i < bits ? 1n << BigInt(from + i) : 0n));
const constantBits = (c: number): Parities => Array.from({ length: 32 }, (_, i) => ((c >>> i) & 1 ? one : 0n));
const zeros = constantBits(0);
const isConstant = (p: bigint): boolean => p === 0n || p === one;
/** entries of a table that is looked at */
const mostEntries = 4096;

export class ParityAnalysis {
  readonly of = new Map<Value, Parities>();
  private readonly data: readonly Data[];
  constructor(data: readonly Data[]) { this.data = data; }

  /** Follows instructions that only compute and look up; false at one that is not linear. `input` gives the bits of other loads. */
  follow(list: readonly Instr[], input: (load: Memory) => Parities | null): boolean {
    return list.every((instr) => {
      if (instr.op === "yield" || instr.op === "br" || instr.op === "data.addr") return true;
      if (instr.op === "if") return this.choice(instr.args[0]!, instr.results, instr.regions, input);
      const found = isMachineOp(instr.op) ? this.operation(instr as Machine) : isMemoryOp(instr.op) && instr.results.length > 0 ? this.lookUp(instr as Memory) ?? input(instr as Memory) : null;
      if (!found) return false;
      this.of.set(instr.results[0]!, found);
      return true;
    });
  }

  get(v: Value): Parities | null {
    const c = constantOf(v);
    return typeof c === "number" && v.type === "i32" ? constantBits(c) : this.of.get(v) ?? null;
  }

  private choice(cond: Value, results: readonly Value[], arms: readonly [Region, Region], input: (load: Memory) => Parities | null): boolean {
    if (!arms.every((arm) => this.follow(arm.body, input))) return false;
    return results.every((r, i) => {
      const [a, b] = arms.map((arm) => this.get(arm.body.at(-1)!.args[i]!)) as [Parities | null, Parities | null];
      const found = a && b && this.select(cond, a, b);
      if (found) this.of.set(r, found);
      return found !== null;
    });
  }
  private select(cond: Value, a: Parities, b: Parities): Parities | null {
    const test = this.truth(cond);
    if (test === null || !a.every((p, i) => isConstant(p ^ b[i]!))) return null;
    return a.map((p, i) => (p === b[i] ? p : b[i]! ^ test));
  }
  /** Whether the value is not 0, as one parity. */
  private truth(cond: Value): bigint | null {
    const bits = this.get(cond);
    const varying = bits?.filter((p) => !isConstant(p)) ?? [];
    return bits && varying.length === 1 && !bits.includes(one) ? varying[0]! : null;
  }
  private equality(a: Value, b: Value): bigint | null {
    const [x, y] = [this.get(a), this.get(b)];
    if (!x || !y) return null;
    const differ = x.map((p, i) => p ^ y[i]!), varying = differ.filter((p) => !isConstant(p));
    return varying.length === 1 && !differ.includes(one) ? varying[0]! ^ one : null;
  }

  private operation({ op, args }: Machine): Parities | null {
    const [a, b] = [this.get(args[0]!), args[1] ? this.get(args[1]) : zeros];
    const c = args[1] ? constantOf(args[1]) : undefined;
    const bit = (p: bigint | null): Parities | null => (p === null ? null : zeros.map((_, i) => (i === 0 ? p : 0n)));
    if (op === "i32.select") {
      const d = this.get(args[2]!);
      return b && d && this.select(args[0]!, b, d);
    }
    if (!a || !b) return null;
    const shifted = (by: number, fill: bigint): Parities => zeros.map((_, i) => a[i + by] ?? (i + by < 0 ? 0n : fill));
    switch (op) {
      case "i32.xor": return a.map((p, i) => p ^ b[i]!);
      case "i32.and": return every(a, b, (p, q) => (p === 0n || q === 0n ? 0n : p === one ? q : q === one || p === q ? p : null));
      case "i32.or": return every(a, b, (p, q) => (p === one || q === one ? one : p === 0n ? q : q === 0n || p === q ? p : null));
      case "i32.add": return every(a, b, (p, q) => (p === 0n ? q : q === 0n ? p : null)); // nothing is carried
      case "i32.sub": case "i32.mul": {
        const [single, by] = op === "i32.mul" ? [a, c] : [b, constantOf(args[0]!) === 0 ? -1 : undefined];
        return typeof by === "number" && single.slice(1).every((p) => p === 0n) ? constantBits(by).map((p) => (p === 0n ? 0n : single[0]!)) : null;
      }
      case "i32.shl": return typeof c === "number" ? shifted(-(c & 31), 0n) : null;
      case "i32.shr_u": return typeof c === "number" ? shifted(c & 31, 0n) : null;
      case "i32.shr_s": return typeof c === "number" ? shifted(c & 31, a[31]!) : null;
      case "i32.rotl": return typeof c === "number" ? zeros.map((_, i) => a[(i - c) & 31]!) : null;
      case "i32.extend8_s": return a.map((p, i) => (i < 8 ? p : a[7]!));
      case "i32.extend16_s": return a.map((p, i) => (i < 16 ? p : a[15]!));
      case "i32.eqz": { const t = this.truth(args[0]!); return bit(t === null ? null : t ^ one); }
      case "i32.eq": return bit(this.equality(args[0]!, args[1]!));
      case "i32.ne": { const t = this.equality(args[0]!, args[1]!); return bit(t === null ? null : t ^ one); }
      case "i32.lt_s": return c === 0 ? bit(a[31]!) : null;
      case "i32.ge_s": return c === 0 ? bit(a[31]! ^ one) : null;
      default: return null;
    }
  }

  /** An entry of a constant table by linear bits: linear itself, if all entries say so. */
  private lookUp({ op, args, offset, scale }: Memory): Parities | null {
    const base = args[0]!.def, index = this.get(args[1]!);
    const data = base?.op === "data.addr" ? this.data[base.segment] : undefined;
    if (!data || data.varies || !index || !loads[op]) return null;
    const varying = index.flatMap((p, i) => (isConstant(p) ? [] : [i])), fixed = index.reduce((sum, p, i) => (p === one ? sum + 2 ** i : sum), 0);
    if (2 ** varying.length > mostEntries) return null;
    const view = new DataView(data.bytes.buffer, data.bytes.byteOffset, data.bytes.byteLength);
    const read = (k: number): number | null => {
      const at = varying.reduce((sum, bit, j) => sum + ((k >>> j) & 1) * 2 ** bit, fixed) * 2 ** scale + offset;
      return at + loads[op]!.bytes <= data.bytes.length ? loads[op]!.read(view, at) : null;
    };
    const first = read(0), columns = varying.map((_, j) => read(1 << j));
    if (first === null || columns.includes(null)) return null;
    for (let k = 0; k < 2 ** varying.length; k++) {
      if (read(k) !== columns.reduce<number>((sum, column, j) => ((k >>> j) & 1 ? sum ^ column! ^ first : sum), first)) return null;
    }
    return zeros.map((_, i) => columns.reduce<bigint>((sum, column, j) => (((column! ^ first) >>> i) & 1 ? sum ^ index[varying[j]!]! : sum), (first >>> i) & 1 ? one : 0n));
  }
}

const loads: Partial<Record<Memory["op"], { readonly bytes: number; readonly read: (view: DataView, at: number) => number }>> = {
  "i32.load8_u": { bytes: 1, read: (view, at) => view.getUint8(at) }, "i32.load8_s": { bytes: 1, read: (view, at) => view.getInt8(at) },
  "i32.load16_u": { bytes: 2, read: (view, at) => view.getUint16(at, true) }, "i32.load16_s": { bytes: 2, read: (view, at) => view.getInt16(at, true) },
  "i32.load": { bytes: 4, read: (view, at) => view.getInt32(at, true) },
};

function every(a: Parities, b: Parities, f: (p: bigint, q: bigint) => bigint | null): Parities | null {
  const found = a.map((p, i) => f(p, b[i]!));
  return found.some((p) => p === null) ? null : found as bigint[];
}
