// The worker's entry: Craft behind a thread's port, in Node (worker_threads) and in browsers (a module worker).

import { nodeModule } from "../capture/host.ts";
import { Craft } from "./craft.ts";
import type { Order } from "./protocol.ts";

/** how much nicer than the main thread the worker is */
const yielding = 10;

interface Port { postMessage(message: unknown, transfer?: ArrayBuffer[]): void }

const threads = nodeModule<typeof import("node:worker_threads")>("node:worker_threads");
const nodePort = threads?.parentPort ?? null;
const port = (nodePort ?? globalThis) as unknown as Port;
const craft = new Craft((answer, transfer) => port.postMessage(answer, transfer ?? []));

// On Linux priorities belong to threads: this one gives way to the main thread, which the system would else interrupt for milliseconds when a
// message wakes the worker. Elsewhere it would be the whole process's.
const os = nodePort !== null && process.platform === "linux" ? nodeModule<typeof import("node:os")>("node:os") : null;
try { os?.setPriority(Math.min(19, os.getPriority() + yielding)); } catch { /* the host forbids it: it is a matter of speed only */ }

if (nodePort !== null) nodePort.on("message", (order: Order) => craft.receive(order));
else (globalThis as unknown as { onmessage: (event: { data: Order }) => void }).onmessage = ({ data }) => craft.receive(data);
