// Walks over slow tables become straight code, with the original's results; what is no such walk stays a loop.

import { describe, expect, test } from "vitest";
import { instructions } from "../../src/ir/build.ts";
import { compileKernel, runProgram, type Kernel } from "./vectorize.harness.ts";

type Tree = number | { feature: number; threshold: number; left: Tree; right: Tree };
let seed = 1;
const random = (): number => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) / 4294967296;
const grow = (depth: number, features: number): Tree =>
  depth === 0 ? Math.fround(random() - 0.5) : { feature: Math.floor(random() * features), threshold: random() - 0.5, left: grow(depth - 1, features), right: grow(depth - 1, features) };
/** Leaves at all depths. */
const uneven = (depth: number, features: number): Tree =>
  depth === 0 || (depth < 5 && random() < 0.3) ? random() - 0.5 : { feature: Math.floor(random() * features), threshold: random() - 0.5, left: uneven(depth - 1, features), right: uneven(depth - 1, features) };

/** Feature, threshold, children of each node in arrays of their own; a leaf's feature is −1. */
function flatten(trees: readonly Tree[]): { feature: number[]; threshold: number[]; left: number[]; right: number[]; value: number[] } {
  const flat = { feature: [] as number[], threshold: [] as number[], left: [] as number[], right: [] as number[], value: [] as number[] };
  const nodes = [...trees];
  for (const node of nodes) {
    const leaf = typeof node === "number";
    flat.feature.push(leaf ? -1 : node.feature);
    flat.threshold.push(leaf ? 0 : node.threshold);
    flat.left.push(leaf ? 0 : nodes.length);
    flat.right.push(leaf ? 0 : nodes.length + 1);
    flat.value.push(leaf ? node : 0);
    if (!leaf) nodes.push(node.left, node.right);
  }
  return flat;
}

function forest(rows: Float64Array, out: Float64Array, trees: Tree[], features: number): void {
  for (let row = 0; row < out.length; row++) {
    let sum = 0;
    for (const tree of trees) {
      let node = tree;
      while (typeof node !== "number") node = rows[row * features + node.feature]! < node.threshold ? node.left : node.right;
      sum += node;
    }
    out[row] = sum;
  }
}
interface Flat { feature: number[]; threshold: number[]; left: number[]; right: number[]; value: number[] }
function flatForest(rows: Float64Array, out: Float64Array, flat: Flat, count: number, features: number): void {
  for (let row = 0; row < out.length; row++) {
    let sum = 0;
    for (let tree = 0; tree < count; tree++) {
      let n = tree;
      while (flat.feature[n]! >= 0) n = rows[row * features + flat.feature[n]!]! <= flat.threshold[n]! ? flat.left[n]! : flat.right[n]!;
      sum += flat.value[n]!;
    }
    out[row] = sum;
  }
}

const rowsOf = (n: number, features: number): Float64Array => Float64Array.from({ length: n * features }, (_, i) => [NaN, 0, -0, Infinity, random() - 0.5, random() - 0.5, random() - 0.5][i % 7]!);

/** Compiles, compares with the original, and gives how many loops are left and what the pass said. */
function compiled(kernel: Kernel, args: readonly unknown[], slow: readonly number[], others: readonly (readonly unknown[])[] = []): { loops: number; descended: boolean; interleaved: boolean } {
  const { residual } = compileKernel(kernel, args, slow);
  for (const call of [args, ...others]) {
    const copies = call.map((v) => (ArrayBuffer.isView(v) ? (v as Float64Array).slice() : v));
    (kernel as (...a: unknown[]) => unknown)(...copies);
    expect(runProgram(residual.optimized, call).arrays).toEqual(copies.filter((v) => ArrayBuffer.isView(v)));
  }
  const loops = [...instructions(residual.optimized.functions[0]!.body)].filter((i) => i.op === "loop").length;
  const said = (pass: string): boolean => residual.stages.some((s) => s.pass === pass && s.changes!.length > 0);
  return { loops, descended: said("descend"), interleaved: said("interleave") };
}

