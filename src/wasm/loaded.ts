// Numbers that are loaded only to be put into a register: one instruction does both, of which a machine's port for shuffles sees less, or nothing.
//
//   f64x2.splat (f64.load %p)                   →  v128.load64_splat %p
//   f32x4.replace_lane[2] %v (f32.load %p)      →  v128.load32_lane[2] %p %v

/** The instruction that loads into every lane, by the one that fills the lanes and the one that loads. */
const splats = {
  "f64x2.splat": { "f64.load": "v128.load64_splat" }, "i64x2.splat": { "i64.load": "v128.load64_splat" },
  "f32x4.splat": { "f32.load": "v128.load32_splat" }, "i32x4.splat": { "i32.load": "v128.load32_splat" },
  "i16x8.splat": { "i32.load16_u": "v128.load16_splat", "i32.load16_s": "v128.load16_splat" }, "i8x16.splat": { "i32.load8_u": "v128.load8_splat", "i32.load8_s": "v128.load8_splat" },
} as const;
/** The instruction that loads into one lane, likewise. */
const lanes = {
  "f64x2.replace_lane": { "f64.load": "v128.load64_lane" }, "i64x2.replace_lane": { "i64.load": "v128.load64_lane" },
  "f32x4.replace_lane": { "f32.load": "v128.load32_lane" }, "i32x4.replace_lane": { "i32.load": "v128.load32_lane" },
} as const;

export const splatLoads: readonly string[] = [...new Set(Object.values(splats).flatMap((row) => Object.values(row)))];
export const laneLoads: readonly string[] = [...new Set(Object.values(lanes).flatMap((row) => Object.values(row)))];

const both: Readonly<Record<string, Readonly<Record<string, string>>>> = { ...splats, ...lanes };
/** What does both; undefined where nothing does. */
export const loadsInto = (op: string, load: string): string | undefined => both[op]?.[load];
