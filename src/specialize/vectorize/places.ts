// Where values lie in a ring of n places, n > 0 and perhaps known only when the call is made: bounds a·n + c from below and from above.
//
//   %p in [0, n − 1]                        what is supposed of a carried value
//   %q = f64.add %p 1.0                     in [1, n]
//   %r = f64.rem %q %n                      in [0, n − 1] again; so are  q === n ? 0 : q,  q >= n ? q - n : q  and  q & (n - 1)
//   %s = f64.add %phase %step               in [0, 1.5·n], if the step is in [0, n / 2]
//
// Sound: whole numbers are small against 2^53, n at most `mostPlaces`. A phase, which may be a fraction, is below n; with a step added it is at most
// 1.5·n, rounded or not, since that is a double; and n is taken off only what is between n and 2·n, which is exact (Sterbenz, 1974). −0 is no place.

import { constantOf } from "../../ir/build.ts";
import type { Loop, Machine, Value } from "../../ir/types.ts";
import type { Ranges } from "../ranges.ts";

/** A ring by its number of places: a constant, or an int32 from outside the loop. */
export type Ring = Value | number;
/** a·n + c */
interface Limit { readonly a: number; readonly c: number }
/** `open`: below `high`, not equal to it. Of a constant the ring is any. */
export interface Place { readonly ring: Ring | null; readonly low: Limit; readonly high: Limit; readonly open: boolean; readonly whole: boolean }

export const mostPlaces = 2 ** 29;
const deepest = 10;

/** so that int32 has room for what is made of places */
const far = { turns: 2, places: 2 ** 28 };
const limit = (a: number, c: number): Limit => ({ a, c });
const zero = limit(0, 0);
/** Whether x ≤ y for every n that there may be. */
function isAtMost(x: Limit, y: Limit, ring: Ring | null): boolean {
  if (typeof ring === "number") return x.a * ring + x.c <= y.a * ring + y.c;
  return y.a >= x.a && x.c - y.c <= y.a - x.a;
}
/** A phase that is below n − less. */
export const phaseBelow = (ring: Ring, less: number): Place => ({ ring, low: zero, high: limit(1, -less), open: true, whole: false });
export const placeIn = (ring: Ring, whole: boolean): Place => ({ ring, low: zero, high: whole ? limit(1, -1) : limit(1, 0), open: !whole, whole });
/** Whether it is one of the ring's places, or a phase of it. */
export function isIn({ ring, low, high, open }: Place, wanted: Ring): boolean {
  if (ring !== null && ring !== wanted || !isAtMost(zero, low, wanted)) return false;
  if (open) return isAtMost(high, limit(1, 0), wanted);
  return typeof wanted === "number" ? high.a * wanted + high.c < wanted : high.a < 1 ? high.c <= 0 : high.a === 1 && high.c < 0;
}

/** What has to hold beside what is supposed: a summand in [0, n], a step in [0, n / 2], a ring that has so many places. */
export type Demand = { readonly kind: "summand" | "step"; readonly value: Value; readonly ring: Ring } | { readonly kind: "places"; readonly ring: Ring; readonly least: number };

type Refined = ReadonlyMap<Value, Place>;
const nothingRefined: Refined = new Map();

export class Places {
  /** carried values and where they are supposed to lie */
  readonly supposed = new Map<Value, Place>();
  readonly demands = new Map<string, Demand>();
  private readonly known = new Map<Value, Place | null>();
  /** what is demanded by now is all that will be asked */
  private closed = false;
  private readonly inside: (v: Value) => boolean;
  private readonly ranges: Ranges;

  constructor(inside: (v: Value) => boolean, ranges: Ranges) {
    this.inside = inside;
    this.ranges = ranges;
  }

  /** Forgets what followed from what is no longer supposed. */
  forget(): void { this.known.clear(); this.demands.clear(); }
  /** From now on nothing more is demanded: what would need it is no place. */
  close(): void { this.closed = true; }

  of(v: Value): Place | null {
    let found = this.known.get(v);
    if (found === undefined) this.known.set(v, found = this.find(v, nothingRefined, deepest));
    return found;
  }
  /** Whether the value is n. */
  isNumberOf(v: Value, ring: Ring): boolean { const by = this.limitOf(v, ring), one = limit(1, 0); return by !== null && isAtMost(by, one, ring) && isAtMost(one, by, ring); }
  /** Whether a length is at least the ring's. */
  holds(length: Value, ring: Ring): boolean { const by = this.limitOf(length, ring); return by !== null && isAtMost(limit(1, 0), by, ring); }
  /** What a place may be compared with: a whole number, n, or as many more. */
  isComparable(v: Value, ring: Ring): boolean { const by = this.limitOf(v, ring); return by !== null && Number.isInteger(by.c) && Math.abs(by.c) <= far.places; }

