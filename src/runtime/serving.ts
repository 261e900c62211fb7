// Which tier of a version serves: the one that is forced, or the one that a trial on real calls finds fastest; and what stands before it:
// comparing calls with the original, the user's own guards.

import { large } from "../compile.ts";
import { canCompare, checkedCall, type Checked } from "./checked.ts";
import { Trial, type Choice } from "./choose.ts";
import { settings } from "./configure.ts";
import type { Enter } from "./entry.ts";
import type { Kernel } from "./kernel.ts";
import type { TierName } from "./tiers.ts";
import { describeMismatch } from "../verify/compare.ts";
import { copyTogether } from "./copies.ts";
import { slowName } from "./build.ts";
import { reportOf } from "./report.ts";
import { elementsOf, type Sizes } from "./sizes.ts";
import { MISS } from "./values.ts";
import type { ServingTier, Version } from "./version.ts";

type Name = "original" | TierName;

export function serveBy(kernel: Kernel, version: Version, tier: ServingTier): void {
  version.serving = tier.built.tier;
  const around = tier.quick ? (enter: Enter): Enter => patient(kernel, version, enter) : undefined;
  version.enter = guarded(kernel, version, verifying(kernel, version, tier.enter, around));
  kernel.entered(version);
}

/** so many calls are served by a quick program; values that stay get the full one */
const patience = 4;

/** milliseconds an operation in which a large program runs once from end to end, also in an engine's first compiler: one that takes longer loops */
const onceThrough = 2e-5;

/**
 * The entry of a quick program. At the end of its last call the full one is made, which serves from then on: of a large one without loops that take long, for which
 * somebody would wait for seconds, not before its calls have taken as long as it took to make.
 */
function patient(kernel: Kernel, version: Version, enter: Enter): Enter {
  const { operations } = version.residual;
  let left = patience, owed = operations < large ? 0 : version.compileMs, least = Infinity;
  return (self, ...args) => {
    version.inside++;
    const started = owed > 0 ? performance.now() : 0;
    let result: unknown = MISS;
    try { result = enter(self, ...args); } finally { version.inside--; }
    if (owed > 0) {
      const took = performance.now() - started;
      owed -= took;
      least = Math.min(least, took); // the first call is compiled
    }
    if (result !== MISS && --left <= 0 && (owed <= 0 || least > operations * onceThrough)) kernel.making.finish(version);
    return result;
  };
}

/** `warm`: they have been measured, with calls of other sizes */
export function startTrial(kernel: Kernel, version: Version, warm = false): void {
  version.serving = "measuring";
  for (const sizes of sizesOf(kernel, version)) sizes.measure();
  version.enter = guarded(kernel, version, verifying(kernel, version, trialOf(kernel, version, warm).enter));
  kernel.entered(version);
}

/** A trial of the original and the version's tiers, each by its own entry. Its answer serves. */
export function trialOf(kernel: Kernel, version: Version, warm = false): Trial<Name> {
  return new Trial(candidatesOf(kernel, version), (choice) => settleOn(kernel, version, choice), warm);
}

export function candidatesOf(kernel: Kernel, version: Version): { readonly name: Name; readonly enter: Enter }[] {
  const candidates: { name: Name; enter: Enter }[] = [{ name: "original", enter: (self, ...args) => { kernel.sizes.fits(elementsOf(args)); return kernel.callOriginal(self, args); } }];
  for (const name of ["js", "wasm"] as const) {
    const tier = version.tiers[name];
    if (tier !== undefined) candidates.push({ name, enter: tier.enter });
  }
  return candidates;
}

const sizesOf = (kernel: Kernel, version: Version): Sizes[] => [kernel.sizes, ...Object.values(version.tiers).map(({ sizes }) => sizes)];

function settleOn(kernel: Kernel, version: Version, choice: Choice<Name>): void {
  if (version.state !== "ready" || kernel.tier !== "auto") return;
  version.medians = choice.medians;
  for (const sizes of sizesOf(kernel, version)) sizes.settle();
  if (choice.name !== "original") { serveBy(kernel, version, version.tiers[choice.name]!); return; }
  version.serving = "original";
  kernel.rest(version);
  kernel.teller.once(`slower ${version.key}`, () => {
    const { original, ...tiers } = choice.medians;
    const message = `no version is faster than the original (${micros(original)} a call, the best version ${micros(Math.min(...Object.values(tiers)))}): the original serves`;
    kernel.teller.note("Note", message, 'tier: "wasm" or "js" uses the version all the same');
    kernel.teller.emit("slower", message, choice.medians);
  });
}

const micros = (ms: number): string => `${(ms * 1000).toFixed(2)} µs`;

/** The entry, with calls compared with the original as `verify` asks (all of them under WASMORPH=diff); and what stands around both. */
function verifying(kernel: Kernel, version: Version, enter: Enter, around = (inner: Enter): Enter => inner): Enter {
  const verify = settings.mode === "diff" ? { every: 1 } : kernel.options.verify;
  if (verify === "off" || (verify === "first" && version.verified) || !canCompare(kernel, version)) return around(enter);
  let calls = 0;
  return around((self, ...args) => {
    if (typeof verify === "object" && calls++ % verify.every !== 0) return enter(self, ...args);
    const before = copyTogether([self, ...args]);
    const checked = kernel.uncounted(() => checkedCall(kernel, version, enter, self, args));
    if (checked === null) return MISS;
    if (verify === "first" && checked.mismatches.length === 0) {
      version.enter = guarded(kernel, version, around(enter));
      kernel.entered(version);
    }
    return judged(kernel, version, checked, before);
  });
}

/** A compared call ends as the original did. A version that differs goes, and says how it differed. */
function judged(kernel: Kernel, version: Version, checked: Checked, [self, ...args]: readonly unknown[]): unknown {
  kernel.counters.original++;
  const [first] = checked.mismatches;
  if (first === undefined) version.verified = true;
  else {
    kernel.teller.note("Invariant", `a version differs from the original: ${describeMismatch(first)}`, "please report this, with the kernel and its arguments");
    const report = reportOf(kernel, version, self, args, checked.mismatches, kernel.slow.map((path) => slowName(path, kernel)));
    kernel.keepReport(report);
    kernel.teller.emit("mismatch", "a version differs from the original; it is withdrawn", report);
    kernel.withdraw(version);
  }
  return checked.finish();
}

/** The entry behind the user's guards. */
function guarded(kernel: Kernel, version: Version, enter: Enter): Enter {
  const { guards } = kernel.options;
  if (guards.length === 0) return enter;
  const slow = version.slowValues;
  return (self, ...args) => {
    for (const guard of guards) {
      const answer = guard(args, slow);
      if (answer === "never") kernel.withdraw(version);
      if (answer !== "hit") return MISS;
    }
    return enter(self, ...args);
  };
}
