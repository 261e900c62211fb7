// The helper functions that the `js` spellings of the operation table call: names that begin with `$` (`$nearest($0)`).
// `helpers[name]` is a whole JavaScript statement that declares `name`; emit it once in a module that uses it. They need nothing but
// the engine's own globals. They mean what exact.ts means; test/ir/ops.test.ts holds both against V8 and emitted WebAssembly.
//
// `$lanes` (the vector rows) has no helper: residual JavaScript is made before vectorization and meets no v128.

/** a function over two views of the same eight bytes: write as `from`, read as `to` */
const reinterpret = (name: string, from: string, to: string): string =>
  `const ${name} = (() => { const from = new ${from}(1), to = new ${to}(from.buffer); return (x) => { from[0] = x; return to[0]; }; })();`;

export const helpers = {
  /** a NaN's sign cannot be seen in JavaScript: it counts as positive */
  $copysign: "const $copysign = (a, b) => (b < 0 || Object.is(b, -0) ? -Math.abs(a) : Math.abs(a));",
  /** half to even: adding 2^52 leaves no bits for a fraction, so the addition itself rounds */
  $nearest: "const $nearest = (x) => { const a = Math.abs(x); if (!(a < 4503599627370496)) return x; "
    + "const r = a + 4503599627370496 - 4503599627370496; return x < 0 || Object.is(x, -0) ? -r : r; };",
  $truncSat: "const $truncSat = (x) => (x <= -2147483648 ? -2147483648 : x >= 2147483647 ? 2147483647 : x | 0);",
  $truncSatU: "const $truncSatU = (x) => (x >= 4294967295 ? -1 : x > 0 ? x | 0 : 0);",
  $truncSat64: "const $truncSat64 = (x) => (x !== x ? 0n : x <= -9223372036854775808 ? -9223372036854775808n : "
    + "x >= 9223372036854775808 ? 9223372036854775807n : BigInt(Math.trunc(x)));",
  $bitsOfF64: reinterpret("$bitsOfF64", "Float64Array", "BigInt64Array"),
  $f64OfBits: reinterpret("$f64OfBits", "BigInt64Array", "Float64Array"),
  $bitsOfF32: reinterpret("$bitsOfF32", "Float32Array", "Int32Array"),
  $f32OfBits: reinterpret("$f32OfBits", "Int32Array", "Float32Array"),
  /** no end: the engine's error of calls that nest too deep */
  $deeper: "function $deeper() { $deeper(); }",
} as const satisfies Record<string, string>;

export type Helper = keyof typeof helpers;

/** The helpers that a spelling calls. */
export const helpersOf = (js: string): Helper[] => (js.match(/\$[A-Za-z]\w*/g) ?? []).filter((name) => Object.hasOwn(helpers, name)) as Helper[];
