// A control-flow graph becomes structured: blocks for nodes that several edges reach, loops for nodes that edges come back to.
//
// After Norman Ramsey, "Beyond Relooper: recursive translation of unstructured control flow to structured control flow" (ICFP 2022):
// a node's code contains what it dominates; a merge node stands behind a block that its predecessors leave; a node with one forward edge
// stands where the edge leaves. Requires: node 0 is the entry, every path in a node's body ends in one of its edges or elsewhere for good.
// An irreducible graph (an edge back to a node that does not dominate its source) becomes a loop that dispatches on the node's number.

import { instructions, type Builder } from "../../ir/build.ts";
import type { Label, Region, Type, Value } from "../../ir/types.ts";

export interface Edge { readonly region: Region; readonly to: number; readonly args: Value[] }
export interface Node {
  readonly params: Value[];
  /** what each parameter is of: parameters of several nodes that are of the same thing share a carried value where that is needed */
  readonly keys: readonly string[];
  readonly body: Region; readonly edges: readonly Edge[];
}

/**
 * The label of a block that only holds a region in its place: paths that end in the region are still to be closed, so it can't be copied.
 * `flatten` puts the contents there when all is written.
 */
const inPlace: Label = { name: "in_place" };

/** Replaces blocks that only hold a region by its contents. Such a block and a trap behind it end their region. */
export function flatten(region: Region): void {
  const work = [region];
  for (let r = work.pop(); r; r = work.pop()) {
    for (let held = r.body.at(-2); held?.op === "block" && held.label === inPlace; held = r.body.at(-2)) {
      r.body.length -= 2;
      for (const instr of held.regions[0].body) r.body.push(instr);
    }
    for (const instr of r.body) if ("regions" in instr) work.push(...instr.regions);
  }
}

/** Puts the values that stand for others in their place. */
export function renameAll(region: Region, renamed: ReadonlyMap<number, Value>): void {
  if (renamed.size === 0) return;
  const resolve = (v: Value): Value => { for (let to = renamed.get(v.id); to; to = renamed.get(v.id)) v = to; return v; };
  for (const instr of instructions(region)) instr.args.forEach((a, i) => { if (renamed.has(a.id)) instr.args[i] = resolve(a); });
}

/**
 * Writes the graph into the builder's current region, which ends with it. What stands for a node's parameters goes to `renamed`: paths that
 * leave the graph are closed later, so the caller renames when all is written.
 */
export function structure(b: Builder, nodes: readonly Node[], entry: readonly Value[], renamed: Map<number, Value>): void {
  const order = reversePostorder(nodes);
  const rank = new Array<number>(nodes.length).fill(-1);
  order.forEach((n, i) => { rank[n] = i; });
  const dominator = dominators(nodes, order, rank);
  const dominates = (a: number, n: number): boolean => { for (let x = n; ; x = dominator[x]!) { if (x === a) return true; if (x === order[0]) return false; } };
  const forward = new Array<number>(nodes.length).fill(0);
  const isLoop = new Array<boolean>(nodes.length).fill(false);
  forward[0] = 1;
  for (const n of order) {
    for (const { to } of nodes[n]!.edges) {
      if (rank[to]! <= rank[n]!) {
        if (!dominates(to, n)) return dispatch(b, nodes, entry, renamed);
        isLoop[to] = true;
      } else forward[to]!++;
    }
  }
  const children: number[][] = nodes.map(() => []);
  for (const n of order.slice(1)) children[dominator[n]!]!.push(n);
  const blockOf = new Map<number, Label>(), loopOf = new Map<number, Label>();

  const resolve = (v: Value): Value => renamed.get(v.id) ?? v;

  place(0, entry);

  /** Writes a node, and all that it dominates, at the current place. */
  function place(n: number, args: readonly Value[]): void {
    const node = nodes[n]!;
    if (!isLoop[n]) {
      node.params.forEach((p, i) => renamed.set(p.id, resolve(args[i]!)));
      within(n);
      return;
    }
    const label = b.label("state");
    loopOf.set(n, label);
    b.loop(label, args.map(resolve), [], (carried) => { node.params.forEach((p, i) => renamed.set(p.id, carried[i]!)); within(n); return null; });
    b.append({ op: "trap", exit: -1, args: [], results: [] });
  }

  /** A node's body inside the blocks of the merge nodes that it dominates. */
  function within(n: number): void {
    const merges = children[n]!.filter((c) => forward[c]! > 1).sort((a, c) => rank[a]! - rank[c]!);
    const wrap = (left: readonly number[]): void => {
      const last = left.at(-1);
      if (last === undefined) { body(n); return; }
      const label = b.label("state");
      blockOf.set(last, label);
      const results = b.block(label, nodes[last]!.params.map((p) => p.type), () => { wrap(left.slice(0, -1)); return null; });
      place(last, results);
    };
    wrap(merges);
  }

  function body(n: number): void {
    const node = nodes[n]!;
    hold(b, node.body);
    for (const edge of node.edges) {
      const outer = b.region;
      b.region = edge.region;
      const args = edge.args.map(resolve);
      if (rank[edge.to]! <= rank[n]!) b.br(loopOf.get(edge.to)!, args);
      else if (forward[edge.to]! > 1) b.br(blockOf.get(edge.to)!, args);
      else place(edge.to, args);
      b.region = outer;
    }
  }
}

