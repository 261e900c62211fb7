// An engine that does not stop where it was asked to: the function is not called, or what it did is seen, undone as far as it can be, and told.

import { Session } from "node:inspector";
import { afterEach, expect, it, vi } from "vitest";
import { accessorsOf } from "../../src/capture/accessors.ts";
import { inspectFunction } from "../../src/capture/inspector.ts";

type Post = (method: string, params?: object, callback?: (error: Error | null, result?: object) => void) => void;
const reach = (fn: Function, name: string) => accessorsOf(fn, name, inspectFunction(fn)!.scopes);
const genuine = Session.prototype.post as Post;

/** The session loses the messages of that method from the `from`th on. */
function losing(lost: string, from: number): void {
  let count = 0;
  vi.spyOn(Session.prototype, "post").mockImplementation(function (this: Session, ...[method, params, callback]: Parameters<Post>) {
    if (method === lost && ++count >= from) { if (count === from) callback?.(null, {}); else genuine.call(this, method, params, callback); } else genuine.call(this, method, params, callback);
  } as Post as never);
}
afterEach(() => { vi.restoreAllMocks(); });

it("a breakpoint that is not there: the function is not called", () => {
  let state = 1;
  const kernel = () => ++state;
  losing("Debugger.setBreakpointOnFunctionCall", 4); // the one that discards code is set, the sentinel's is set and confirmed
  expect(reach(kernel, "state")).toBeNull();
  expect(state).toBe(1);
});

it("a stack without room: the function is not called", () => {
  let state = 1;
  const kernel = () => ++state;
  const { scopes } = inspectFunction(kernel)!;
  let deepest: unknown = "not reached";
  const dive = (): void => { try { dive(); } catch { if (deepest === "not reached") deepest = accessorsOf(kernel, "state", scopes); } };
  dive();
  expect([deepest, state]).toEqual([null, 1]);
});

it("a termination that does not come: the variables are put back, a warning is given, and nothing is visited again", () => {
  let state = 1, other = 1;
  const kernel = () => { state += 5; return state; };
  const later = () => ++other;
  const warning = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  losing("Runtime.terminateExecution", 2); // the sentinel's comes
  expect(reach(kernel, "state")).toBeNull();
  expect(state).toBe(1);
  expect(warning).toHaveBeenCalledExactlyOnceWith(expect.stringContaining("kernel"), { code: "WASMORPH_RAN" });
  vi.restoreAllMocks();
  expect(reach(later, "other")).toBeNull();
  expect([state, other]).toEqual([1, 1]);
});
