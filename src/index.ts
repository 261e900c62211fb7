// The public interface, nothing else.

export { arena } from "./runtime/arena.ts";
export { captures, ready } from "./runtime/wiring.ts";
export { configure, type Configuration } from "./runtime/configure.ts";
export { specialize, type Specialized } from "./runtime/specialize.ts";
export { tracked } from "./runtime/tracked.ts";
export type { KernelEvent, Options } from "./runtime/options.ts";
export type { Inspection, Stats, VersionInfo } from "./runtime/inspect.ts";
export type { MismatchReport } from "./runtime/report.ts";
export type { Difference } from "./runtime/checked.ts";