  /** What the value is against rings: n itself or so many more; of a constant, and of what is no such, null. */
  ringOf(v: Value): { readonly ring: Value; readonly plus: number } | null {
    if (this.inside(v) || constantOf(v) !== undefined) return null;
    const { def } = v;
    if (def?.op === "f64.convert_i32_s" || def?.op === "i32.from_f64" || def?.op === "i32.trunc_sat_f64_s") return this.ringOf(def.args[0]!);
    const by = def?.op === "i32.add" || def?.op === "f64.add" || def?.op === "f64.sub" ? constantOf(def.args[1]!) : undefined;
    if (typeof by === "number" && Number.isInteger(by) && Math.abs(by) <= 1024) {
      const of = this.ringOf(def!.args[0]!);
      return of && { ring: of.ring, plus: of.plus + (def!.op === "f64.sub" ? -by : by) };
    }
    return v.type === "i32" && this.ranges.of(v).lo >= 0 ? { ring: v, plus: 0 } : null;
  }
  private limitOf(v: Value, ring: Ring | null): Limit | null {
    const c = constantOf(v);
    if (typeof c === "number") return Object.is(c, -0) || c !== c ? null : limit(0, c);
    const found = this.ringOf(v);
    return found && found.ring === ring ? limit(1, found.plus) : null;
  }

  private find(v: Value, refined: Refined, depth: number): Place | null {
    const known = refined.get(v) ?? this.supposed.get(v);
    if (known) return known;
    const c = constantOf(v);
    if (typeof c === "number") return Math.abs(c) <= far.places && !Object.is(c, -0) ? { ring: null, low: limit(0, c), high: limit(0, c), open: false, whole: Number.isInteger(c) } : null;
    const { def } = v;
    if (depth === 0 || def === null) return null;
    if (!this.inside(v)) {
      const found = this.ringOf(v);
      return found && { ring: found.ring, low: limit(1, found.plus), high: limit(1, found.plus), open: false, whole: true };
    }
    const of = (x: Value): Place | null => this.find(x, refined, depth - 1);
    const [a, b] = def.args as [Value, Value];
    switch (def.op) {
      case "f64.add": case "i32.add": return this.sum(of(a), b) ?? this.sum(of(b), a);
      case "f64.sub": case "i32.sub": return this.difference(of(a), b);
      case "f64.convert_i32_s": return of(a);
      case "f64.floor": case "f64.trunc": case "i32.trunc_sat_f64_s": case "i32.from_f64": return this.truncated(of(a));
      case "f64.rem": case "i32.rem_s": case "i32.rem_u": return this.remainder(of(a), b);
      case "i32.and": return this.masked(b) ?? this.masked(a);
      case "f64.select": case "i32.select": return this.either(def.args[0]!, def.args[1]!, def.args[2]!, refined, depth);
      case "if": {
        const at = def.results.indexOf(v), ends = def.regions.map((r) => r.body.at(-1)!);
        return ends.every((end) => end.op === "yield") ? this.either(def.args[0]!, ends[0]!.args[at]!, ends[1]!.args[at]!, refined, depth) : null;
      }
      case "loop": { const turn = turnOf(def); return turn && this.remainder(of(turn.from), turn.by); }
      default: return null;
    }
  }

  /** Whether it is demanded. */
  private demand(demand: Demand): boolean {
    const key = `${demand.kind} ${"value" in demand ? demand.value.id : demand.least} ${typeof demand.ring === "number" ? demand.ring : `%${demand.ring.id}`}`;
    if (!this.closed) this.demands.set(key, demand);
    return this.demands.has(key);
  }

