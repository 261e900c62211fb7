// Values as exclusive ors of bits: what the analysis says of each bit is what comes out, and what is not linear is refused.

import { describe, expect, test } from "vitest";
import { evaluate } from "../../src/ir/evaluate.ts";
import type { Func } from "../../src/ir/types.ts";
import { inputBits, one, ParityAnalysis, type Parities } from "../../src/specialize/parity.ts";
import { i32Edges, ir, programOf } from "./harness.ts";

const layout = { data: [1024], frame: 2048, slots: 512, status: 256 };
/** Eight words that are linear in their index, eight that are not. */
const linear = Int32Array.from({ length: 8 }, (_, i) => (i & 1 ? 0x1234 : 0) ^ (i & 2 ? -0x70000000 : 0) ^ (i & 4 ? 0x0ff0 : 0) ^ 77);
const table = Uint8Array.from([...new Uint8Array(linear.buffer), ...new Uint8Array(Int32Array.from([0, 1, 2, 4, 8, 16, 32, 64]).buffer)]);

/** What the analysis says of the result of a function of %a and %b, low bits first; null where it is not linear. */
function analyse(func: Func): Parities | null {
  const program = programOf(func), analysis = new ParityAnalysis([{ ...program.data[0]!, bytes: table }]);
  func.params.forEach((p, i) => { analysis.of.set(p, inputBits(32 * i, i === 0 ? 32 : 8)); });
  const last = func.body.body.at(-1)!;
  return analysis.follow(func.body.body.slice(0, -1), () => null) ? analysis.get(last.args[0]!) : null;
}
/** The int32 that these parities give for inputs. */
const valueOf = (parities: Parities, inputs: bigint): number => parities.reduce((sum, p, i) => {
  let odd = p & one ? 1 : 0;
  for (let rest = (p & ~one) & inputs; rest > 0n; rest &= rest - 1n) odd ^= 1;
  return sum | (odd << i);
}, 0);

/** Whether the body's %r is linear; if so, it is compared with what comes out for edge values of %a, and of %b, a byte. */
function isLinear(body: string): boolean {
  const func = ir(`func @f(%a: i32, %b: i32) -> i32 { ${body}  return %r }`), parities = analyse(func);
  if (!parities) return false;
  const program = { ...programOf(func), data: [{ name: "t", element: "i32" as const, bytes: table }] };
  for (const a of [...i32Edges, 0x55555555, -0x12345678]) for (const b of [0, 1, 2, 77, 128, 255]) {
    const memory = new ArrayBuffer(8192);
    new Uint8Array(memory).set(table, layout.data[0]);
    expect(valueOf(parities, BigInt.asUintN(32, BigInt(a)) | (BigInt(b) << 32n)), `${body} for ${a}, ${b}`).toBe(evaluate(program, [a, b], memory, layout, {}).result);
  }
  return true;
}

describe("linear", () => {
  for (const body of [
    "%r = i32.xor %a, %b", "%r = i32.and %a, 240", "%h = i32.shl %b, 8  %l = i32.and %a, 255  %r = i32.or %h, %l", "%h = i32.shl %b, 8  %l = i32.and %a, 255  %r = i32.add %h, %l",
    "%r = i32.shl %a, 7", "%r = i32.shl %a, 33", "%r = i32.shr_u %a, 9", "%r = i32.shr_s %a, 9", "%r = i32.rotl %a, 5", "%r = i32.extend8_s %a", "%r = i32.extend16_s %a", "%r = i32.xor %a, -1",
    "%c = i32.and %a, 1  %r = i32.sub 0, %c", "%c = i32.and %a, 1  %r = i32.mul %c, 4129", "%c = i32.and %a, 8  %r = i32.eqz %c", "%c = i32.and %a, 8  %r = i32.eq %c, 8", "%c = i32.and %a, 8  %r = i32.ne %c, 8",
    "%r = i32.lt_s %a, 0", "%r = i32.ge_s %a, 0", "%c = i32.and %a, 1  %s = i32.shr_u %a, 1  %x = i32.xor %s, 33800  %r = i32.select %c, %x, %s",
    "%c = i32.and %a, 1  %r: i32 = if %c { %x = i32.xor %b, 99  yield %x } else { yield %b }",
    "%t = data.addr 0  %i = i32.and %a, 7  %r = i32.load [%t + %i << 2] space 2", "%t = data.addr 0  %i = i32.and %a, 3  %r = i32.load8_u [%t + %i << 2 + 1] space 2",
    "%t = data.addr 0  %i = i32.and %a, 3  %r = i32.load16_s [%t + %i << 2 + 2] space 2",
  ]) test(body, () => { expect(isLinear(body)).toBe(true); });
});

describe("not linear", () => {
  for (const body of [
    "%r = i32.and %a, %b", "%r = i32.or %a, %b", "%r = i32.add %a, %b", "%r = i32.add %a, 1", "%r = i32.mul %a, 3", "%r = i32.sub 0, %a", "%r = i32.shl %a, %b", "%r = i32.eqz %a", "%r = i32.lt_s %a, 1", "%r = i32.ctz %a",
    "%r = i32.eq %a, %b", "%c = i32.and %a, 3  %r = i32.select %c, 1, 0", "%c = i32.and %a, 1  %r = i32.select %c, %a, %b",
    "%t = data.addr 0  %i = i32.and %a, 7  %r = i32.load [%t + %i << 2 + 32] space 2", "%t = data.addr 0  %i = i32.and %a, 15  %r = i32.load [%t + %i << 2 + 4] space 2", "%t = data.addr 0  %r = i32.load [%t + %a << 2] space 2",
  ]) test(body, () => { expect(isLinear(body)).toBe(false); });
});
