// A kernel in TypeScript, for the command: npx wasmorph inspect examples/biquad.ts#biquad --slow … (see the README)

interface Coefficients { readonly b0: number; readonly b1: number; readonly b2: number; readonly a1: number; readonly a2: number }
enum Form { Direct, Transposed }

/** A second-order filter; its coefficients are slow. */
export function biquad(x: Float64Array, y: Float64Array, c: Coefficients, form: Form = Form.Transposed): void {
  let z1 = 0, z2 = 0;
  for (let i = 0; i < y.length; i++) {
    const v = x[i] as number;
    if (form === Form.Transposed) {
      const out = c.b0 * v + z1;
      z1 = c.b1 * v - c.a1 * out + z2;
      z2 = c.b2 * v - c.a2 * out;
      y[i] = out;
    } else {
      const w = v - c.a1 * z1 - c.a2 * z2;
      y[i] = c.b0 * w + c.b1 * z1 + c.b2 * z2;
      z2 = z1;
      z1 = w;
    }
  }
}
