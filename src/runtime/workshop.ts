// The one worker of a process, as the main thread sees it: started at first use, replaced when it crashes or hangs.
//
// A job is a conversation with one worker (Session). Where the worker is lost in the middle of it, the job is run once more, from its start, with
// the next one; a second loss is the caller's to deal with (Lost). A worker that is asked and says nothing for `patience` times what a
// version may take to make hangs.
// Guarantees: the worker does not keep the process alive, unless somebody awaits what it makes (`hold`).

import { nodeModule } from "../capture/host.ts";
import { settings } from "./configure.ts";
import type { Answer, Order } from "./protocol.ts";

/** A worker of either kind. */
export interface Thread {
  post(order: Order, transfer?: readonly unknown[]): void;
  terminate(): void;
  ref(): void;
  unref(): void;
}
export interface Heard { answer(answer: Answer): void; lost(why: string): void }
/** Starts a worker; throws where the host has none. */
export type Start = (heard: Heard) => Thread;

/** The worker is gone, or hangs. */
export class Lost extends Error {
  readonly hung: boolean;
  constructor(why: string, hung: boolean) {
    super(`the compiler's worker was lost: ${why}`);
    this.name = "Lost";
    this.hung = hung;
  }
}

const ticks = 4;
/** after so many workers in a row that never answered anything there are no more attempts */
const mostStarts = 3;

export class Session {
  readonly job: number;
  /** milliseconds for one version's partial evaluation and passes (limits.compileMs) */
  readonly compileMs: number;
  private readonly shop: Workshop;
  private readonly answers: Answer[] = [];
  private waiting: { resolve(answer: Answer): void; reject(error: Lost): void } | null = null;
  private lost: Lost | null = null;

  constructor(job: number, compileMs: number, shop: Workshop) { this.job = job; this.compileMs = compileMs; this.shop = shop; }

  post(order: Order, transfer?: readonly unknown[]): void { if (this.lost === null) this.shop.post(order, transfer); }

  /** The next answer to this job. Throws Lost. */
  next(): Promise<Answer> {
    if (this.lost !== null) return Promise.reject(this.lost);
    const answer = this.answers.shift();
    if (answer !== undefined) return Promise.resolve(answer);
    return new Promise((resolve, reject) => { this.waiting = { resolve, reject }; this.shop.watch(); });
  }

  get isWaiting(): boolean { return this.waiting !== null; }

  hear(answer: Answer): void {
    const { waiting } = this;
    this.waiting = null;
    if (waiting !== null) waiting.resolve(answer);
    else this.answers.push(answer);
  }

  lose(error: Lost): void {
    this.lost = error;
    this.waiting?.reject(error);
    this.waiting = null;
  }
}

export class Workshop {
  /** a worker that was asked something is waited for so many times as long as its version may take: what counts there is work, which a busy machine does in four times the time (budget.ts), and Binaryen's comes on top */
  patience = 6;
  /** workers that were lost */
  losses = 0;
  private readonly start: Start;
  private readonly sessions = new Map<number, Session>();
  private thread: Thread | null = null;
  private silentStarts = 0;
  private holds = 0;
  private jobs = 0;
  private clock: ReturnType<typeof setTimeout> | null = null;
  /** ticks without a word: of ticks and not of time, so that a thread that was busy itself hears what came meanwhile */
  private silence = 0;

  constructor(start: Start) { this.start = start; }

  /** Can it be expected to work? */
  get usable(): boolean { return this.silentStarts < mostStarts; }