describe("becomes straight code", () => {
  const rows = rowsOf(9, 5);
  const short = rowsOf(8, 5);
  test("of trees whose nodes ask in several ways", () => {
    type Tree = number | { readonly kind: string; readonly at: number; readonly mask: number; readonly below: number; readonly a: Tree; readonly b: Tree };
    const grow = (depth: number, seed: number): Tree => (depth === 0 || (depth < 3 && seed % 5 === 0) ? seed / 8 : seed % 3 === 0
      ? { kind: "set", at: seed % 5, mask: seed * 40503, below: 0, a: grow(depth - 1, 2 * seed), b: grow(depth - 1, 2 * seed + 1) } : { kind: "less", at: seed % 4, mask: 0, below: (seed % 7) - 3, a: grow(depth - 1, 2 * seed), b: grow(depth - 1, 2 * seed + 1) });
    const sums = (rows: Float64Array, out: Float64Array, trees: readonly Tree[], features: number): void => {
      const score = (node: Tree, from: number): number => {
        if (typeof node === "number") return node;
        const v = rows[from + node.at]!;
        return score((node.kind === "set" ? ((node.mask >> v) & 1) === 1 : v < node.below) ? node.a : node.b, from);
      };
      for (let row = 0; row < out.length; row++) { let sum = 0; for (const tree of trees) sum += score(tree, row * features); out[row] = sum; }
    };
    const trees = Array.from({ length: 10 }, (_, k) => grow(4, k + 1)), whole = Float64Array.from({ length: 45 }, (_, i) => (i * i) % 16), few = rowsOf(3, 5);
    expect(compiled(sums as Kernel, [whole, new Float64Array(9), trees, 5], [2, 3], [[rows, new Float64Array(9), trees, 5], [few, new Float64Array(5), trees, 5]])).toMatchObject({ descended: true });
  });
  test("of trees of which the row chooses one, not the first ones", () => {
    const chosen = (rows: Float64Array, out: Float64Array, flat: Flat, features: number): void => {
      for (let row = 0; row < out.length; row++) {
        let n = 2 + (row & 3);
        while (flat.feature[n]! >= 0) n = rows[row * features + flat.feature[n]!]! <= flat.threshold[n]! ? flat.left[n]! : flat.right[n]!;
        out[row] = flat.value[n]!;
      }
    };
    const flat = flatten(Array.from({ length: 6 }, () => grow(3, 4)));
    expect(compiled(chosen, [rowsOf(12, 4), new Float64Array(12), flat, 4], [2, 3])).toMatchObject({ descended: true });
  });
  test("a forest of nested nodes, rows that end too early included", () => {
    const trees = Array.from({ length: 20 }, () => grow(6, 5));
    expect(compiled(forest as Kernel, [rows, new Float64Array(9), trees, 5], [2, 3], [[short, new Float64Array(9), trees, 5], [rows, new Float64Array(0), trees, 5]])).toMatchObject({ descended: true, interleaved: true });
  });
  test("trees with leaves at all depths", () => {
    const trees = Array.from({ length: 12 }, () => ({ feature: 0, threshold: 0, left: uneven(6, 5), right: uneven(5, 5) }));
    expect(compiled(forest as Kernel, [rows, new Float64Array(9), trees, 5], [2, 3], [[short, new Float64Array(9), trees, 5]])).toMatchObject({ descended: true });
  });
  test("a forest in flat arrays", () => {
    const trees = Array.from({ length: 30 }, () => grow(5, 5));
    expect(compiled(flatForest as Kernel, [rows, new Float64Array(9), flatten(trees), 30, 5], [2, 3, 4], [[short, new Float64Array(9), flatten(trees), 30, 5]])).toMatchObject({ descended: true });
  });
  test("trees that are objects of arrays, rows of tables: heaps without pointers", () => {
    const full = (inner: number): { feature: number[]; threshold: number[]; leaf: number[] } => ({
      feature: Array.from({ length: inner }, () => Math.floor(random() * 5)), threshold: Array.from({ length: inner }, () => random() - 0.5), leaf: Array.from({ length: inner + 1 }, () => random() - 0.5),
    });
    const trees = Array.from({ length: 24 }, () => full(15));
    const kernel = (x: Float64Array, out: Float64Array, all: ReturnType<typeof full>[]): void => {
      for (let row = 0; row < out.length; row++) {
        let sum = 0;
        for (const { feature, threshold, leaf } of all) {
          let node = 0;
          while (node < feature.length) node = 2 * node + (x[5 * row + feature[node]!]! < threshold[node]! ? 1 : 2);
          sum += leaf[node - feature.length]!;
        }
        out[row] = sum;
      }
    };
    expect(compiled(kernel as Kernel, [rows, new Float64Array(9), trees], [2], [[short, new Float64Array(9), trees]])).toMatchObject({ descended: true });
    const pruned = trees.map((tree, i) => (i % 3 === 0 ? { feature: tree.feature.slice(0, 7), threshold: tree.threshold.slice(0, 7), leaf: tree.leaf.slice(0, 8) } : tree));
    compiled(kernel as Kernel, [rows, new Float64Array(9), pruned], [2], [[short, new Float64Array(9), pruned]]);
  });
  test("heaps whose next node each arm computes", () => {
    const trees = Array.from({ length: 24 }, () => ({ feature: Array.from({ length: 15 }, () => Math.floor(random() * 5)), threshold: Array.from({ length: 15 }, () => random() - 0.5), leaf: Array.from({ length: 16 }, () => random() - 0.5) }));
    const kernel = (x: Float64Array, out: Float64Array, all: typeof trees): void => {
      for (let row = 0; row < out.length; row++) {
        let sum = 0;
        for (let t = 0; t < all.length; t++) {
          const tree = all[t]!;
          let node = 0;
          while (node < tree.feature.length) { if (x[5 * row + tree.feature[node]!]! < tree.threshold[node]!) node = 2 * node + 1; else node = 2 * node + 2; }
          sum += tree.leaf[node - tree.feature.length]!;
        }
        out[row] = sum;
      }
    };
    expect(compiled(kernel as Kernel, [rows, new Float64Array(9), trees], [2], [[short, new Float64Array(9), trees]])).toMatchObject({ descended: true });
  });
  test("a forest whose roots are a table, too", () => {
    const trees = Array.from({ length: 30 }, () => grow(5, 5)), flat = flatten(trees);
    const roots = trees.map((_, i) => 29 - i);
    const kernel = (x: Float64Array, out: Float64Array, f: Flat, from: number[], features: number): void => {
      for (let row = 0; row < out.length; row++) {
        let sum = 0;
        for (let tree = 0; tree < from.length; tree++) {
          let n = from[tree]!;
          while (f.feature[n]! >= 0) n = x[row * features + f.feature[n]!]! <= f.threshold[n]! ? f.left[n]! : f.right[n]!;
          sum += f.value[n]!;
        }
        out[row] = sum;
      }
    };
    expect(compiled(kernel as Kernel, [rows, new Float64Array(9), flat, roots, 5], [2, 3, 4], [[short, new Float64Array(9), flat, roots, 5]])).toMatchObject({ descended: true });
  });
  test("a deep forest, whose next numbers come from a table", () => {
    const chain = (depth: number): Tree => (depth === 0 ? 1.5 : { feature: depth % 5, threshold: depth / 40 - 0.2, left: chain(depth - 1), right: depth % 4 === 0 ? chain(depth - 1) : depth });
    const trees = Array.from({ length: 12 }, (_, i) => ({ feature: i % 5, threshold: 0, left: grow(5, 5), right: chain(9) }));
    expect(compiled(forest as Kernel, [rows, new Float64Array(9), trees, 5], [2, 3])).toMatchObject({ descended: true });
  });
  test("trees that are objects of arrays of all lengths, with pointers", () => {
    const trees = Array.from({ length: 24 }, () => flatten([{ feature: 0, threshold: 0, left: uneven(5, 5), right: uneven(4, 5) }]));
    const kernel = (x: Float64Array, out: Float64Array, all: Flat[]): void => {
      for (let row = 0; row < out.length; row++) {
        let sum = 0;
        for (const tree of all) {
          let node = 0;
          while (tree.feature[node] !== -1) node = x[5 * row + tree.feature[node]!]! < tree.threshold[node]! ? tree.left[node]! : tree.right[node]!;
          sum += tree.value[node]!;
        }
        out[row] = sum;
      }
    };
    expect(compiled(kernel as Kernel, [rows, new Float64Array(9), trees], [2], [[short, new Float64Array(9), trees]])).toMatchObject({ descended: true, interleaved: true });
  });
  test("trees of one size, one after the other, whose nodes are counted from the root", () => {
    const trees = Array.from({ length: 30 }, () => flatten([grow(4, 5)])), size = trees[0]!.left.length;
    const all = (of: (tree: Flat) => number[]): number[] => trees.flatMap(of);
    const kernel = (x: Float64Array, out: Float64Array, f: Flat, count: number, nodes: number): void => {
      for (let row = 0; row < out.length; row++) {
        let sum = 0;
        for (let tree = 0; tree < count; tree++) {
          let n = 0;
          while (f.feature[tree * nodes + n]! >= 0) n = x[5 * row + f.feature[tree * nodes + n]!]! <= f.threshold[tree * nodes + n]! ? f.left[tree * nodes + n]! : f.right[tree * nodes + n]!;
          sum += f.value[tree * nodes + n]!;
        }
        out[row] = sum;
      }
    };
    const flat: Flat = { feature: all((t) => t.feature), threshold: all((t) => t.threshold), left: all((t) => t.left), right: all((t) => t.right), value: all((t) => t.value) };
    expect(compiled(kernel as Kernel, [rows, new Float64Array(9), flat, 30, size], [2, 3, 4], [[short, new Float64Array(9), flat, 30, size]])).toMatchObject({ descended: true, interleaved: true });
  });
  test("two decisions a step", () => {
    const trees = Array.from({ length: 40 }, () => grow(4, 5));
    const kernel = (x: Float64Array, out: Float64Array, flat: Flat, count: number): void => {
      for (let i = 0; i < out.length; i++) {
        let sum = 0;
        for (let tree = 0; tree < count; tree++) {
          let n = tree;
          while (flat.feature[n]! >= 0) {
            const v = x[i * 5 + flat.feature[n]!]!;
            n = v !== v ? flat.left[n]! : v > flat.threshold[n]! ? flat.left[n]! : flat.right[n]!;
          }
          sum += flat.value[n]!;
        }
        out[i] = sum;
      }
    };
    expect(compiled(kernel as Kernel, [rows, new Float64Array(9), flatten(trees), 40], [2, 3], [[short, new Float64Array(9), flatten(trees), 40]])).toMatchObject({ descended: true });
  });
  test("values that may be missing: two decisions are one bit", () => {
    interface Node { feature: number[]; threshold: number[]; yes: number[]; no: number[]; missing: number[]; value: number[] }
    const flat = (depth: number): Node => {
      const t: Node = { feature: [], threshold: [], yes: [], no: [], missing: [], value: [] };
      const add = (d: number): number => {
        const id = t.feature.length;
        t.feature.push(d === 0 ? -1 : Math.floor(random() * 4)); t.threshold.push(random() - 0.5); t.yes.push(0); t.no.push(0); t.missing.push(0); t.value.push(random());
        if (d > 0) { t.yes[id] = add(d - 1); t.no[id] = add(d - 1); t.missing[id] = random() < 0.5 ? t.yes[id] : t.no[id]!; }
        return id;
      };
      add(depth);
      return t;
    };
    const predict = (x: Float64Array, out: Float64Array, trees: Node[]): void => {
      for (let r = 0; r < out.length; r++) {
        let sum = 0;
        for (const t of trees) {
          let k = 0;
          while (t.feature[k]! >= 0) { const v = x[4 * r + t.feature[k]!]!; k = Number.isNaN(v) ? t.missing[k]! : v < t.threshold[k]! ? t.yes[k]! : t.no[k]!; }
          sum += t.value[k]!;
        }
        out[r] = sum;
      }
    };
    const trees = Array.from({ length: 20 }, () => flat(5)), x = Float64Array.from({ length: 160 }, (_, i) => (i % 5 === 0 ? NaN : random() - 0.5)), out = new Float64Array(40);
    const program = compileKernel(predict as Kernel, [x, out, trees], [2]).residual.optimized, names = program.data.map((d) => d.name);
    const got = runProgram(program, [x, out, trees]).arrays[1]!;
    predict(x, out, trees);
    expect([...got]).toEqual([...out]);
    expect(names).toContain("way");
    expect(names).not.toContain("next");
  });
});

