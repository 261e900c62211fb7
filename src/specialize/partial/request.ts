// What the partial evaluator is asked for: a kernel, what is known of its values, and what it may call.

import type { Kind, RareCase } from "../../ir/interface.ts";
import type { Code, NodeRef, SnapshotView, SnapValue } from "../../ir/snapshot.ts";
import type { Unit } from "../../ir/types.ts";
import type { Limits } from "./budget.ts";
import type { Pinned } from "./lifting.ts";

/** A static argument: of the snapshot, or made by the kernel. */
export type Given = SnapValue | { readonly list: readonly Given[] } | { readonly record: readonly (readonly [string, Given])[] };
export interface PureCalls {
  declared(fn: NodeRef): boolean;
  call(fn: NodeRef, self: Given, args: readonly Given[]): { readonly threw: false; readonly value: SnapValue } | { readonly threw: true };
}

export interface EvaluationRequest {
  readonly kernel: NodeRef;
  readonly snapshot: SnapshotView;
  readonly self: Kind;
  readonly args: readonly Kind[];
  /** typed arrays among the fast values may share bytes */
  readonly overlap: boolean;
  readonly limits: Limits;
  /** what calls of the kernel have done that programs are at first made without */
  readonly rare?: readonly RareCase[] | undefined;
  /** record what is done, for explain() */
  readonly traced?: boolean;
  /** a template is wanted (lifting.ts): what is known to decide, which the walk adds to */
  readonly pinned?: Pinned;
  /** calls what the user declared pure; absent where nothing was, or no live function is at hand */
  readonly callPure?: PureCalls | undefined;
  /** the IR of a function's text */
  readonly resolve: (code: Code) => Unit;
  /** the IR of a built-in function that is written in JavaScript */
  readonly prelude: (name: string) => Code | undefined;
}
