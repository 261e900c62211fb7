// What a kernel tells: events to the one who listens, diagnostics to the one who asks.
// Guarantees: each diagnostic is kept once; a listener's exception is not the call's.

import { inUsersFile } from "../capture/sourcemaps.ts";
import { codeFrame, Refusal, type Diagnostic } from "../diagnostic.ts";
import type { Code } from "../ir/snapshot.ts";
import { log } from "./configure.ts";
import type { KernelEvent } from "./options.ts";

/** A refusal that tells its place in the user's own file, where a source map leads there. */
export const inUsersPlace = ({ diagnostic, demote }: Refusal): Refusal => new Refusal(inUsersFile(diagnostic), demote);

export class Teller {
  readonly diagnostics: Diagnostic[] = [];
  private readonly kernel: string;
  private readonly code: Code;
  private readonly listener: ((event: KernelEvent) => void) | null;
  private readonly told = new Set<string>();

  constructor(kernel: string, code: Code, listener: ((event: KernelEvent) => void) | null) {
    this.kernel = kernel;
    this.code = code;
    this.listener = listener;
  }

  get listens(): boolean { return this.listener !== null; }

  emit(type: KernelEvent["type"], message: string, detail?: unknown): void {
    log("events", `${this.kernel} ${type}`, () => message);
    const event = { type, kernel: this.kernel, message };
    try { this.listener?.(detail === undefined ? event : { ...event, detail }); } catch { /* a listener's fault is not the call's */ }
  }

  /** A diagnostic about the kernel as a whole. */
  note(kind: Diagnostic["kind"], message: string, hint: string): void {
    const { code } = this;
    this.add({ kind, message, hint, file: code.file, line: code.line, column: code.column, frame: codeFrame(code, 0, 1) });
  }

  add(diagnostic: Diagnostic): void {
    const { message, line, column } = diagnostic;
    if (!this.diagnostics.some((old) => old.message === message && old.line === line && old.column === column)) this.diagnostics.push(diagnostic);
  }

  /** The diagnostics with places in the user's own files, where source maps lead there. */
  shown(): Diagnostic[] { return this.diagnostics.map(inUsersFile); }

  once(what: string, tell: () => void): void {
    if (this.told.has(what)) return;
    this.told.add(what);
    tell();
  }
}
