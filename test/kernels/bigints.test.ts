// 64-bit arithmetic as people write it with BigInt: hashes, generators of random numbers, modular arithmetic; and each operator at the edges.

import { describe, expect, test } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { served } from "./served.ts";

const M64 = (1n << 64n) - 1n;
const table = [0x428a2f98d728ae22n, 0x7137449123ef65cdn, 0xb5c0fbcfec4d3b2fn, 0xe9b5dba58189dbbcn];
const state = new BigUint64Array([1n, 0xffffffffffffffffn]);

describe("hashes and generators", () => {
  test("splitmix", () => served(
    function (seed: bigint) { let z = BigInt.asUintN(64, seed + 0x9e3779b97f4a7c15n); z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n); z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn); return z ^ (z >> 31n); },
    [[1n], [0x123456789abcdefn]]));
  test("fnv64", () => served(
    function (bytes: Uint8Array) { let h = 0xcbf29ce484222325n; for (let i = 0; i < bytes.length; i++) { h ^= BigInt(bytes[i]!); h = BigInt.asUintN(64, h * 0x100000001b3n); } return h; },
    [[new Uint8Array([1, 2, 3, 255])], [new Uint8Array([9, 8])]]));
  test("fnv64 mask", () => served(
    function (bytes: Uint8Array) { let h = 0xcbf29ce484222325n; for (let i = 0; i < bytes.length; i++) { h ^= BigInt(bytes[i]!); h = (h * 0x100000001b3n) & M64; } return Number(h & 0xffffffffn); },
    [[new Uint8Array([1, 2, 3, 255])], [new Uint8Array([9, 8])]]));
  test("xorshift array", () => served(
    function (state: BigUint64Array, n: number) { let s = 0; for (let i = 0; i < n; i++) { let s1 = state[0]!; const s0 = state[1]!; state[0] = s0; s1 ^= s1 << 23n; s1 = BigInt.asUintN(64, s1); state[1] = s1 ^ s0 ^ (s1 >> 18n) ^ (s0 >> 5n); s += Number(state[1]! & 0xffn); } return s; },
    [[new BigUint64Array([1n, 2n]), 5], [new BigUint64Array([77n, 22n]), 3]]));
  test("dataview", () => served(
    function (dv: DataView, n: number) { let h = 0n; for (let i = 0; i < n; i++) h = BigInt.asUintN(64, h * 31n + dv.getBigUint64(i * 8, true)); return Number(h >> 11n); },
    [[new DataView(new ArrayBuffer(64)), 5], [new DataView(new Uint8Array(64).fill(9).buffer), 3]]));
  test("pcg local", () => served(
    function (n: number) { let state = 0x853c49e6748fea9bn, s = 0; for (let i = 0; i < n; i++) { const old = state; state = BigInt.asUintN(64, old * 6364136223846793005n + 1442695040888963407n); const xs = Number(BigInt.asUintN(32, ((old >> 18n) ^ old) >> 27n)); const rot = Number(old >> 59n); s += ((xs >>> rot) | (xs << (-rot & 31))) >>> 0; } return s; },
    [[5], [9]]));
  test("static table", () => served(
    function (n: number) { let s = 0n; for (let i = 0; i < n; i++) s = BigInt.asUintN(64, s * 3n + table[i & 3]!); return s; },
    [[5], [9]]));
  test("counter", () => served(
    function (n: bigint) { let s = 0n; for (let i = 0n; i < n; i++) s += i * i; return s; },
    [[5n], [9n]]));
  test("fib", () => served(
    function (n: number) { let a = 0n, b = 1n; for (let i = 0; i < n; i++) { const t = a + b; a = b; b = t; } return a; },
    [[5], [90], [100]], { original: 1 }));
  test("gcd", () => served(
    function (a: bigint, b: bigint) { while (b !== 0n) { const t = a % b; a = b; b = t; } return a; },
    [[48n, 18n], [-48n, 18n], [0n, 5n]]));
  test("modpow", () => served(
    function (b: bigint, e: bigint, m: bigint) { let r = 1n; b %= m; while (e > 0n) { if (e & 1n) r = r * b % m; b = b * b % m; e >>= 1n; } return r; },
    [[3n, 200n, 13n], [7n, 65n, 1000003n]]));
  test("rotl", () => served(
    function (x: bigint, k: number) { const r = BigInt(k); return BigInt.asUintN(64, (x << r) | (x >> (64n - r))); },
    [[0x123456789abcdef0n, 13], [5n, 1]]));
  test("murmur fmix", () => served(
    function (k: bigint) { k ^= k >> 33n; k = BigInt.asUintN(64, k * 0xff51afd7ed558ccdn); k ^= k >> 33n; k = BigInt.asUintN(64, k * 0xc4ceb9fe1a85ec53n); return k ^ (k >> 33n); },
    [[1n], [0xffffffffffffffffn]]));
  test("object out", () => served(
    function (a: bigint) { return { lo: a & 0xffffffffn, hi: a >> 32n, arr: [a, -a] }; },
    [[0x123456789abcdefn], [7n]]));
  test("local array", () => served(
    function (a: bigint) { const st = new BigUint64Array(4); st[0] = a; for (let i = 1; i < 4; i++) st[i] = st[i - 1]! * 6364136223846793005n + 1n; return st[3]! ^ st[2]!; },
    [[1n], [77n]]));
  test("captured state is read as it is", () => served(function (n: number) { let s = 0n; for (let i = 0; i < n; i++) s ^= (state[0]! ^ (state[1]! >> 3n)) * BigInt(i); return BigInt.asIntN(64, s); }, [[3], [7]]));
});

