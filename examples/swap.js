// Slow values that change while the kernel is in use: a new array, then an edit in place. No call waits, every result is right.

import { specialize } from "wasmorph";

function blend(a, b, out, weights) {
  for (let i = 0; i < out.length; i++) out[i] = weights[0] * a[i] + weights[1] * b[i];
}

const fast = specialize(blend, { slow: ["weights"] });
const a = Float64Array.from({ length: 1000 }, (_, i) => i);
const b = Float64Array.from({ length: 1000 }, (_, i) => 1 / (i + 1));
const out = new Float64Array(1000);
const expected = new Float64Array(1000);

/** Calls until the version is there, and tells who served. */
async function use(weights, title) {
  for (let call = 0; call < 3; call++) {
    const before = { ...fast.stats().calls };
    fast(a, b, out, weights);
    const tier = Object.keys(before).find((name) => fast.stats().calls[name] > before[name]);
    blend(a, b, expected, weights);
    const right = out.every((value, i) => Object.is(value, expected[i]));
    console.log(`${title}: served by ${tier}, ${right ? "right" : "WRONG"}`);
    await fast.prepare(a, b, out, weights);
  }
}

const weights = [0.5, 0.5];
await use(weights, "first weights   ");
await use([0.9, 0.1], "a new array     ");
weights[0] = 2;
await use(weights, "edited in place ");
await use([0.9, 0.1], "seen before     ");
console.log("versions:", fast.versions().map(({ tier, state, calls }) => `${tier} ${state} (${calls} calls)`).join(", "));
