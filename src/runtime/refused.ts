// Which calls not to try again for a while: looking at a call's values costs more than most calls. By a cheap signature (the kinds of the
// arguments); each further refusal doubles the number of calls until the next attempt, without an end: attempts cost milliseconds.

import { typedName } from "./values.ts";

const most = 2 ** 30;
/** so many calls are not looked at at all: others may have other kinds of arguments */
const mostPassed = 256;

export class Refused {
  private readonly known = new Map<string, { left: number; next: number }>();

  /** May a version be tried for these arguments now? */
  mayTry(args: readonly unknown[]): boolean {
    if (this.known.size === 0) return true;
    const found = this.known.get(signature(args));
    return found === undefined || --found.left < 0;
  }

  /** How many calls may pass without a look at them, if they are like this one. They are taken for passed. */
  pass(args: readonly unknown[]): number {
    const found = this.known.get(signature(args));
    if (found === undefined || found.left <= 0) return 0;
    const passed = Math.min(found.left, mostPassed);
    found.left -= passed;
    return passed;
  }

  refuse(args: readonly unknown[]): void {
    const key = signature(args);
    const next = Math.min(most, (this.known.get(key)?.next ?? 0) * 2 + 1);
    if (this.known.size > 256) this.known.clear();
    this.known.set(key, { left: next, next });
  }

  forget(): void { this.known.clear(); }
}

function signature(args: readonly unknown[]): string {
  let text = "";
  for (const value of args) text += `${typeof value === "object" ? (value === null ? "null" : typedName(value) ?? (Array.isArray(value) ? "array" : "object")) : typeof value},`;
  return text;
}
