// The worker's side of the protocol: makes residuals and modules of orders. It knows nothing of threads, so that tests run it anywhere.
//
// Requires: orders of one job come in the order that protocol.ts tells. Guarantees: every order but `drop` is answered once (`emit` by two
// answers), whatever fails. Jobs are independent of each other.

import { Missing, SerialSnapshot, type Need } from "../capture/serial.ts";
import { nodeModule } from "../capture/host.ts";
import { packReads } from "../capture/trace.ts";
import { freeNames, residualize, useWasmPasses, type Residual } from "../compile.ts";
import { Refusal, unreachable } from "../diagnostic.ts";
import type { SnapValue } from "../ir/snapshot.ts";
import type { Kind, Named } from "../ir/interface.ts";
import { printProgram } from "../ir/print.ts";
import type { Program } from "../ir/types.ts";
import * as wasmPasses from "../specialize/vectorize/passes.ts";
import { ready, writer } from "../wasm/ready.ts";
import { emissionOf, type Answer, type BuildOrder, type EmitOrder, type Evaluated, type Order } from "./protocol.ts";
import { canCache } from "./cache.ts";
import { Kept } from "./kept.ts";
import { textFor } from "./text.ts";
import { warmUp } from "./warm.ts";

export type Send = (answer: Answer, transfer?: ArrayBuffer[]) => void;

interface Job {
  readonly order: BuildOrder;
  readonly snapshot: SerialSnapshot;
  residual: Residual | null;
  /** with a cache: how this job is found again; its key once it was evaluated or found */
  readonly kept: Kept | null;
  key: string | null;
  answer: Evaluated | null;
}

useWasmPasses(wasmPasses); // here it is loaded with the rest: most orders are for WebAssembly

export class Craft {
  private readonly send: Send;
  private readonly jobs = new Map<number, Job>();

  constructor(send: Send) { this.send = send; }

  receive(order: Order): void {
    switch (order.type) {
      case "build": {
        const snapshot = new SerialSnapshot();
        snapshot.add(order.parcel);
        const kept = order.cache !== null && canCache ? new Kept(order, order.cache, snapshot) : null;
        if (order.wasm && kept === null) ready().catch(() => {}); // half a second: begin now. What goes wrong is told when it is needed
        const job: Job = { order, snapshot, residual: null, kept, key: null, answer: null };
        this.jobs.set(order.job, job);
        this.guarded(order.job, () => this.evaluate(job));
        break;
      }
      case "more": {
        const job = this.jobs.get(order.job);
        if (job === undefined) break;
        job.snapshot.add(order.parcel);
        this.guarded(order.job, () => this.evaluate(job));
        break;
      }
      case "emit": void this.emit(order).catch((error: unknown) => this.fail(order.job, error)); break;
      case "drop": this.jobs.delete(order.job); break;
      case "text": void ready().then(() => order.port.postMessage(writer().binaryen().disassemble(order.bytes))).catch(() => {}).then(() => {
        Atomics.store(order.done, 0, 1);
        Atomics.notify(order.done, 0);
        order.port.close();
      }); break;
    }
  }

  private guarded(job: number, run: () => void): void {
    try { run(); } catch (error) {
      if (error instanceof Missing) this.send({ type: "needs", job, needs: error.needs });
      else this.fail(job, error);
    }
  }

