// Deep comparison of JavaScript values, bit for bit: what "the same result" means everywhere.
//
//   numbers      Object.is: −0 differs from 0, all NaNs are equal
//   arrays       length, holes, elements, fields; typed arrays also their kind (fields where they are short: keys of long ones take seconds)
//   objects      prototype, own enumerable keys in order, fields; Maps and Sets entry by entry
//   errors       class and message
//   functions    identity; of closures that each call makes anew text, name and length, and fields
//   identity     what is one object on one side is one object on the other: a result that is an argument must be that argument
//
// Guarantees: terminates on cycles; runs no getter. A million equal doubles take a few milliseconds.

export interface Mismatch {
  /** where: "result", "argument 0.filters[2]" */
  readonly path: string;
  /** which element of the array at `path`; null where the mismatch is the value at `path` itself */
  readonly index: number | null;
  readonly expected: unknown;
  readonly actual: unknown;
  /** how many representable numbers lie between the two (of the array's own precision); null where that means nothing */
  readonly ulp: number | null;
}

type TypedArray = Exclude<NodeJS.TypedArray, never> & ArrayLike<number | bigint>;

/** how many elements a typed array may have whose fields are compared too */
const longest = 4096;

/** Collects mismatches over several roots (result, arguments) whose identities belong together. */
export class Comparison {
  readonly mismatches: Mismatch[] = [];
  /** mismatches found, also those over the limit */
  count = 0;
  private readonly limit: number;
  private readonly through: (value: object) => object;
  private readonly partner = new Map<object, object>();
  private readonly back = new Map<object, object>();
  private readonly queue: { path: string; expected: object; actual: object }[] = [];

  /** `limit`: mismatches kept. `through`: the object that stands for one, where Proxies are transparent */
  constructor(limit = 20, through: (value: object) => object = (value) => value) {
    this.limit = limit;
    this.through = through;
  }

  get equal(): boolean { return this.count === 0; }

  add(path: string, expected: unknown, actual: unknown): this {
    this.value(path, null, expected, actual);
    for (let item = this.queue.pop(); item; item = this.queue.pop()) this.contents(item.path, item.expected, item.actual);
    return this;
  }

  private report(path: string, index: number | null, expected: unknown, actual: unknown, ulp: number | null = null): void {
    if (this.count++ < this.limit) this.mismatches.push({ path, index, expected, actual, ulp });
  }

  private value(path: string, index: number | null, given: unknown, found: unknown): void {
    const expected = isObject(given) ? this.through(given) : given, actual = isObject(found) ? this.through(found) : found;
    if (isObject(expected) && isObject(actual)) {
      const partner = this.partner.get(expected);
      if (partner === actual && this.back.get(actual) === expected) return;
      if (partner !== undefined || this.back.has(actual)) { this.report(path, index, expected, actual); return; } // another object's partner
      this.partner.set(expected, actual);
      this.back.set(actual, expected);
      this.queue.push({ path: index === null ? path : `${path}[${index}]`, expected, actual });
    } else if (!Object.is(expected, actual)) {
      this.report(path, index, expected, actual, typeof expected === "number" && typeof actual === "number" ? ulpDistance(expected, actual) : null);
    }
  }

  private contents(path: string, expected: object, actual: object): void {
    if (expected === actual && typeof expected === "function") return;
    const kind = tagOf(expected);
    if (kind !== tagOf(actual)) { this.report(path, null, expected, actual); return; }
    if (ArrayBuffer.isView(expected)) {
      if (kind === "DataView") this.bytes(path, expected, actual as DataView);
      else this.typed(path, expected as unknown as TypedArray, actual as unknown as TypedArray);
      this.prototype(path, expected, actual);
      if (kind === "DataView" || (expected as unknown as TypedArray).length <= longest) this.fields(path, expected, actual, true);
      return;
    }
    switch (kind) {
      case "Function": case "GeneratorFunction": {
        const told = (f: object): string => `${(f as Function).name} ${(f as Function).length} ${Function.prototype.toString.call(f)}`, text = told(expected);
        if (text !== told(actual) || /\{\s*\[native code\]\s*\}$/.test(text)) { this.report(path, null, expected, actual); return; }
        break;
      }
      case "AsyncFunction": case "Promise": case "WeakMap": case "WeakSet": case "WeakRef":
        if (expected !== actual) this.report(path, null, expected, actual);
        return;
      case "ArrayBuffer": case "SharedArrayBuffer":
        this.bytes(path, new DataView(expected as ArrayBuffer), new DataView(actual as ArrayBuffer));
        return;
      case "Error": this.error(path, expected as Error, actual as Error); return;
      case "Map": this.list(`${path}.entries`, [...(expected as Map<unknown, unknown>)].flat(), [...(actual as Map<unknown, unknown>)].flat()); break;
      case "Set": this.list(`${path}.items`, [...(expected as Set<unknown>)], [...(actual as Set<unknown>)]); break;
      case "Date": this.value(`${path}.time`, null, Number(expected), Number(actual)); break;
      case "Number": case "String": case "Boolean": case "BigInt": case "Symbol":
        this.value(`${path}.valueOf()`, null, expected.valueOf(), actual.valueOf());
        break;
      default:
    }
    if (integrityOf(expected) !== integrityOf(actual)) this.report(`${path} (integrity)`, null, integrityOf(expected), integrityOf(actual));
    this.prototype(path, expected, actual);
    if (kind === "Array") this.list(path, expected as unknown[], actual as unknown[]);
    this.fields(path, expected, actual, kind === "Array");
  }