const edges = [0n, 1n, -1n, 2n, 7n, -8n, 255n, 0x7fffffffn, -0x80000000n, 0xffffffffn, 0x100000000n, (1n << 63n) - 1n, -(1n << 63n), 1n << 63n, M64, M64 - 1n];
const operators: Record<string, (a: bigint, b: bigint) => unknown> = {
  "+": (a, b) => a + b, "-": (a, b) => a - b, "*": (a, b) => a * b, "/": (a, b) => a / b, "%": (a, b) => a % b,
  "&": (a, b) => a & b, "|": (a, b) => a | b, "^": (a, b) => a ^ b, "<": (a, b) => a < b, "<=": (a, b) => a <= b, ">": (a, b) => a > b, ">=": (a, b) => a >= b,
  "===": (a, b) => a === b, "!==": (a, b) => a !== b, "==": (a, b) => a == b,
  "<<": (a, b) => BigInt.asIntN(64, a << (b & 63n)), ">>": (a, b) => a >> (b & 63n), "-a": (a) => -a, "~a": (a) => ~a, "a++": (a) => { const t = a++; return [t, a]; }, "a--": (a) => { a--; return a; },
  "Number(a)": (a) => Number(a), "BigInt(Number(a))": (a) => BigInt(Number(a)), "asUintN(64)": (a, b) => BigInt.asUintN(64, a * b + 3n), "asIntN(64)": (a, b) => BigInt.asIntN(64, a * b - 3n),
  "asUintN(7)": (a) => BigInt.asUintN(7, a), "asIntN(13)": (a) => BigInt.asIntN(13, a), "asUintN(0)": (a) => BigInt.asUintN(0, a), "a * b >> 3n": (a, b) => (a * b) >> 3n, "(a - b) / 3n": (a, b) => (a - b) / 3n,
  "a << 65n": (a) => BigInt.asUintN(64, (a << 65n) + 1n), "a >> 70n": (a) => a >> 70n, "!a": (a) => !a, "a ? 1 : 2": (a) => (a ? 1 : 2), "typeof": (a) => typeof a, "a < 5": (a) => (a as unknown as number) < 5, "a == 7": (a) => (a as unknown as number) == 7,
  "if": (a, b) => { let t = a; if (a < b) t = b - 1n; return t ^ 5n; }, "choice": (a, b) => (a > b ? a : b) + 1n,
};

describe("every operator, at the edges of 64 bits", async () => {
  await ready();
  for (const [name, f] of Object.entries(operators)) {
    for (const tier of ["wasm", "js"] as const) {
      test(`${name} in ${tier}`, () => {
        const kernel = specialize(f, { tier, compile: "sync", limits: { versions: 64 } });
        for (const a of edges) {
          for (const b of edges) {
            const outcome = (g: typeof f): unknown => { try { return g(a, b); } catch (error) { return String(error); } };
            expect(outcome(kernel), `${a}n, ${b}n`).toEqual(outcome(f));
          }
        }
        const { calls } = kernel.stats();
        expect(calls[tier], kernel.diagnostics().map((d) => d.message).join("; ")).toBeGreaterThan(edges.length * edges.length / 3);
      });
    }
  }
});

describe("what has more than 64 bits is left to the original", () => {
  const hint = (f: (...args: never[]) => unknown, ...args: unknown[]): string[] => { const k = specialize(f, { tier: "wasm", compile: "sync" }); k(...(args as never[])); return k.diagnostics().map((d) => d.hint); };
  test("… with the remedy", () => expect(hint((a: bigint) => ((a << 100n) + 1n) % 7n, 5n).join()).toMatch(/BigInt.asUintN/));
  test("products that a loop begins with: tested before it", () => served(
    (a: bigint, b: bigint, c: bigint) => { let n = a * b - c, d = c * c; n = n < 0n ? -n : n; while (d) { const r = n % d; n = d; d = r; } return [a * b / n, n]; }, [[-30n, 4n, 6n], [-9n, 2n, 3n], [1n << 40n, 1n << 40n, 7n], [0n, 5n, -4n]], { original: 1 }));
  test("a difference of two without a sign is taken to have none: which is less is known then", () => served(
    (a: bigint, b: bigint, c: bigint) => { const n = a * b - c; return (n < 0n ? -n : n) / c; }, [[30n, 4n, 6n], [3n, 4n, 6n]]));
  test("a call in which it happens", () => served((a: bigint, b: bigint) => (a * b) % 1000n, [[3n, 4n], [1n << 40n, 1n << 40n], [5n, 6n]], { original: 1 }));
});
