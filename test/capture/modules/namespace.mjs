import * as m from "./exports.mjs";
import { counter, inc } from "./exports.mjs";
export function byField(x) { inc(); return m.counter * 100 + m.fixed + x; }
export function byName(x) { m.inc(); return counter + x; }
export function reads(x) { return m.counter + x; }
export { inc };
