// A worker for tests, in the same thread: messages are cloned and come later, as between threads, and faults can be put in.

import { Craft } from "../../src/runtime/craft.ts";
import type { Answer, Order } from "../../src/runtime/protocol.ts";
import { Workshop, type Heard } from "../../src/runtime/workshop.ts";

/** What happens to an order or an answer; "pass" for nothing in particular. */
export type Fate = "pass" | "crash" | "swallow";

export interface Faults {
  order?(order: Order, worker: number): Fate;
  answer?(answer: Answer, worker: number): Fate;
}

export function testWorkshop(faults: Faults = {}): { shop: Workshop; started(): number; orders: Order["type"][] } {
  let workers = 0;
  const orders: Order["type"][] = [];
  const shop = new Workshop((heard: Heard) => {
    const worker = ++workers;
    let alive = true;
    const crash = (): void => { alive = false; setTimeout(() => heard.lost("it crashed"), 0); };
    const craft = new Craft((answer) => {
      const copy = answer.type === "module" ? answer : structuredClone(answer); // no clone of a module in one thread
      setTimeout(() => {
        if (!alive) return;
        const fate = faults.answer?.(copy, worker) ?? "pass";
        if (fate === "crash") crash();
        else if (fate === "pass") heard.answer(copy);
      }, 0);
    });
    return {
      post(order) {
        const copy = structuredClone(order);
        setTimeout(() => {
          if (!alive) return;
          orders.push(copy.type);
          const fate = faults.order?.(copy, worker) ?? "pass";
          if (fate === "crash") crash();
          else if (fate === "pass") craft.receive(copy);
        }, 0);
      },
      terminate() { alive = false; }, ref() {}, unref() {},
    };
  });
  return { shop, started: () => workers, orders };
}