  private sum(x: Place | null, y: Value): Place | null {
    if (x === null || x.ring === null) return null;
    const by = this.limitOf(y, x.ring), { ring, low, high } = x;
    if (x.whole) {
      return by ? this.movedBy(x, by.a, by.c) : this.isSummand(y, ring) ? near({ ...x, high: limit(high.a + 1, high.c) }) : null;
    }
    if (this.inside(y) || y.type !== "f64" || !isIn(x, ring)) return null;
    if (!this.demand({ kind: "step", value: y, ring })) return null;
    return { ring, low, high: limit(1.5, 0), open: false, whole: false };
  }
  private difference(x: Place | null, y: Value): Place | null {
    if (x === null || x.ring === null) return null;
    const by = this.limitOf(y, x.ring), { ring, low, high } = x;
    if (!x.whole) {
      const once = by && isAtMost(by, limit(1, 0), ring) && isAtMost(limit(1, 0), by, ring) && isAtMost(limit(1, 0), low, ring) && isAtMost(high, limit(2, 0), ring);
      return once ? moved(x, -1, 0) : null;
    }
    return by ? this.movedBy(x, -by.a, -by.c) : this.isSummand(y, ring) ? near({ ...x, low: limit(low.a - 1, low.c) }) : null;
  }
  /** An int32 from outside, as it is or as a double, which has to be in [0, n]. */
  private isSummand(v: Value, ring: Ring): boolean {
    if (this.inside(v) || v.type !== "i32" && v.def?.op !== "f64.convert_i32_s") return false;
    return this.demand({ kind: "summand", value: v, ring });
  }
  /** By a·n + c. A constant delay is taken for one that the ring has places for. */
  private movedBy(x: Place, a: number, c: number): Place | null {
    if (!Number.isInteger(c)) return null;
    const exactly = moved(x, a, c);
    if (typeof x.ring === "number" || Math.abs(c) <= 1 || isIn(exactly, x.ring!)) return near(exactly);
    if (!this.demand({ kind: "places", ring: x.ring!, least: Math.abs(c) })) return null;
    return near(c > 0 ? { ...x, low: limit(x.low.a + a, x.low.c), high: limit(x.high.a + a + 1, x.high.c) } : { ...x, low: limit(x.low.a + a - 1, x.low.c), high: limit(x.high.a + a, x.high.c) });
  }

  private truncated(x: Place | null): Place | null {
    if (x === null || x.whole) return x;
    const { ring, low, high, open } = x;
    if (ring === null || typeof ring === "number" && !Number.isInteger(ring) || !isIn(x, ring) || low.a !== 0 || !Number.isInteger(high.a) || !Number.isInteger(high.c)) return null;
    return { ring, low: zero, high: open ? limit(high.a, high.c - 1) : high, open: false, whole: true };
  }
  private remainder(x: Place | null, by: Value): Place | null {
    if (x === null || x.ring === null) return null;
    const n = this.limitOf(by, x.ring), one = limit(1, 0);
    if (!n || !isAtMost(n, one, x.ring) || !isAtMost(one, n, x.ring) || !isAtMost(zero, x.low, x.ring)) return null;
    const once = isAtMost(x.high, x.whole ? limit(2, -1) : limit(2, 0), x.ring) && (x.whole || x.open || !isAtMost(limit(2, 0), x.high, x.ring));
    return once ? placeIn(x.ring, x.whole) : null;
  }
  private masked(mask: Value): Place | null {
    const c = constantOf(mask);
    if (typeof c === "number") return c > 0 && c < mostPlaces ? placeIn(c + 1, true) : null;
    const found = this.ringOf(mask);
    if (found?.plus !== -1) return null;
    return this.demand({ kind: "places", ring: found.ring, least: 1 }) ? placeIn(found.ring, true) : null;
  }

  private either(cond: Value, yes: Value, no: Value, refined: Refined, depth: number): Place | null {
    const x = this.find(yes, this.refine(cond, true, refined, depth), depth - 1), y = x && this.find(no, this.refine(cond, false, refined, depth), depth - 1);
    if (!x || !y || x.ring !== null && y.ring !== null && x.ring !== y.ring) return null;
    const ring = x.ring ?? y.ring;
    const [low, high] = [isAtMost(x.low, y.low, ring) ? x : isAtMost(y.low, x.low, ring) ? y : null, isAtMost(x.high, y.high, ring) ? y : isAtMost(y.high, x.high, ring) ? x : null];
    if (!low || !high) return null;
    const other = high === x ? y : x;
    return { ring, low: low.low, high: high.high, open: high.open && (other.open || !isAtMost(high.high, other.high, ring)), whole: x.whole && y.whole };
  }

