// One entry for all versions of a kernel whose entries have the same text: they differ in the values that the text names. To swap between
// them is to set these values and the trampoline's target; the function that the dispatcher calls stays the same, and so does everything that
// the engine has learnt about it.
//
// Guarantees: whatever version's values are set, the entry means that version's guard followed by that version's program: it may be entered
// whenever any version in use is bound. Nothing of the user's runs inside (see `canShare`), so no swap happens in the middle of a call.
// Requires: an entry that the dispatcher has is bound to a version that is in use (Kernel.drop sees to it).

import { Codes } from "../capture/codes.ts";
import type { EntryParts, Quick } from "./entry.ts";
import { entrySource, generatedFrom, sharedForm, type EntrySource, type SharedForm } from "./generated.ts";
import type { Outside } from "./outcome.ts";
import type { Plan } from "./plan.ts";
import { runsUserCode } from "./surroundings.ts";
import type { Tally } from "./tally.ts";
import { trampoline, type FunctionType, type Trampoline } from "./trampoline.ts";

/** A version's way into a shared entry. */
export interface Way {
  /** makes what `activate` needs and is not there yet, so that a swap finds it */
  prepare(): void;
  /** binds the entry to this version, for the dispatcher */
  activate(): Quick;
  /** an entry that is never bound to another version, for a dispatcher that tries several */
  alone(): Quick;
  /** may the entry that was activated be bound to another version? */
  readonly shared: boolean;
}

interface Shared {
  readonly source: EntrySource;
  readonly type: FunctionType | null;
  /** what versions after the first are entered by; null while there is one only */
  form: SharedForm | null;
  trampoline: Trampoline | null;
  /** of the version whose values are set */
  owner: Tally | null;
}

/** texts kept for each kernel; further ones are forgotten, and made again */
const most = 32;

export class SharedEntries {
  private readonly byText = new Map<string, Shared>();
  /** the code that places the kernel's arrays (placing.ts) */
  readonly codes = new Codes();

  /** `type`: of the program where it is a WebAssembly function. */
  way(parts: EntryParts, outside: Outside, type: FunctionType | null): Way {
    const source = entrySource(parts, outside);
    const key = `${source.source} ${type === null ? "" : `${type.params.join()}:${type.results.join()}`}`;
    const shared = this.byText.get(key);
    if (shared !== undefined) return wayInto(shared, source.values, parts.tally, null);
    if (this.byText.size >= most) this.byText.delete(this.byText.keys().next().value!);
    const made: Shared = { source, type, form: null, trampoline: null, owner: null };
    this.byText.set(key, made);
    return wayInto(made, source.values, parts.tally, generatedFrom(source));
  }
}

/**
 * `values[0]` is the program. The first version of a text has an entry of its own, in which its values are constants, until another one
 * comes: a kernel that is never swapped pays for nothing.
 */
function wayInto(shared: Shared, values: readonly unknown[], tally: Tally, first: Quick | null): Way {
  let own = first;
  const bind = (): Quick => {
    if (first !== null && shared.form === null) return first;
    const form = formOf(shared);
    if (shared.owner !== tally) {
      shared.owner?.giveBack();
      shared.owner = tally;
      tally.borrow(form.counts);
      shared.trampoline?.target(values[0] as Parameters<Trampoline["target"]>[0]);
      form.bind(values);
    }
    return form.enter;
  };
  const prepare = (): void => { if (first === null) formOf(shared); };
  return { prepare, activate: bind, alone: () => (own ??= generatedFrom({ ...shared.source, values })), shared: true };
}

function formOf(shared: Shared): SharedForm {
  if (shared.form === null) {
    shared.trampoline = shared.type && trampoline(shared.type);
    shared.form = sharedForm(shared.source, shared.trampoline?.run ?? null);
  }
  return shared.form;
}

/** Does nothing of the user's run while a call is tested? Then no version can be swapped in while another's guard runs. */
export const canShare = (plan: Plan): boolean =>
  plan.roots.every(({ from }) => from !== "variable")
  && plan.steps.every((step) => !(step.do === "test" && step.test.is === "accepted" && runsUserCode(step.test.accepts)) && !(step.do === "ask" && runsUserCode(step.holds)));
