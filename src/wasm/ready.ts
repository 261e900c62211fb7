// What writes WebAssembly, loaded when it is first needed: this package's emitter, and Binaryen beneath it (half a second). Whoever is served by
// JavaScript, or by what a worker makes, never reads either.
//
//   ready()    loads both, once; loaded() says whether that has happened
//   writer()   both; throws before

type Writer = Pick<typeof import("./emit.ts"), "emit"> & Pick<typeof import("./binaryen.ts"), "binaryen">;

let there: Writer | null = null;
let loading: Promise<void> | null = null;

/** Cheap when all is there already. */
export function ready(): Promise<void> {
  return (loading ??= load().catch((error: unknown) => { loading = null; throw error; }));
}
export const loaded = (): boolean => there !== null;

export function writer(): Writer {
  if (there === null) throw new Error("WebAssembly can't be written before ready()");
  return there;
}

async function load(): Promise<void> {
  const [{ emit }, { binaryen, ready: withBinaryen }] = await Promise.all([import("./emit.ts"), import("./binaryen.ts")]);
  await withBinaryen();
  there = { emit, binaryen };
}