  /** Runs a job whose version may take `compileMs` to make; once more, where the worker is lost. Throws Lost after that, and what the job throws. */
  async run<T>(compileMs: number, job: (session: Session) => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      const session = new Session(++this.jobs, compileMs, this);
      this.sessions.set(session.job, session);
      try {
        this.begin();
        return await job(session);
      } catch (error) {
        if (!(error instanceof Lost)) this.thread?.post({ type: "drop", job: session.job }); // whatever it was at
        if (!(error instanceof Lost) || attempt > 0 || !this.usable) throw error;
      } finally {
        this.sessions.delete(session.job);
      }
    }
  }

  /** While `work` is awaited the worker keeps the process alive. */
  async hold<T>(work: Promise<T>): Promise<T> {
    if (this.holds++ === 0) this.thread?.ref();
    try { return await work; } finally { if (--this.holds === 0) this.thread?.unref(); }
  }

  post(order: Order, transfer?: readonly unknown[]): void { this.thread!.post(order, transfer); }

  /** A way to post an order that belongs to no job; null where there is no worker. */
  urgent(): Workshop["post"] | null {
    try { this.begin(); } catch { return null; }
    return (order, transfer) => this.post(order, transfer);
  }

  /** Starts to count the silence. */
  watch(): void {
    if (this.clock !== null) return;
    this.silence = 0;
    this.tick();
  }

  /** Ends the worker. The next job starts another. */
  close(): void {
    this.silentStarts = 0;
    this.lose("it was closed", false);
  }

  private begin(): void {
    if (this.thread !== null) return;
    this.silentStarts++; // until it says something
    let mine: Thread | null = null;
    const ifMine = (run: () => void): void => { if (mine === null || mine === this.thread) run(); };
    try {
      mine = this.start({
        answer: (answer) => ifMine(() => this.hear(answer)),
        lost: (why) => ifMine(() => this.lose(why, false)),
      });
    } catch (error) {
      throw new Lost(error instanceof Error ? error.message : String(error), false);
    }
    this.thread = mine;
    if (this.holds > 0) mine.ref(); else mine.unref();
  }

  private hear(answer: Answer): void {
    this.silentStarts = 0;
    this.silence = 0;
    this.sessions.get(answer.job)?.hear(answer);
  }

  private tick(): void {
    const longest = Math.max(...[...this.sessions.values()].map((session) => (session.isWaiting ? this.patience * session.compileMs : 0)));
    this.clock = setTimeout(() => {
      this.clock = null;
      if (![...this.sessions.values()].some((session) => session.isWaiting)) return;
      if (++this.silence > ticks) this.lose(`it said nothing for ${longest} ms`, true);
      else this.tick();
    }, Math.max(10, longest / ticks));
    (this.clock as { unref?: () => void }).unref?.();
  }

  private lose(why: string, hung: boolean): void {
    const { thread } = this;
    this.thread = null;
    if (thread === null) return;
    this.losses++;
    try { thread.terminate(); } catch { /* it is gone already */ }
    for (const session of this.sessions.values()) session.lose(new Lost(why, hung));
  }
}

// ───────────────────────────────── the real one ─────────────────────────────────

let shop: Workshop | null | undefined;

/** The process's workshop; null where there can be none, or it was turned off. */
export function workshop(): Workshop | null {
  if (!settings.worker) return null;
  if (shop === undefined) shop = isBuilt ? new Workshop(startHere) : null;
  return shop?.usable ? shop : null;
}

/** For tests: another way to start workers. */
export function useWorkshop(other: Workshop | null): void { shop = other; }

/** Sources that are run as TypeScript have no file that a worker could be started from. */
const isBuilt = /\.js(?:[?#]|$)/.test(import.meta.url);

const startHere: Start = (heard) => {
  const threads = nodeModule<typeof import("node:worker_threads")>("node:worker_threads");
  if (threads !== null) return startInNode(threads, new URL("./worker.js", import.meta.url), heard);
  // written like this, bundlers see that the file is needed
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: "wasmorph" });
  worker.onmessage = (event: MessageEvent<Answer>) => heard.answer(event.data);
  worker.onmessageerror = () => heard.lost("a message could not be read");
  worker.onerror = (event) => { event.preventDefault(); heard.lost(event.message || "it could not be started"); };
  return {
    post: (order, transfer) => worker.postMessage(order, (transfer ?? []) as Transferable[]),
    terminate: () => worker.terminate(), ref() {}, unref() {},
  };
};

/** A module's text, by the worker, at once: the thread waits. Only where it may wait, in Node; elsewhere a line that says what to do. */
export function textOf(bytes: Uint8Array): string {
  const threads = nodeModule<typeof import("node:worker_threads")>("node:worker_threads");
  const session = threads === null ? null : (workshop()?.urgent() ?? null);
  if (threads === null || session === null) return ";; the text is made by Binaryen: await ready() first";
  const { port1, port2 } = new threads.MessageChannel();
  const done = new Int32Array(new SharedArrayBuffer(4));
  session({ type: "text", job: 0, bytes, port: port2, done }, [port2]);
  Atomics.wait(done, 0, 0, 10_000);
  const received = threads.receiveMessageOnPort(port1) as { message: string } | undefined;
  port1.close();
  return received?.message ?? ";; the compiler's worker does not answer";
}

export function startInNode(threads: typeof import("node:worker_threads"), url: URL, heard: Heard): Thread {
  // without the process's own flags: loaders that it was started with are no matter of the compiler's
  const worker = new threads.Worker(url, { name: "wasmorph", execArgv: [], stdin: false });
  worker.on("message", (answer: Answer) => heard.answer(answer));
  worker.on("messageerror", () => heard.lost("a message could not be read"));
  worker.on("error", (error) => heard.lost(error instanceof Error ? error.message : String(error)));
  worker.on("exit", (code) => heard.lost(`it ended with code ${code}`));
  return {
    post: (order, transfer) => worker.postMessage(order, (transfer ?? []) as []),
    terminate: () => void worker.terminate(),
    ref: () => worker.ref(), unref: () => worker.unref(),
  };
}
