// The demo's kernels: plain JavaScript, generic in everything that a configuration may say. None of them knows of wasmorph.

/**
 * Convolves the colour channels of an RGBA picture with a square kernel of odd size. The border, where the kernel does not fit, is left
 * as it is in `to`.
 * @param {Uint8ClampedArray} from
 * @param {Uint8ClampedArray} to
 * @param {number} width
 * @param {number} height
 * @param {{ size: number, weights: number[], divisor: number, bias: number }} kernel
 */
export function convolve(from, to, width, height, kernel) {
  const { size, weights, divisor, bias } = kernel;
  const half = size >> 1;
  for (let y = half; y < height - half; y++) {
    for (let x = half; x < width - half; x++) {
      const pixel = (y * width + x) * 4;
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let j = 0; j < size; j++) {
          const row = pixel + channel + (j - half) * width * 4;
          for (let i = 0; i < size; i++) sum += weights[j * size + i] * from[row + (i - half) * 4];
        }
        to[pixel + channel] = sum / divisor + bias;
      }
    }
  }
}

/**
 * Sends each channel through a tone curve of 256 entries, then each pixel through a colour matrix of three rows [r, g, b, offset].
 * @param {Uint8ClampedArray} from
 * @param {Uint8ClampedArray} to
 * @param {number[]} curve
 * @param {number[][]} matrix
 */
export function grade(from, to, curve, matrix) {
  for (let i = 0; i < from.length; i += 4) {
    const r = curve[from[i]];
    const g = curve[from[i + 1]];
    const b = curve[from[i + 2]];
    for (let row = 0; row < 3; row++) {
      const m = matrix[row];
      to[i + row] = m[0] * r + m[1] * g + m[2] * b + m[3];
    }
    to[i + 3] = from[i + 3];
  }
}

/**
 * A cascade of second-order filter sections (transposed direct form II) over a series. `state` holds two numbers a section.
 * @param {Float64Array} from
 * @param {Float64Array} to
 * @param {Float64Array} state
 * @param {{ b0: number, b1: number, b2: number, a1: number, a2: number }[]} sections
 */
export function filter(from, to, state, sections) {
  for (let i = 0; i < from.length; i++) {
    let value = from[i];
    for (let s = 0; s < sections.length; s++) {
      const { b0, b1, b2, a1, a2 } = sections[s];
      const out = b0 * value + state[2 * s];
      state[2 * s] = b1 * value - a1 * out + state[2 * s + 1];
      state[2 * s + 1] = b2 * value - a2 * out;
      value = out;
    }
    to[i] = value;
  }
}
