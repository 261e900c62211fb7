// Seeded inputs (mulberry32, Tommy Ettinger, public domain): every subject of the benchmark, in every process, gets the same.

export function seededRandom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 0x100000000;
  };
  const between = (low, high) => low + next() * (high - low);
  return {
    between,
    /** fills an array with numbers in [low, high), whole ones where it holds such */
    fill(array, low, high) {
      const whole = !(array instanceof Float64Array || array instanceof Float32Array);
      for (let i = 0; i < array.length; i++) array[i] = whole ? Math.floor(between(low, high)) : between(low, high);
      return array;
    },
  };
}
