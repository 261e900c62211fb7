// Private fields of objects that no kernel made: read, written, compared, and kept apart from those of other classes.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize, type Options } from "../../src/index.ts";

beforeAll(async () => { await ready(); });

class Body {
  #x: number;
  #seen: number[] = [1, 2, 3];
  #hits = 0;
  #at = { k: 2 };
  static #scale = 2.5;
  constructor(x: number) { this.#x = x; }
  read(k: number): number { return this.#x * k + Body.#scale * this.#at.k + this.#seen.length + this.#seen[0]!; }
  add(k: number): number { this.#x += k; this.#hits++; return this.#hits; }
  sum(k: number): number { let s = 0; for (let i = 0; i < this.#seen.length; i++) s += this.#seen[i]! * k; this.#seen[0] = s; return s; }
  push(k: number): number { this.#seen.push(k); if (this.#seen.length > 4) this.#seen.shift(); return this.#seen.length; }
  methods(k: number): number { return this.#twice(k) + Body.#next(k) + this.#both; }
  #twice(k: number): number { return this.#x * k * 2; }
  static #next(k: number): number { return k + 1; }
  get #both(): number { return this.#hits + this.#x; }
  set #both(v: number) { this.#x = v; }
  assign(k: number): number { this.#both = k; return this.#both; }
  is(o: object): boolean { return this.#x > 0 && #x in o; }
  all(): unknown[] { return [this.#x, [...this.#seen], this.#hits, this.#at.k]; }
  move(k: number): void { this.#at.k = k; }
  replace(k: number): void { this.#at = { k }; }
  static rescale(k: number): void { Body.#scale = k; }
}
const wasm = { tier: "wasm", compile: "sync" } satisfies Options;
type Method = (this: Body, k: number) => unknown;

describe("private fields of this", () => {
  for (const name of ["read", "add", "sum", "push", "methods", "assign"] as const) {
    for (const slow of [[], ["this"]]) {
      it(`${name}${slow.length > 0 ? ", slow" : ""}`, () => {
        const method = Body.prototype[name] as Method, fast = specialize(method, { ...wasm, slow }), a = new Body(1.5), b = new Body(1.5);
        for (const k of [2, -0.5, 3, 4]) {
          expect(fast.call(a, k)).toBe(method.call(b, k));
          expect(a.all()).toEqual(b.all());
        }
        expect(fast.stats().calls, fast.explain()).toEqual({ original: 0, js: 0, wasm: 4 });
      });
    }
  }
});

it("one that holds undefined when a call begins is written", () => {
  class Series {
    #before?: { n: number };
    #last?: number;
    state = { n: 0 };
    update(k: number): number { this.#before = { n: this.state.n }; this.#last = k; this.state.n += k; return this.#before.n; }
    both(): unknown[] { return [this.#before, this.#last, this.state]; }
  }
  for (const compiled of [true, false]) {
    const fast = specialize(Series.prototype.update, { ...wasm, ...(compiled ? {} : { slow: ["this.state"] }) }), a = new Series(), b = new Series();
    for (const k of [2, -0.5, 3]) {
      expect(fast.call(a, k)).toBe(b.update(k));
      expect(a.both()).toEqual(b.both());
    }
    expect(fast.call(new Series(), 5)).toBe(0);
    expect(fast.stats().calls, fast.explain()).toEqual({ original: 0, js: 0, wasm: 4 });
  }
});

describe("an edit of one that matched many times is noticed", () => {
  class Cell {
    #v: unknown = 3;
    #list = [1, 2];
    put(v: unknown): void { this.#v = v; }
    edit(v: number): void { this.#list[1] = v; }
    exchange(...v: number[]): void { this.#list = v; }
    of(x: number): number { let sum = (this.#v as number) * x; for (const v of this.#list) sum += v; return Object.is(this.#v, -0) ? -sum : sum; }
  }
  const kernels = { one: (x: number, cells: Cell[]) => cells[1]!.of(x), many: (x: number, cells: Cell[]) => { let sum = 0; for (const cell of cells) sum += cell.of(x); return sum; } };
  const edits: ((cell: Cell) => void)[] = [(c) => c.put(4), (c) => c.put(0), (c) => c.put(-0), (c) => c.put(NaN), (c) => c.put(2), (c) => c.put(true), (c) => c.edit(9), (c) => c.exchange(1, 9), (c) => c.exchange(1)];
  for (const [name, kernel] of Object.entries(kernels)) {
    it(name, () => {
      const cells = Array.from({ length: 12 }, () => new Cell()), fast = specialize(kernel, { ...wasm, slow: ["cells"] });
      for (const edit of edits) {
        for (let x = 0; x < 5; x++) expect(fast(x, cells)).toBe(kernel(x, cells));
        edit(cells[1]!);
        expect(fast(2, cells)).toBe(kernel(2, cells));
      }
      expect(fast.stats().calls.original).toBe(0);
    });
  }
});

describe("an edit behind the field's own methods is noticed", () => {
  const body = new Body(3);
  const kernels = { fast: [Body.prototype.read, []], slow: [Body.prototype.read, ["this"]], captured: [(k: number) => body.read(k) + 1, []] } as const;
  for (const [how, [kernel, slow]] of Object.entries(kernels)) {
    it(how, () => {
      const fast = specialize(kernel as Method, { ...wasm, slow: [...slow] });
      const edits = [() => {}, () => { body.add(2); }, () => { body.move(7); }, () => { body.replace(8); }, () => { body.push(9); }, () => { body.sum(2); }, () => { Body.rescale(3); }];
      for (const edit of edits) { edit(); expect(fast.call(body, 2)).toBe((kernel as Method).call(body, 2)); }
      expect(fast.stats().calls.original).toBe(0);
    });
  }
});

it("two objects, and one in two places", () => {
  const kernel = (a: Body, b: Body, k: number): number => { a.assign(k); return b.read(1); }, fast = specialize(kernel, wasm);
  const [a, b, c, d] = [1, 2, 1, 2].map((x) => new Body(x)) as [Body, Body, Body, Body];
  for (const [p, q, r, s] of [[a, b, c, d], [a, a, c, c], [b, a, d, c]] as const) expect(fast(p, q, 5)).toBe(kernel(r, s, 5));
  expect([a.all(), b.all()]).toEqual([c.all(), d.all()]);
  expect(fast.stats().calls).toEqual({ original: 0, js: 0, wasm: 3 });
});

it("fields of one name in two classes are two", () => {
  class P { #x = 1; p(): number { return this.#x; } }
  class Q extends P { #x = 2; q(): number { this.#x++; return this.#x * 10 + this.p(); } }
  const fast = specialize(Q.prototype.q, wasm), q = new Q();
  expect([fast.call(q), fast.call(q)]).toEqual([31, 41]);
  expect(fast.stats().calls).toEqual({ original: 0, js: 0, wasm: 2 });
});

it("an object without the field is the original's, which throws", () => {
  const fast = specialize(Body.prototype.read, wasm);
  expect(fast.call(new Body(2), 1)).toBe(new Body(2).read(1));
  expect(() => fast.call(Object.create(Body.prototype) as Body, 1)).toThrow(TypeError);
});

it("they are no keys, and no part of copies", () => {
  const fast = specialize((o: object) => [Object.keys(o), { ...o }, Object.assign({}, o)], wasm), body = Object.assign(new Body(2), { z: 1 });
  expect(fast(body)).toEqual([["z"], { z: 1 }, { z: 1 }]);
  expect(fast.stats().calls.wasm).toBe(1);
});

it("in the background", async () => {
  const body = new Body(4), kernel = (b: Body, k: number): number => b.methods(k), fast = specialize(kernel, { slow: ["b"], tier: "wasm" });
  await fast.prepare(body, 2);
  expect(fast(body, 2)).toBe(kernel(body, 2));
  expect(fast.stats().calls).toEqual({ original: 0, js: 0, wasm: 1 });
});

it("whether an object has one", () => {
  const fast = specialize(Body.prototype.is, wasm), body = new Body(1);
  expect([fast.call(body, new Body(2)), fast.call(body, {}), fast.call(body, body)]).toEqual([true, false, true]);
  expect(fast.stats().calls.wasm).toBe(2);
});

describe("what runs more than once leaves no trace in them", () => {
  const kernel = (x: number, body: Body): number => body.add(x) + body.sum(x);
  for (const tier of ["auto", "wasm", "js"] as const) {
    it(`calls that are compared (${tier})`, () => {
      const told: string[] = [], fast = specialize(kernel, { tier, compile: "sync", verify: { every: 2 }, onEvent: ({ type }) => { told.push(type); } });
      const a = new Body(1.5), b = new Body(1.5);
      for (let i = 0; i < 60; i++) expect(fast(i, a)).toBe(kernel(i, b));
      expect(a.all()).toEqual(b.all());
      expect(told).not.toContain("mismatch");
      expect(fast.stats().calls.original).toBeGreaterThanOrEqual(30); // each compared call is the original's
      if (tier !== "auto") expect(fast.stats().calls[tier]).toBe(30);
    });
  }
  it("calls that are compared, of frozen objects", () => {
    const fast = specialize(kernel, { tier: "wasm", compile: "sync", verify: { every: 1 } }), a = new Body(1.5), b = new Body(1.5);
    Object.freeze(a);
    for (let i = 0; i < 4; i++) expect(fast(i, a)).toBe(kernel(i, b));
    expect([a.all(), fast.reports()]).toEqual([b.all(), []]);
  });
  it("prepare and diff", async () => {
    const fast = specialize(kernel, { tier: "wasm" }), a = new Body(1.5), b = new Body(1.5);
    await fast.prepare(2, a);
    expect(await fast.diff(2, a)).toEqual({ equal: true, mismatches: [], tier: "wasm" });
    expect(a.all()).toEqual(b.all());
  });
  it("handles hold a snapshot of them", async () => {
    const read = (x: number, body: Body): number => body.read(x);
    const body = new Body(1.5), fast = specialize(read, { slow: ["body"], tier: "wasm" }), held = read(3, body);
    const handle = await fast.pin(3, body) as unknown as (x: number) => number;
    expect(handle(3)).toBe(held);
    body.move(9);
    expect([handle(3), read(3, body) === held]).toEqual([held, false]);
  });
});

describe("a class whose objects have private methods and accessors, and no private fields", () => {
  class Scale {
    static #base = 1;
    readonly by: number;
    constructor(by: number) { this.by = by; }
    #of(x: number): number { return x * this.by + Scale.#base; }
    get #half(): number { return this.by / 2; }
    one(x: number): number { return this.#of(x) + this.#half; }
    is(o: object): boolean { return #of in o; }
  }
  class Named extends Scale { readonly name = "n"; }
  const kernels = {
    this: (s: Scale, x: number) => s.one(x), list: (s: Scale, x: number) => { let sum = 0; for (const one of [s, new Scale(x)]) sum += one.one(x); return sum; },
    inherited: (s: Scale, x: number) => new Named(x).one(x) + s.one(1), asked: (s: Scale, x: number) => (s.is(s) ? x : -x),
  };
  for (const [name, kernel] of Object.entries(kernels)) {
    for (const slow of [[], ["s"]]) {
      it(`${name}${slow.length > 0 ? ", slow" : ""}`, () => {
        const fast = specialize(kernel, { ...wasm, slow }), s = new Named(2.5);
        for (const x of [1, -3, 0.5]) expect(fast(s, x)).toBe(kernel(s, x));
        expect(fast.stats().calls, fast.explain()).toEqual({ original: 0, js: 0, wasm: 3 });
        const other = Object.create(Scale.prototype) as Scale;
        if (name === "asked") expect(fast(other, 1)).toBe(-1); else expect(() => fast(other, 1)).toThrow(TypeError);
      });
    }
  }
});

describe("what an object has, and its class", () => {
  class Given {
    readonly x: number;
    constructor(x: number) { this.x = x; }
    #own(): number { return this.x; }
    get #twice(): number { return this.x * 2; }
    static #of(x: number): number { return x + 1; }
    static all(o: object): unknown[] { return [#own in o, #twice in o, #of in o]; }
    static sum(o: Given): number { return o.#own() + o.#twice + Given.#of(1); }
    from(o: object): unknown[] { return [#own in o, #of in Given, #of in o, Given.#of(3)]; }
  }
  const kernels: Record<string, [(x: number, g: Given) => unknown, number]> = {
    "of a class of the kernel's": [(x) => { class T { #own(): number { return x; } static #of(y: number): number { return y + 1; } static all(o: object): unknown[] { return [#own in o, #of in o]; } static sum(o: T): number { return o.#own() + T.#of(1); } from(o: object): unknown[] { return [#own in o, #of in T, #of in o, T.#of(3)]; } } const t = new T(); return [T.all(t), T.all(T), T.all({}), T.sum(t), t.from(t), t.from(T), t.from({})]; }, 2],
    "of one that it makes objects of": [(x) => { const t = new Given(x); return [Given.all(t), Given.sum(t), t.from(t)]; }, 2],
    "under its prototype, made otherwise": [(x) => { const o = Object.assign(Object.create(Given.prototype) as Given, { x }); return [Given.all(o), new Given(x).from(o)]; }, 2],
    "of one that it is given": [(_, g) => Given.sum(g), 2],
    "asked of several": [(x, g) => [g, new Given(x), Given].map((o) => Given.all(o)), 0],
  };
  for (const [name, [kernel, served]] of Object.entries(kernels)) {
    it(name, () => {
      const fast = specialize(kernel, wasm);
      for (const x of [1, 2.5]) expect(fast(x, new Given(3))).toEqual(kernel(x, new Given(3)));
      expect(fast.stats().calls.wasm, fast.explain()).toBe(served);
    });
  }
  it("objects that leave have them", () => {
    const made = specialize((x: number) => [new Given(x)], wasm)(3)[0]!;
    expect([Given.sum(made), made.from(made)[0]]).toEqual([11, true]);
  });
  it("one that its class did not make is the original's", () => {
    const sum = specialize((g: Given) => Given.sum(g), wasm), all = specialize((g: Given) => Given.all(g), wasm), other = Object.assign(Object.create(Given.prototype) as Given, { x: 3 });
    expect([sum(new Given(3)), all(new Given(3)), sum.stats().calls.wasm]).toEqual([11, [true, true, false], 1]);
    expect(() => sum(other)).toThrow(TypeError);
    expect(all(other)).toEqual([false, false, false]);
  });
});

describe("arrays of objects with private fields", () => {
  class Vec {
    #x: number;
    #y: number;
    constructor(x: number, y: number) { this.#x = x; this.#y = y; }
    get x(): number { return this.#x; }
    set x(v: number) { this.#x = v; }
    move(by: Vec, k: number): void { this.#x += by.#x * k; this.#y += by.#y * k; }
    #square(): number { return this.#x ** 2 + this.#y ** 2; }
    norm(): number { return Math.sqrt(this.#square()); }
    static far(a: Vec, b: Vec): number { return Math.hypot(a.#x - b.#x, a.#y - b.#y); }
    all(): number[] { return [this.#x, this.#y]; }
  }
  class Particle {
    #at: Vec;
    #by: Vec;
    #alive = true;
    constructor(x: number) { this.#at = new Vec(x, 1); this.#by = new Vec(1, -x); }
    get at(): Vec { return this.#at; }
    step(k: number): void { if (this.#alive) this.#at.move(this.#by, k); this.#alive = !this.#alive; }
    all(): unknown[] { return [this.#alive, ...this.#at.all(), ...this.#by.all()]; }
  }
  type Kernel = (list: readonly { all(): unknown[] }[], k: number, one: Vec) => unknown;
  const vecs = (i: number): Vec[] => [new Vec(i, 2), new Vec(3, -i), new Vec(-0, 0.5)], particles = (i: number): Particle[] => [new Particle(i), Object.freeze(new Particle(2)) as Particle, new Particle(-i)];
  const kernels: Record<string, readonly [Kernel, (i: number) => readonly { all(): unknown[] }[]]> = {
    "are read": [((list: Vec[]) => list.reduce((most, v) => Math.max(most, v.norm()), 0)) as never, vecs],
    "are written": [((list: Vec[], k: number) => { for (const v of list) v.x = v.x * k - 1; }) as never, vecs],
    "are handed to one another": [((list: Vec[], k: number) => { for (let i = 1; i < list.length; i++) list[i]!.move(list[i - 1]!, k); }) as never, vecs],
    "of a static method": [((list: Vec[]) => { let sum = 0; for (let i = 1; i < list.length; i++) sum += Vec.far(list[i]!, list[i - 1]!); return sum; }) as never, vecs],
    "hold others": [((list: Particle[], k: number) => { for (const p of list) p.step(k); return list[0]!.at.norm(); }) as never, particles],
    "beside one that may be among them": [((list: Vec[], k: number, one: Vec) => { for (const v of list) v.move(one, k); one.move(list[0]!, 2); }) as never, vecs],
  };
  for (const [name, [kernel, make]] of Object.entries(kernels)) {
    it(name, () => {
      const fast = specialize(kernel, wasm), run = (f: Kernel, i: number): unknown => {
        const list = make(i), one = i % 4 === 3 ? list[1] as Vec : new Vec(7, i);
        return [f(list, i / 4, one), list.map((v) => v.all()), one.all()];
      };
      for (let i = 0; i < 9; i++) expect(run(fast, i)).toEqual(run(kernel, i));
      expect(fast.stats(), fast.explain()).toMatchObject({ calls: { original: 0, js: 0, wasm: 9 } });
      expect(fast.stats().misses).toBeLessThanOrEqual(3);
    });
  }
  it("a static method that is called alone", () => {
    const fast = specialize(Vec.far, wasm); // oxlint-disable-line typescript/unbound-method
    for (let i = 0; i < 4; i++) expect(fast(new Vec(i, 1), new Vec(2, i))).toBe(Vec.far(new Vec(i, 1), new Vec(2, i)));
    expect(fast.stats()).toMatchObject({ misses: 1, calls: { original: 0 } });
  });
  it("one that lacks them", () => {
    const kernel = (list: Vec[]): number => list[0]!.norm() + list[1]!.norm(), fast = specialize(kernel, wasm);
    expect(fast(vecs(1))).toBe(kernel(vecs(1)));
    expect(() => fast([new Vec(1, 2), Object.create(Vec.prototype) as Vec])).toThrow(TypeError);
    expect(fast(vecs(2))).toBe(kernel(vecs(2)));
  });
});
