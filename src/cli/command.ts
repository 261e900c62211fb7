// The command and its subcommands; each has a file of its own beside this one. A mistake in what was typed is one line and exit code 2,
// a wrong result or a kernel that can't be specialised exit code 1.

import { Command, CommanderError, Option } from "commander";
import { diff } from "./diff.ts";
import { Failure } from "./failure.ts";
import { fuzzCommand } from "./fuzz.ts";
import { inspect, stages } from "./inspect.ts";
import { withJobOptions, wholeNumber } from "./job.ts";
import { run } from "./run.ts";
import { tuneCommand } from "./tune.ts";

const example = (text: string): string => `\nExample:\n  $ wasmorph ${text}\n`;
const fir = "fir.js#fir --slow 'taps=[0.25,0.5,0.25]' --input x=random:4096:Float64Array --input y=zeros:4094:Float64Array";

function createProgram(): Command {
  const program = new Command("wasmorph")
    .description("Specializes a plain numeric JavaScript function to its slow parameters, as WebAssembly made for exactly those values.")
    .showHelpAfterError("(wasmorph --help tells more)")
    .exitOverride();

  withJobOptions(program.command("run").description("specialise and run once; show what came out and what it took"))
    .addOption(new Option("--tier <tier>", "what may serve").choices(["auto", "wasm", "js", "original"]).default("wasm"))
    .addHelpText("after", example(`run ${fir}`))
    .action(run);

  withJobOptions(program.command("diff").description("compare original, residual JavaScript and Wasm, bit for bit, over random inputs; exit code 1 if any differ"))
    .option("--runs <n>", "how many inputs; every other one is full of edge cases", wholeNumber, 20)
    .addHelpText("after", example(`diff ${fir} --runs 100`))
    .action(diff);

  withJobOptions(program.command("tune").description("check and time Binaryen's optimize levels 0–4 and shrink levels 0–2, in turns, after tier-up"))
    .option("--rounds <n>", "of timing", wholeNumber, 15)
    .addHelpText("after", example(`tune ${fir}`))
    .action(tuneCommand);

  withJobOptions(program.command("inspect").description("print what was made"))
    .addOption(new Option("--stage <stage>", "what to print").choices(stages).default("residual"))
    .option("--pass <name>", "with --stage ir: the text after this pass, else after the last")
    .addHelpText("after", example(`inspect ${fir} --stage wat`))
    .action(inspect);

  program.command("fuzz").description("run random kernels in every back end and compare with the originals; exit code 1 if any differ or too many are refused")
    .option("--seed <n>", "of the first kernel; the others count up from it (default: the time)", wholeNumber)
    .option("--seconds <n>", "how long", wholeNumber, 60)
    .option("--count <n>", "how many kernels, in place of --seconds", wholeNumber)
    .option("--patience <seconds>", "one kernel may take, in all its back ends; then its seed is printed and the process killed", wholeNumber, 300)
    .addHelpText("after", example("fuzz --seed 1 --count 500"))
    .action(fuzzCommand);
  return program;
}

/** Runs the command; gives the exit code. `argv` is what stands after the command's name. */
export async function command(argv: readonly string[]): Promise<number> {
  process.exitCode = 0;
  try {
    await createProgram().parseAsync(argv, { from: "user" });
    return process.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof Failure || error instanceof TypeError)) throw error;
    console.error(`wasmorph: ${error.message.replace(/^wasmorph: /, "")}`);
    return 2;
  }
}
