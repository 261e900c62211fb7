// Names of the residual JavaScript: the user's where there are any, made into identifiers and unique.

/** Words that must not be declared: JavaScript's own, and the globals that residual code calls. */
const taken = new Set((
  "await break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in "
  + "instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield "
  + "arguments eval undefined NaN Infinity Math Number BigInt Object Array Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array "
  + "Float32Array Float64Array BigInt64Array BigUint64Array DataView"
).split(" "));

export class Names {
  private readonly counts = new Map<string, number>();
  /** identifiers of wishes seen before */
  private readonly known = new Map<string, string>();
  private readonly outer: Names | null;

  /** `outer`: names of an enclosing scope, which these must not hide */
  constructor(outer: Names | null = null) { this.outer = outer; }

  private has(name: string): boolean { return taken.has(name) || this.counts.has(name) || (this.outer?.has(name) ?? false); }

  /** A name like `wish` that nobody else has. */
  unique(wish: string): string {
    let name = this.known.get(wish);
    if (name === undefined) this.known.set(wish, name = identifier(wish));
    if (this.has(name)) {
      const stem = name.replace(/_\d+$/, "");
      let n = this.counts.get(stem) ?? 0;
      do name = `${stem}_${++n}`; while (this.has(name));
      this.counts.set(stem, n);
    }
    if (!this.counts.has(name)) this.counts.set(name, 0);
    return name;
  }
}

/** The nearest identifier: `cfg.filters[2]` → `cfg_filters_2`. A `$` in front is kept for our own helpers. */
function identifier(wish: string): string {
  const word = wish.replace(/[^\p{ID_Continue}$]+/gu, "_").replace(/^[$_]+(?=.)|_+$/gu, "");
  return word === "" ? "v" : /^[\p{ID_Start}_]/u.test(word) ? word : `_${word}`;
}
