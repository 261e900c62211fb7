// The entries of swapped kernels, each in a text of its own, for hosts that forbid `new Function`: what shared.ts is where code may be generated.
//
// Before: a kernel's versions whose entries are of one form (which arguments are tested, and how; which are passed on) and differ in the numbers that they
// want and in the program. After: one entry for all of them, in which what they have in common is constant, the numbers are variables, and the program
// is called through a trampoline. A swap sets these. The engine learns of each kernel by itself, as from texts.ts.
//
// Guarantees: as shared.ts; nothing of the user's runs while numbers are tested.
// Requires: all rows are the first one's text, letter by letter. Edit the first; this writes the others, and without the variable tests that they are equal:
//   UPDATE_TEXTS=1 npx vitest run test/runtime/texts.test.ts

import type { Type } from "../ir/types.ts";
import { constantsOf, more, pick, type Constants, type Numeric } from "./closures.ts";
import { caught, missed, type EntryParts, type Quick } from "./entry.ts";
import { makeCounts, type Counts, type Tally } from "./tally.ts";
import { trampoline, type Trampoline } from "./trampoline.ts";

interface Form { readonly enter: Quick; bind(to: Constants): void }
/** One by one, since variables that are parameters always have a value: the engine asks of others at each use. */
type Row = (
  k0: number, k1: number, k2: number, k3: number, k4: number, params: number, p: number, q: number, r: number, s: number, counts: Counts, run: Constants["run"],
  n0: unknown, n1: unknown, n2: unknown, n3: unknown, n4: unknown, parts: EntryParts,
) => Form;

/** One kernel's entry. */
export class Rebound {
  private readonly form: Form;
  /** what its versions have in common */
  private readonly same: Constants;
  private readonly counts = makeCounts();
  private readonly through: Trampoline;
  /** of the version whose numbers are set */
  private owner: Tally | null = null;

  private constructor(row: Row, constants: Constants, through: Trampoline) {
    const { k0, k1, k2, k3, k4, params, p, q, r, s, n0, n1, n2, n3, n4, parts } = constants;
    this.same = constants;
    this.form = row(k0, k1, k2, k3, k4, params, p, q, r, s, this.counts, through.run as Constants["run"], n0, n1, n2, n3, n4, parts);
    this.through = through;
  }

  /** Null: the texts are used up, or it can't be called through a trampoline. */
  static of(numeric: Numeric): Rebound | null {
    const constants = constantsOf(numeric), through = trampoline({ params: Array<Type>(numeric.params).fill("f64"), results: ["f64"] });
    return constants === null || through === null || used === rows.length ? null : new Rebound(rows[used++]!, constants, through);
  }

  /** The entry, for that version; null: its entry is of another form. */
  bind(numeric: Numeric): Quick | null {
    const constants = constantsOf(numeric);
    if (constants === null || !form.every((key) => constants[key] === this.same[key])) return null;
    const { tally, run } = constants.parts;
    if (this.owner !== tally) {
      this.owner?.giveBack();
      this.owner = tally;
      tally.borrow(this.counts);
      this.through.target(run as Parameters<Trampoline["target"]>[0]);
      this.form.bind(constants);
    }
    return this.form.enter;
  }
}

const form = ["k0", "k1", "k2", "k3", "k4", "params", "p", "q", "r", "s"] as const;

let used = 0;
const rows: readonly Row[] = [
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
  (k0, k1, k2, k3, k4, params, p, q, r, s, counts, run, n0, n1, n2, n3, n4, parts) => {
    return { bind(to) { n0 = to.n0; n1 = to.n1; n2 = to.n2; n3 = to.n3; n4 = to.n4; parts = to.parts; }, enter: (_self, a, b, c, d, e) => {
      if (!((k0 > 1 ? a === n0 : k0 < 1 || typeof a === "number") && (k1 > 1 ? b === n1 : k1 < 1 || typeof b === "number") && (k2 > 1 ? c === n2 : k2 < 1 || typeof c === "number")
        && (k3 > 1 ? d === n3 : k3 < 1 || typeof d === "number") && (k4 > 1 ? e === n4 : k4 < 1 || typeof e === "number"))) return missed(); counts[0]! += counts[2]!;
      try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
    } };
  },
];