  private fail(job: number, error: unknown): void {
    this.jobs.delete(job);
    if (error instanceof Refusal) this.send({ type: "refused", job, diagnostic: error.diagnostic, notes: error.notes, demote: error.demote, promote: error.promote, gaveUp: error.gaveUp });
    else this.send({ type: "failed", job, message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }

  private evaluate(job: Job): void {
    const { order, snapshot, kept } = job;
    const found = kept?.find() ?? null;
    if (found !== null) {
      job.key = found.key;
      this.answer({ ...found.answer, job: order.job, trace: snapshot.trace });
      return;
    }
    if (order.wasm && kept !== null) ready().catch(() => {});
    const { residual, answer } = this.made(job);
    if (kept !== null) job.key = kept.keyOfReads(snapshot.trace);
    job.residual = residual;
    job.answer = answer;
    this.answer(answer);
  }

  private answer(evaluated: Evaluated): void {
    const trace = packReads(evaluated.trace);
    this.send({ ...evaluated, trace }, [trace.codes.buffer as ArrayBuffer]);
  }

  private made(job: Job): { residual: Residual; answer: Evaluated } {
    const { order, snapshot } = job;
    const likely = capturesToAsk(order.kernel, snapshot);
    if (likely.length > 0) throw new Missing(likely);
    const revive = (kind: Kind): Kind => reviveKind(kind, snapshot);
    const residual = residualize({
      kernel: snapshot.ref(order.kernel), snapshot, self: revive(order.self), args: order.args.map(revive), overlap: order.overlap, options: order.options,
    });
    const { expects, source, gaveUp, vectorized, operations, ms } = residual; // `vectorized`: all passes have run
    const diagnostics = [...residual.diagnostics];
    let js: Evaluated["js"] = null;
    if (operations <= order.jsOperations) {
      try {
        const { sourceMap: places, embedMap: embed = false, place } = order.emit;
        const { source: text, direct, memory, sourceMap } = textFor(residual.program, order.name, { text: () => places, embed, place });
        js = { ...emissionOf(residual.program), source: text, direct, memory, sourceMap: sourceMap() };
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        diagnostics.push(error.diagnostic);
      }
    }
    const answer: Evaluated = {
      type: "residual", job: order.job, trace: [...snapshot.trace], facts: { expects, diagnostics, gaveUp, source, vectorized, operations, ms, passMs: residual.passMs }, js,
      wasm: order.wasm ? emissionOf(residual.optimized) : null, layouts: [], key: order.wasm ? keyOf(residual.optimized, order) : null,
    };
    return { residual, answer };
  }

  private async emit(order: EmitOrder): Promise<void> {
    const job = this.jobs.get(order.job);
    if (job === undefined) throw new Error("nothing was evaluated that could be emitted");
    this.jobs.delete(order.job);
    const stored = job.key === null ? null : (job.kept?.module(job.key, order.layout) ?? null);
    if (stored !== null) {
      if (job.answer !== null) job.kept!.keepTrace(job.answer); // found by its key, after it was evaluated
      const { bytes, imports, sourceMap } = stored;
      const started = performance.now();
      const module = new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>);
      this.send({ type: "module", job: order.job, module, bytes, imports, sourceMap, ms: { emit: 0, compile: performance.now() - started }, cached: true });
      this.send({ type: "warm", job: order.job, calls: 0 });
      return;
    }
    await ready();
    // found in the cache, but for other addresses: it is made again
    const { residual, answer } = job.residual === null ? this.made(job) : { residual: job.residual, answer: job.answer! };
    const started = performance.now();
    const { bytes, imports, sourceMap } = writer().emit(residual.optimized, order.layout, job.order.emit);
    const emitted = performance.now();
    const module = new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>);
    if (job.key !== null) job.kept!.keep(job.key, answer, { layout: order.layout, bytes, imports, sourceMap: sourceMap ?? null });
    const ms = { emit: emitted - started, compile: performance.now() - emitted };
    this.send({ type: "module", job: order.job, module, bytes, imports, sourceMap: sourceMap ?? null, ms, cached: false });
    const calls = order.samples === null ? 0 : warmUp(module, residual.optimized, order);
    this.send({ type: "warm", job: order.job, calls });
  }
}

/** The captured variables of the kernel, and of functions among them, that will probably be read: asked for at once. */
function capturesToAsk(kernel: number, snapshot: SerialSnapshot): Need[] {
  const needs: Need[] = [];
  const codes = new Map(snapshot.functions());
  const seen = new Set([kernel]);
  for (const fn of seen) { // grows while it is walked
    const code = codes.get(fn);
    if (code === undefined) continue;
    let names: readonly string[];
    try { names = freeNames(code); } catch (error) {
      if (fn === kernel) throw error;
      continue; // a helper that nobody may ever call
    }
    for (const name of names) {
      const captured = snapshot.peek(fn, name);
      if (captured === null) needs.push({ need: "captured", node: fn, key: name });
      else if (captured.kind === "constant" && typeof captured.value === "object" && captured.value !== null) seen.add(captured.value.node);
    }
  }
  return needs;
}

/** References are NodeRefs again. */
function reviveKind(kind: Kind, snapshot: SerialSnapshot): Kind {
  switch (kind.kind) {
    case "static": case "linked": return { ...kind, value: snapshot.value(kind.value) };
    case "array": return { ...kind, ...reviveNamed(kind, snapshot), element: reviveKind(kind.element, snapshot) };
    case "typed": return { ...kind, ...reviveNamed(kind, snapshot) };
    case "object": return { ...kind, ...reviveLinked(kind, snapshot), fields: new Map([...kind.fields].map(([name, field]) => [name, reviveKind(field, snapshot)])) };
    case "same": return { ...kind, ...reviveLinked(kind, snapshot) };
    case "f64": case "i32": case "boolean": case "bigint": case "undefined": case "null": case "string": case "mixed": return kind;
    default: return unreachable(kind);
  }
}
const reviveNamed = ({ named }: { readonly named?: Named }, snapshot: SerialSnapshot): { readonly named?: Named } => (named === undefined ? {} : { named: new Map([...named].map(([name, kind]) => [name, kind && reviveKind(kind, snapshot)])) });
const reviveLinked = ({ linked }: { readonly linked?: SnapValue }, snapshot: SerialSnapshot): { readonly linked?: SnapValue } => (linked === undefined ? {} : { linked: snapshot.value(linked) });

const crypto = nodeModule<typeof import("node:crypto")>("node:crypto");

/** Of the code and the tables: what tells where values come from is each version's own. */
function keyOf(program: Program, { emit: options }: BuildOrder): string | null {
  if (crypto === null) return null;
  const returns = program.exits.filter(({ kind }) => kind === "return").length;
  const text = printProgram({ ...program, inputs: [], exits: [] });
  return crypto.createHash("sha256").update(`${returns} ${JSON.stringify({ ...options, sourceMap: { ...options.sourceMap, text: "" } })} ${text}`).digest("hex");
}