  private prototype(path: string, expected: object, actual: object): void {
    const [a, b] = [expected, actual].map((o) => Object.getPrototypeOf(o) as unknown);
    if (a !== b) this.report(`${path}.__proto__`, null, a, b);
  }

  private list(path: string, expected: readonly unknown[], actual: readonly unknown[]): void {
    if (expected.length !== actual.length) this.report(`${path}.length`, null, expected.length, actual.length);
    const length = Math.min(expected.length, actual.length);
    for (let k = 0; k < length; k++) {
      const a = expected[k];
      const b = actual[k];
      if (Object.is(a, b) && !isObject(a) && a !== undefined) continue;
      if (k in expected !== k in actual) this.report(path, k, k in expected ? a : "hole", k in actual ? b : "hole");
      else this.value(path, k, a, b);
    }
  }

  private fields(path: string, expected: object, actual: object, isArray: boolean): void {
    const keysOf = (o: object): string[] => { const keys = Object.keys(o); return isArray ? keys.filter((k) => !isIndex(k)) : keys; };
    const keys = keysOf(expected);
    const others = keysOf(actual);
    if (keys.length !== others.length || keys.some((k, n) => k !== others[n])) { this.report(`${path} (keys)`, null, keys, others); return; }
    for (const key of keys) {
      const a = Object.getOwnPropertyDescriptor(expected, key)!;
      const b = Object.getOwnPropertyDescriptor(actual, key)!;
      if ("value" in a && "value" in b) this.value(isIdentifier(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`, null, a.value, b.value);
      else if (a.get !== b.get || a.set !== b.set) this.report(`${path}.${key} (accessors)`, null, a.get, b.get);
    }
  }

  private typed(path: string, expected: TypedArray, actual: TypedArray): void {
    if (expected.length !== actual.length) { this.report(`${path}.length`, null, expected.length, actual.length); return; }
    const single = tagOf(expected) === "Float32Array";
    for (let k = 0; k < expected.length; k++) {
      const a = expected[k]!;
      const b = actual[k]!;
      if (a === b ? a !== 0 || Object.is(a, b) : a !== a && b !== b) continue;
      this.report(path, k, a, b, typeof a === "number" && typeof b === "number" ? ulpDistance(a, b, single) : null);
    }
  }

  private bytes(path: string, expected: ArrayBufferView, actual: ArrayBufferView): void {
    const view = (v: ArrayBufferView): Uint8Array => new Uint8Array(v.buffer, v.byteOffset, v.byteLength);
    this.typed(path, view(expected) as unknown as TypedArray, view(actual) as unknown as TypedArray);
  }

  private error(path: string, expected: Error, actual: Error): void {
    if (className(expected) !== className(actual)) this.report(`${path}.class`, null, className(expected), className(actual));
    if (expected.message !== actual.message) this.report(`${path}.message`, null, expected.message, actual.message);
  }
}

const integrityOf = (object: object): string => (Object.isExtensible(object) ? "extensible" : Object.isFrozen(object) ? "frozen" : Object.isSealed(object) ? "sealed" : "closed");

/** Mismatches between two values, at most `limit`. */
export function compare(expected: unknown, actual: unknown, path = "result", limit = 20): Mismatch[] {
  return new Comparison(limit).add(path, expected, actual).mismatches;
}

/** A mismatch in a sentence. */
export function describeMismatch({ path, index, expected, actual, ulp }: Mismatch): string {
  const show = (v: unknown): string => (Object.is(v, -0) ? "-0" : typeof v === "string" ? JSON.stringify(v) : typeof v === "bigint" ? `${v}n` : isObject(v) ? tagOf(v) : String(v));
  return `${path}${index === null ? "" : `[${index}]`}: ${show(expected)} expected, ${show(actual)} found${ulp === null ? "" : ` (${ulp} ulp)`}`;
}

const bits64 = new BigInt64Array(1);
const double = new Float64Array(bits64.buffer);
const bits32 = new Int32Array(1);
const single32 = new Float32Array(bits32.buffer);

/** Numbers that can be represented between a and b, −0 and 0 counted as neighbours; null for NaN. */
export function ulpDistance(a: number, b: number, single = false): number | null {
  if (a !== a || b !== b) return null;
  if (single) {
    const order = (x: number): number => { single32[0] = x; return bits32[0]! < 0 ? -1 - (bits32[0]! & 0x7fffffff) : bits32[0]!; };
    return Math.abs(order(a) - order(b));
  }
  const order = (x: number): bigint => { double[0] = x; return bits64[0]! < 0n ? -1n - (bits64[0]! & 0x7fffffffffffffffn) : bits64[0]!; };
  const distance = order(a) - order(b);
  return Number(distance < 0n ? -distance : distance);
}

export const isObject = (value: unknown): value is object => (typeof value === "object" && value !== null) || typeof value === "function";

/** "Array", "Float64Array", "Error" …, across realms. */
export function tagOf(value: object): string {
  if (Array.isArray(value)) return "Array"; // also a Proxy of one, and an array that hides behind a toStringTag
  return Object.prototype.toString.call(value).slice(8, -1);
}

const className = (error: Error): string => (error.constructor as { name?: string } | undefined)?.name ?? error.name;
const isIdentifier = (key: string): boolean => /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(key);
const isIndex = (key: string): boolean => /^(?:0|[1-9]\d*)$/.test(key);
