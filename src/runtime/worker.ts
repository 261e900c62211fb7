// The worker's entry: Craft behind a thread's port, in Node (worker_threads) and in browsers (a module worker).

import { nodeModule } from "../capture/host.ts";
import { Craft } from "./craft.ts";
import type { Order } from "./protocol.ts";

interface Port { postMessage(message: unknown, transfer?: ArrayBuffer[]): void }

const threads = nodeModule<typeof import("node:worker_threads")>("node:worker_threads");
const nodePort = threads?.parentPort ?? null;
const port = (nodePort ?? globalThis) as unknown as Port;
const craft = new Craft((answer, transfer) => port.postMessage(answer, transfer ?? []));

if (nodePort !== null) nodePort.on("message", (order: Order) => craft.receive(order));
else (globalThis as unknown as { onmessage: (event: { data: Order }) => void }).onmessage = ({ data }) => craft.receive(data);
