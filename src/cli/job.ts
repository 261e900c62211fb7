// The options that all commands share, and what they come to: a kernel, what is slow of it, and how to make its arguments.

import type { Command } from "commander";
import { nearest } from "../runtime/nearest.ts";
import { Random } from "../tune/random.ts";
import { Failure } from "./failure.ts";
import { loadTarget, type Target } from "./target.ts";
import { parseValue, type Draw } from "./values.ts";

export interface JobOptions {
  readonly slow: readonly string[];
  readonly input: readonly string[];
  readonly seed: number;
}

export interface Job {
  readonly target: Target;
  /** names and paths, as specialize() takes them */
  readonly slow: readonly string[];
  /** arguments for one call; the slow ones are the same for every seed, unless they are random themselves and `run` differs */
  args(run?: number, edges?: boolean): unknown[];
}

const collect = (value: string, previous: readonly string[]): string[] => [...previous, value];

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value)) throw new Failure(`"${text}" is no whole number`);
  return value;
}

/** Adds the shared options to a command; `number` parses the options that are whole numbers. */
export function withJobOptions(command: Command): Command {
  return command
    .argument("<target>", "the function, as file.js#name or file.ts#name (the name may be left out where there is only one)")
    .option("-s, --slow <name[=value]>", "a parameter, or a path in one (cfg.filters), that rarely changes, with its value; repeat for more", collect, [])
    .option("-i, --input <name=value>", "a fast parameter's value; repeat for more", collect, [])
    .option("--seed <n>", "of the random values", wholeNumber, 1)
    .addHelpText("after", `
Values: JSON ([1,2,3], 0.5, {"a":1}), random:N:Type[:low:high], random:number[:low:high], zeros:N:Type,
        Float64Array:[1,2,3], file:config.json, NaN, -0, Infinity, undefined. Types: the typed arrays, and Array.`);
}

export { wholeNumber };

export async function readJob(spelled: string, options: JobOptions): Promise<Job> {
  const target = await loadTarget(spelled);
  const names = target.parameters.map(({ name }) => name);
  const draws = new Map<string, Draw>();
  const slow: string[] = [];
  const assign = (option: "slow" | "input", text: string): void => {
    const equals = text.indexOf("=");
    const path = equals < 0 ? text : text.slice(0, equals);
    const name = path.split(".")[0]!;
    if (!names.includes(name)) throw new Failure(`${target.name} has no parameter "${name}"${nearest(name, names)} (it has: ${names.join(", ") || "none"})`);
    if (option === "slow") slow.push(path);
    if (equals < 0) {
      if (option === "input") throw new Failure(`--input ${text}: a value is missing, as in --input ${text}=random:4096:Float64Array`);
      return;
    }
    if (path !== name) throw new Failure(`--${option} ${path}=…: give the value to the whole parameter, --input ${name}=…, and the path to --slow`);
    if (draws.has(name)) throw new Failure(`"${name}" has two values`);
    draws.set(name, parseValue(text.slice(equals + 1), `--${option} ${name}`));
  };
  for (const text of options.slow) assign("slow", text);
  for (const text of options.input) assign("input", text);

  const last = target.parameters.findLastIndex(({ name, optional }) => !optional || draws.has(name));
  const given = target.parameters.slice(0, last + 1);
  const missing = given.filter(({ name, optional }) => !optional && !draws.has(name)).map(({ name }) => name);
  if (missing.length > 0) {
    throw new Failure(`${target.name} needs ${missing.map((name) => `--input ${name}=…`).join(" ")}${missing.length === 1 ? "" : " (or --slow)"}, for example random:4096:Float64Array`);
  }
  const isSlow = (name: string): boolean => slow.some((path) => path.split(".")[0] === name);
  return {
    target,
    slow,
    args(run = 0, edges = false) {
      return given.map(({ name }, index) => {
        const draw = draws.get(name);
        const random = new Random(options.seed * 1_000_003 + index * 7_919 + (isSlow(name) ? 0 : run * 104_729));
        return draw?.(random, edges && !isSlow(name));
      });
    },
  };
}
