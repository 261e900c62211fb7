// Variables of every fate, seen from an ES module.
import { gain, tune } from "./gain.mjs";
import * as everything from "./gain.mjs";

const taps = [1, 2, 3];
let reassigned = 1;
export const bump = () => { reassigned++; };
let once;
once = new Float64Array([4, 5]);
var Mode;
(function (Mode) { Mode[(Mode["Low"] = 0)] = "Low"; })(Mode || (Mode = {}));
let lazy = null;
let shadowed = 1;
function table() { return lazy || (lazy = [7]); }
function usesShadow(shadowed) { shadowed = 2; return shadowed; }

export function kernel(x) {
  return taps[x] + reassigned + once[0] + Mode.Low + lazy[0] + gain + tune + everything.gain + shadowed + usesShadow(x) + Math.sqrt(x) + helper(x);
}
export function prepare() { table(); }
function helper(x) { return x * taps.length; }
export const arrow = (x) => x + taps[0];

export function makeCounter() {
  let count = 0;
  const step = 2;
  return { next: () => (count += step), peek: () => step };
}
export function makeSettled(scale) {
  let sum = 0;
  for (let i = 0; i < 3; i++) sum += i;
  const fs = [];
  for (let i = 0; i < 2; i++) fs.push(() => sum + i + scale);
  return fs;
}
export function makeParameter(k) { return (x) => k * x; }
export function makeChangedParameter(k) { const f = (x) => k * x; k = 3; return f; }

export class Filter {
  static zero = 0;
  #secret = 1;
  constructor(a) { this.a = a; }
  run(x) { return x * this.a + taps[0] + Filter.zero + this.#secret; }
  get twice() { return this.a * 2; }
  static make(a) { return new Filter(a); }
}
export const fact = function f(n) { return n < 2 ? 1 : n * f(n - 1); };
export function early() { return late; }
const lateBefore = typeof globalThis;
export const late = lateBefore.length;
