// Kernels whose residual grows with their configuration: `slow(operations, seed)` gives a configuration for about that many operations. Every seed
// has other constants, so no two versions are the same code, and V8's cache of modules never answers.

/** Numbers that differ from seed to seed, in [1, 2). */
function numbers(count, seed) {
  const list = new Float64Array(count);
  let state = (seed * 2654435761 + 12345) >>> 0;
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    list[i] = 1 + state / 2 ** 32;
  }
  return list;
}

const samples = 16;
const input = (length) => Float64Array.from({ length }, (_, i) => ((i * 37) % 64) / 32 - 1);

/** A chain: every operation needs the one before. */
function polynomial(x, y, c) {
  for (let i = 0; i < y.length; i++) {
    let acc = 0;
    for (let k = 0; k < c.length; k++) acc = acc * x[i] + c[k];
    y[i] = acc;
  }
}

/** Loads with moving offsets. */
function fir(x, y, taps) {
  for (let i = 0; i < y.length; i++) {
    let acc = 0;
    for (let k = 0; k < taps.length; k++) acc += taps[k] * x[i + k];
    y[i] = acc;
  }
}

/** A small network, objects for its layers: nests of loops and an array of its own. */
function network(x, y, layers) {
  for (let n = 0; n < y.length; n++) {
    let now = [x[n], x[n + 1], x[n + 2], x[n + 3]];
    for (const { weights, bias } of layers) {
      const next = [];
      for (let o = 0; o < bias.length; o++) {
        let sum = bias[o];
        for (let i = 0; i < now.length; i++) sum += weights[o * now.length + i] * now[i];
        next.push(sum > 0 ? sum : 0);
      }
      now = next;
    }
    let sum = 0;
    for (let i = 0; i < now.length; i++) sum += now[i];
    y[n] = sum;
  }
}

/** Branches: each rule is an `if` of its own. */
function rules(x, y, list) {
  for (let n = 0; n < y.length; n++) {
    let score = 0;
    for (const { at, least, weight } of list) {
      if (x[n + at] > least) score += weight;
      else if (score > 64) score *= 0.5;
    }
    y[n] = score;
  }
}

/** Integers: shifts, masks, products. */
function hash(x, y, steps) {
  for (let n = 0; n < y.length; n++) {
    let h = n | 0;
    for (let k = 0; k < steps.length; k++) h = Math.imul(h ^ (h >>> 15), steps[k]) + x[n];
    y[n] = h;
  }
}

export const kernels = {
  polynomial: { kernel: polynomial, reach: () => 1, slow: (operations, seed) => numbers(Math.round(operations / 2), seed) },
  fir: { kernel: fir, reach: (operations) => Math.round(operations / 3), slow: (operations, seed) => numbers(Math.round(operations / 3), seed) },
  network: {
    kernel: network, reach: () => 4,
    slow(operations, seed) {
      const wide = 8, layers = [];
      for (let left = operations / 2, inputs = 4; left > 0 || layers.length === 0; left -= inputs * wide + 2 * wide, inputs = wide) {
        const width = Math.max(1, Math.min(wide, Math.floor(left / (inputs + 2))));
        layers.push({ weights: numbers(inputs * width, seed + layers.length), bias: numbers(width, seed - layers.length) });
        if (width < wide) break;
      }
      return layers;
    },
  },
  rules: {
    kernel: rules, reach: () => 8,
    slow: (operations, seed) => [...numbers(Math.max(1, Math.round(operations / 5)), seed)].map((weight, i) => ({ at: (i * 5) % 8, least: weight - 1.5, weight })),
  },
  hash: { kernel: hash, reach: () => 1, slow: (operations, seed) => Int32Array.from(numbers(Math.round(operations / 5), seed), (value) => Math.floor((value - 1) * 2 ** 32) | 1) },
};

/** so many operations more are another shape, for every kernel */
export const shapeStep = 12;

/** A call's arguments: a few samples only, so that running them is next to nothing. */
export function argsOf({ reach, slow }, operations, seed) {
  return [input(samples + reach(operations)), new Float64Array(samples), slow(operations, seed)];
}