/** One loop that carries the number of the node to run and its parameters, chosen by bisection. */
function dispatch(b: Builder, nodes: readonly Node[], entry: readonly Value[], renamed: Map<number, Value>): void {
  // one carried value for each thing: a counter that takes turns with other numbers in one would be no integer any more
  const types: Type[] = [];
  const slotOf = new Map<string, number>();
  const slots = nodes.map((node) => node.params.map((p, i) => {
    const key = `${node.keys[i]}:${p.type}`;
    let slot = slotOf.get(key);
    if (slot === undefined) slotOf.set(key, (slot = types.push(p.type) - 1));
    return slot;
  }));
  const pass = (to: number, args: readonly Value[]): Value[] => {
    const values: Value[] = [b.i32(to), ...types.map((t) => b.const(t, t === "i64" ? 0n : 0))];
    slots[to]!.forEach((slot, i) => { values[slot + 1] = renamed.get(args[i]!.id) ?? args[i]!; });
    return values;
  };
  const label = b.label("states");
  b.loop(label, pass(0, entry), [], (carried) => {
    nodes.forEach((node, n) => node.params.forEach((p, i) => renamed.set(p.id, carried[slots[n]![i]! + 1]!)));
    const choose = (low: number, high: number): void => {
      if (high - low === 1) {
        hold(b, nodes[low]!.body);
        for (const edge of nodes[low]!.edges) {
          const outer = b.region;
          b.region = edge.region;
          b.br(label, pass(edge.to, edge.args));
          b.region = outer;
        }
        return;
      }
      const middle = (low + high) >> 1;
      b.if(b.op("i32.lt_s", carried[0]!, b.i32(middle)), [], () => { choose(low, middle); return null; }, () => { choose(middle, high); return null; });
      b.append({ op: "trap", exit: -1, args: [], results: [] });
    };
    choose(0, nodes.length);
    return null;
  });
  b.append({ op: "trap", exit: -1, args: [], results: [] });
}
/** Puts a region that is still to be closed at the current place. */
export function hold(b: Builder, region: Region): void {
  b.append({ op: "block", label: inPlace, args: [], results: [], regions: [region] });
  b.append({ op: "trap", exit: -1, args: [], results: [] });
}

function reversePostorder(nodes: readonly Node[]): number[] {
  const seen = new Set<number>([0]), order: number[] = [];
  const stack: { n: number; i: number }[] = [{ n: 0, i: 0 }];
  while (stack.length > 0) {
    const top = stack.at(-1)!;
    const edge = nodes[top.n]!.edges[top.i++];
    if (!edge) { order.push(top.n); stack.pop(); continue; }
    if (!seen.has(edge.to)) { seen.add(edge.to); stack.push({ n: edge.to, i: 0 }); }
  }
  return order.reverse();
}

/** Immediate dominators. Cooper, Harvey, Kennedy, "A Simple, Fast Dominance Algorithm" (2001). */
function dominators(nodes: readonly Node[], order: readonly number[], rank: readonly number[]): number[] {
  const before: number[][] = nodes.map(() => []);
  for (const n of order) for (const { to } of nodes[n]!.edges) before[to]!.push(n);
  const dominator = new Array<number>(nodes.length).fill(-1);
  dominator[order[0]!] = order[0]!;
  const meet = (a: number, c: number): number => {
    while (a !== c) {
      while (rank[a]! > rank[c]!) a = dominator[a]!;
      while (rank[c]! > rank[a]!) c = dominator[c]!;
    }
    return a;
  };
  for (let changed = true; changed;) {
    changed = false;
    for (const n of order.slice(1)) {
      let now = -1;
      for (const p of before[n]!) if (dominator[p] !== -1) now = now === -1 ? p : meet(now, p);
      if (now !== dominator[n]) { dominator[n] = now; changed = true; }
    }
  }
  return dominator;
}