  /** What a condition tells of what it compares. */
  private refine(cond: Value, truth: boolean, refined: Refined, depth: number): Refined {
    const { def } = cond, compared = def && /^(?:f64|i32)\.(lt|le|gt|ge|eq|ne)(?:_s)?$/.exec(def.op);
    if (!compared) {
      const it = def?.op === "i32.eqz" ? def.args[0]! : cond;
      return this.narrowed(it, (it === cond) === truth ? "ne" : "eq", zero, refined, depth);
    }
    const [x, y] = def.args as [Value, Value];
    const relation = truth ? compared[1]! : opposite[compared[1] as keyof typeof opposite];
    const [left, right] = [this.find(x, refined, depth - 1), this.find(y, refined, depth - 1)];
    const bound = left && this.limitOf(y, left.ring), turned = right && this.limitOf(x, right.ring);
    if (left && left.ring !== null && bound) return this.narrowed(x, relation, bound, refined, depth);
    return right && right.ring !== null && turned ? this.narrowed(y, mirrored[relation as keyof typeof mirrored], turned, refined, depth) : refined;
  }
  private narrowed(v: Value, relation: string, by: Limit, refined: Refined, depth: number): Refined {
    const x = this.find(v, refined, depth - 1);
    if (!x || x.ring === null) return refined;
    const { ring, whole } = x;
    let { low, high, open } = x;
    const unit = whole && Number.isInteger(by.c) && Number.isInteger(by.a) ? 1 : 0;
    const least = (l: Limit): void => { if (isAtMost(low, l, ring)) low = l; };
    const most = (h: Limit, isOpen: boolean): void => { if (isAtMost(h, high, ring)) { open = isOpen || open && isAtMost(high, h, ring); high = h; } };
    const up = limit(by.a, by.c + unit), down = limit(by.a, by.c - unit);
    switch (relation) {
      case "lt": most(unit ? down : by, unit === 0); break;
      case "le": most(by, false); break;
      case "gt": least(up); break;
      case "ge": least(by); break;
      case "eq": least(by); most(by, false); break;
      case "ne":
        if (unit && isAtMost(high, by, ring) && isAtMost(by, high, ring)) most(down, false);
        if (unit && isAtMost(low, by, ring) && isAtMost(by, low, ring)) least(up);
        break;
    }
    const result = new Map(refined).set(v, { ring, low, high, open, whole });
    const by1 = whole && v.def && /^(?:f64|i32)\.(?:add|sub)$/.test(v.def.op) && this.inside(v) ? constantOf(v.def.args[1]!) : undefined;
    if (typeof by1 === "number" && Number.isInteger(by1)) result.set(v.def!.args[0]!, moved({ ring, low, high, open, whole }, 0, v.def!.op.endsWith("add") ? -by1 : by1));
    return result;
  }
}

const opposite = { lt: "ge", le: "gt", gt: "le", ge: "lt", eq: "ne", ne: "eq" } as const;
const mirrored = { lt: "gt", le: "ge", gt: "lt", ge: "le", eq: "eq", ne: "ne" } as const;
const moved = (x: Place, a: number, c: number): Place => ({ ...x, low: limit(x.low.a + a, x.low.c + c), high: limit(x.high.a + a, x.high.c + c) });
const near = (x: Place): Place | null => ([x.low, x.high].every(({ a, c }) => Math.abs(a) <= far.turns && Math.abs(c) <= far.places) ? x : null);

/** `while (x >= n) x -= n`: what goes in, and n. */
export function turnOf(loop: Loop): { readonly from: Value; readonly by: Value } | null {
  const { params, body } = loop.regions[0], [x] = params;
  const [test, choice, end] = body as [Machine, typeof body[number], typeof body[number]];
  if (params.length !== 1 || body.length !== 3 || choice.op !== "if" || choice.args[0] !== test.results[0] || !/^(?:f64\.ge|i32\.ge_s)$/.test(test.op) || test.args[0] !== x) return null;
  const [less, again] = choice.regions[0].body;
  const goesRound = choice.regions[0].body.length === 2 && again!.op === "br" && again!.label === loop.label && again!.args[0] === less!.results[0];
  return goesRound && /^(?:f64|i32)\.sub$/.test(less!.op) && less!.args[0] === x && less!.args[1] === test.args[1]
    && choice.regions[1].body.length === 1 && choice.results.length === 0 && end.op === "yield" && end.args[0] === x ? { from: loop.args[0]!, by: test.args[1]! } : null;
}
