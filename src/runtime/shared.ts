// One entry for all versions of a kernel whose entries have the same text: they differ in the values that the text names. To swap between
// them is to set these values and the trampoline's target; the function that the dispatcher calls stays the same, and so does everything that
// the engine has learnt about it.
//
// Guarantees: whatever version's values are set, the entry means that version's guard followed by that version's program: it may be entered
// whenever any version in use is bound. Nothing of the user's runs inside (see `canShare`), so no swap happens in the middle of a call.
// Requires: an entry that the dispatcher has is bound to a version that is in use (Kernel.drop sees to it).

import type { Enter, EntryParts } from "./entry.ts";
import { entrySource, sharedForm } from "./generated.ts";
import type { Outside } from "./outcome.ts";
import type { Plan } from "./plan.ts";
import { runsUserCode } from "./surroundings.ts";
import { trampoline, type FunctionType, type Trampoline } from "./trampoline.ts";

/** A version's way into a shared entry. */
export interface Way {
  /** enters this version, whatever the entry was bound to */
  readonly enter: Enter;
  /** binds the entry to this version, for the dispatcher */
  activate(): Enter;
}

interface Shared {
  readonly enter: Enter;
  bind(values: readonly unknown[]): void;
  owner: object | null;
  trampoline: Trampoline | null | undefined;
}

/** texts kept for each kernel; further ones are forgotten, and made again */
const most = 32;

export class SharedEntries {
  private readonly byText = new Map<string, Shared>();

  /** `type`: of the program where it is a WebAssembly function. */
  way(parts: EntryParts, outside: Outside, type: FunctionType | null): Way {
    const source = entrySource(parts, outside);
    const key = `${source.source} ${type === null ? "" : `${type.params.join()}:${type.results.join()}`}`;
    let shared = this.byText.get(key);
    if (shared === undefined) {
      if (this.byText.size >= most) this.byText.delete(this.byText.keys().next().value!);
      this.byText.set(key, (shared = { ...sharedForm(source), owner: null, trampoline: undefined }));
    }
    return wayInto(shared, source.values, type);
  }
}

/** `values[0]` is the program. */
function wayInto(shared: Shared, values: readonly unknown[], type: FunctionType | null): Way {
  const { enter } = shared;
  const me = {};
  const bind = (): void => {
    if (shared.owner === me) return;
    // the first version is called directly
    if (shared.owner !== null && type !== null && shared.trampoline === undefined) shared.trampoline = trampoline(type);
    shared.owner = me;
    const { trampoline: by } = shared;
    if (by == null) { shared.bind(values); return; }
    by.target(values[0] as Parameters<Trampoline["target"]>[0]);
    shared.bind([by.run, ...values.slice(1)]);
  };
  return {
    enter: (self, ...args) => { bind(); return enter(self, ...args); },
    activate: () => { bind(); return enter; },
  };
}

/** Does nothing of the user's run while a call is tested? Then no version can be swapped in while another's guard runs. */
export const canShare = (plan: Plan): boolean =>
  plan.roots.every(({ from }) => from !== "variable")
  && plan.steps.every((step) => !(step.do === "test" && step.test.is === "accepted" && runsUserCode(step.test.accepts)) && !(step.do === "ask" && runsUserCode(step.holds)));