describe("stays a loop", () => {
  const rows = rowsOf(6, 5);
  test("a walk that may come back to where it was", () => {
    const kernel = (x: Float64Array, out: Float64Array, next: number[], threshold: number[]): void => {
      for (let i = 0; i < out.length; i++) {
        let n = i % 3;
        while (n !== 9) n = x[i]! < threshold[n]! ? 9 : next[n]!;
        out[i] = n;
      }
    };
    const finite = rows.map((v) => (Number.isFinite(v) ? v : 0));
    expect(compiled(kernel as Kernel, [finite, new Float64Array(6), [1, 2, 0, 4, 5, 3, 7, 8, 9, 4], [-1, -2, Infinity, 0, 1, 2, 3, 4, 5, 6]], [2, 3])).toMatchObject({ descended: false });
  });
  test("a search that counts", () => {
    const kernel = (x: Float64Array, out: Float64Array, table: number[]): void => {
      for (let i = 0; i < out.length; i++) {
        let k = 0;
        while (k < 64 && table[k]! < x[i]!) k++;
        out[i] = k;
      }
    };
    expect(compiled(kernel as Kernel, [rows, new Float64Array(6), Array.from({ length: 64 }, (_, i) => i / 64)], [2])).toMatchObject({ descended: false });
  });
  test("a walk that stores", () => {
    const trees = Array.from({ length: 30 }, () => grow(4, 5));
    const kernel = (x: Float64Array, out: Float64Array, flat: Flat, count: number): void => {
      for (let tree = 0; tree < count; tree++) {
        let n = tree;
        while (flat.feature[n]! >= 0) { out[flat.feature[n]!] = n; n = x[flat.feature[n]!]! > flat.threshold[n]! ? flat.left[n]! : flat.right[n]!; }
      }
    };
    expect(compiled(kernel as Kernel, [rows, new Float64Array(6), flatten(trees), 30], [2, 3])).toMatchObject({ descended: false });
  });
});
