// Slow values that change while the kernel is in use: a new array, then an edit in place. No call waits, every result is right.

import { specialize } from "wasmorph";

function smooth(from, to, weights) {
  for (let i = 0; i < to.length; i++) {
    let sum = 0;
    for (let k = 0; k < weights.length; k++) sum += weights[k] * from[i + k];
    to[i] = sum;
  }
}

const fast = specialize(smooth, { slow: ["weights"] });
const from = Float64Array.from({ length: 4111 }, (_, i) => Math.sin(i));
const to = new Float64Array(4096);
const expected = new Float64Array(4096);

/** Calls, waits until the version is there, calls again; tells who served. */
async function use(weights, title) {
  for (let call = 0; call < 2; call++) {
    const before = { ...fast.stats().calls };
    fast(from, to, weights);
    const tier = Object.keys(before).find((name) => fast.stats().calls[name] > before[name]);
    smooth(from, expected, weights);
    const right = to.every((value, i) => Object.is(value, expected[i]));
    console.log(`${title}: served by ${tier}, ${right ? "right" : "WRONG"}`);
    await fast.prepare(from, to, weights);
  }
}

const bell = Array.from({ length: 16 }, (_, k) => Math.exp(-((k - 8) ** 2) / 16));
const flat = Array.from({ length: 16 }, () => 1 / 16);
await use(bell, "first weights   ");
await use(flat, "other weights   ");
bell[0] = 2;
await use(bell, "edited in place ");
await use([...flat], "an equal array  ");
console.log("versions:", fast.versions().map(({ tier, state, calls }) => `${tier} ${state} (${calls} calls)`).join(", "));
