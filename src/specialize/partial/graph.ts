// Interpreters become compilers: a loop one of whose carried values chooses what happens next (a program counter over a static program)
// is specialised once for each such value, with edges to states already made.
//
//   while (true) switch (code[pc++]) …   →   the interpreted program: no code, no pc, no switch
//
// A state is the loop's head with everything static in it: the carried values and the heap the loop changed, as a skeleton (which objects,
// of which form) with leaves (primitives and dynamic values). Its name is the skeleton and its static leaves; its dynamic leaves are its
// parameters. Paths of one iteration meet as always, but known numbers that differ become a sum of known numbers (merge.ts), and such a
// sum is split only where it reaches the loop's end, as an edge to each of the states.
//
// After the first Futamura projection; Thiemann and Sperber's polyvariant specialization of loops. structure.ts makes the graph structured.
// Gives up (GraphFails) when a key is dynamic or there are too many states: the caller then keeps the loop as it is.

import { constantOf } from "../../ir/build.ts";
import { feedingOf } from "./apart.ts";
import { workOf } from "./budget.ts";
import { isMemoryOp } from "../../ir/ops.ts";
import type { Loop, Region, Value } from "../../ir/types.ts";
import { bindTo, checkpoint, closeRegion, leave, rollback, walkRegion } from "./control.ts";
import { covers, sample } from "./heads.ts";
import { pathKey, type Evaluator } from "./evaluator.ts";
import { changedSince, partsOf, State, withParts, type HeapObject } from "./heap.ts";
import { coerce, rebuild, ssaValues, templateFor, typesOf, type Arrival, type Template } from "./merge.ts";
import { structure, type Node } from "./structure.ts";
import { prim, same, type Abs, type Sum } from "./values.ts";
import { newCritical, type Activation, type Target } from "./walk.ts";

export class GraphFails extends Error {}

export interface Keys {
  /** positions of carried values that choose what happens next */
  readonly slots: ReadonlySet<number>;
  /** names of fields, ids of cells that do */
  readonly names: ReadonlySet<string>;
  readonly cells: ReadonlySet<number>;
}

export interface GraphLimits {
  readonly states: number;
  /** instructions of all states together */
  readonly written: number;
  /** of how many numbers out of a table a key may be one */
  readonly tabled: number;
}

/** One end of an iteration, or the loop's entry: what the next iteration starts from. */
interface Point { readonly state: State; readonly values: readonly Abs[] }

interface Leaf { readonly abs: Abs; readonly critical: boolean }

const formNumbers = new WeakMap<object, number>();
let forms = 0;
const formOf = (o: object): number => { let n = formNumbers.get(o); if (n === undefined) formNumbers.set(o, (n = ++forms)); return n; };

function describeForm(o: HeapObject): string {
  switch (o.t) {
    case "object": return `object(${[...o.fields.keys()].join()};${o.prototype?.id ?? ""};${o.origin.from})`;
    case "array": return `array(${o.items.map((x) => (x === undefined ? "-" : "x")).join("")})`;
    case "typed": return `typed(${o.array},${o.items.length})`;
    case "vector": return `vector(${formOf(o.mem.of)})`;
    case "spilled": return `spilled(${formOf(o.mem.of)})`;
    case "boxed": return `boxed(${formOf(o.mem.of)})`;
    case "cell": return `cell(${o.value === null})`;
    case "closure": return `closure(${formOf(o.func)},${[...o.fields.keys()].join()})`;
    case "function": case "class": case "snap": return `${o.t}(${o.node.node})`;
    case "builtin": return `builtin(${o.name})`;
    case "bound": return `bound(${o.args.length})`;
    case "keyed": return `keyed ${o.form}`;
    case "numerals": return "numerals";
    case "map": return `map(${o.entries.length})`;
    case "set": return `set(${o.items.length})`;
    case "iterator": return `iterator(${o.what})`;
    case "error": return `error(${o.class},${o.message === null})`;
    case "generator": return `generator(${o.func.name} ${o.started})`;
    case "regexp": return `regexp(/${o.source}/${o.flags})`;
    case "opaque": return `opaque(${o.why})`;
    case "buffer": return `buffer(${o.shared && pathKey(o.shared)})`;
  }
}

/**
 * Visits a point's leaves in a fixed order and gives the point with each leaf replaced, its new objects renamed, and its skeleton. Objects
 * from before the loop count where the loop changes them, here or in another state (`touched`).
 */
function mapLeaves(ev: Evaluator, point: Point, base: State, keys: Keys, touched: ReadonlySet<number>, f: (leaf: Leaf) => Abs): { point: Point; skeleton: string } {
  const skeleton: string[] = [];
  const renamed = new Map<number, number>();
  const work: { id: number; to: number; object: HeapObject }[] = [];
  const state = base.clone();
  state.wrote = point.state.wrote;
  const visit = (abs: Abs | null | undefined, critical: boolean): Abs | null | undefined => {
    if (abs === null || abs === undefined) { skeleton.push("-"); return abs; }
    if (abs.k === "sum" && abs.alts.some((a) => a.k === "obj" && !base.objects.has(a.id) && !ev.isStaticObject(a.id))) throw new GraphFails("a choice of new objects is carried");
    if (abs.k !== "obj") { skeleton.push("v"); return f({ abs, critical }); }
    const known = renamed.get(abs.id);
    if (known !== undefined) { skeleton.push(`#${known}`); return { k: "obj", id: known }; }
    const object = point.state.objects.get(abs.id);
    if (object === undefined || base.objects.has(abs.id) || ev.isStaticObject(abs.id)) { skeleton.push(`o${abs.id}`); return abs; }
    const to = ev.newId();
    renamed.set(abs.id, to);
    work.push({ id: abs.id, to, object });
    skeleton.push(`new${renamed.size}`);
    return { k: "obj", id: to };
  };
  const object = (to: number, o: HeapObject) => {
    skeleton.push(describeForm(o));
    const names = o.t === "object" ? [...o.fields.keys()] : null;
    state.objects.set(to, withParts(o, partsOf(o).map((part, i) => visit(part, names ? keys.names.has(names[i]!) : o.t === "cell" && keys.cells.has(to)))));
  };
  const values = point.values.map((abs, i) => visit(abs, keys.slots.has(i)) as Abs);
  // in the order of their ids: a merge leaves them in any order, and leaves are told apart by position
  for (const id of [...new Set([...touched, ...changedSince(ev, base, point.state).map(({ id }) => id)])].sort((a, b) => a - b)) {
    const there = point.state.objects.get(id);
    if (!there) continue;
    skeleton.push(`o${id}:`);
    object(id, there);
  }
  for (let item = work.pop(); item; item = work.pop()) object(item.to, item.object);
  // names of new objects are by order of visit: the numbers themselves must not count
  const order = new Map([...renamed.values()].map((id, i) => [`#${id}`, `#${i}`]));
  return { point: { state, values }, skeleton: skeleton.map((s) => order.get(s) ?? s).join(" ") };
}

/** The numbers that a value read out of a constant table can be, sorted; undefined for other values, or too many. */
export function valuesOf(ev: Evaluator, v: Value): readonly number[] | undefined {
  const def = v.def;
  if (!def) return undefined;
  if (def.op === "f64.convert_i32_s" || def.op === "f64.convert_i32_u" || def.op === "f64.promote_f32") return valuesOf(ev, def.args[0]!);
  if (def.op === "if") {
    const end = def.regions[0].body.at(-1);
    return end?.op === "yield" ? valuesOf(ev, end.args[def.results.indexOf(v)]!) : undefined;
  }
  if (!isMemoryOp(def.op)) return undefined;
  const values = ev.constants.get((def as { space: number }).space);
  if (!values || values.length > 1 << 16) return undefined;
  const distinct = [...new Set(Array.from(values))].sort((a, b) => a - b);
  return distinct.length <= 64 && !distinct.some((x) => Number.isNaN(x) || x === 0 && Object.is(x, -0)) ? distinct : undefined;
}

interface StateNode {
  readonly name: string;
  /** what it was first reached with */
  readonly point: Point;
  /** one for each leaf */
  templates: Template[];
  queued: boolean;
}
interface Core { readonly lifted: Set<number>; readonly variants: Map<string, { leaves: Abs[] }> }

const mostVariants = 12;

/** Walks the loop as a graph of states. Gives the arrivals at the loop's own end; those elsewhere are at their targets. */
export function walkGraph(ev: Evaluator, loop: Loop, inits: readonly Abs[], activation: Activation, keys: Keys, limits: GraphLimits): Arrival[] {
  const base = ev.state.clone();
  const startId = ev.b.nextId;
  const inner = (v: Value): boolean => v.id >= startId && constantOf(v) === undefined && !ev.isInput(v);
  const cores = new Map<string, Core>();
  const skeletons = new Map<string, Set<number>>();
  const touched = new Set<number>();
  let liftTogether = true;
  const begin = checkpoint(ev), workBefore = workOf(ev);
  const feedingAround = ev.feeding;
  ev.polyvariant++;
  ev.feeding = new Set([...feedingAround, ...feedingOf(loop, keys.slots)]);
  try {
    // what varies too much is generalised in all states of one skeleton; where that loses a key (a return address), state by state
    for (const together of [true, false]) {
      liftTogether = together;
      cores.clear();
      skeletons.clear();
      try {
        for (let attempt = 0; attempt < 80; attempt++) {
          const nodes = settle();
          if (nodes) return emit(nodes);
          rollback(ev, begin);
        }
      } catch (e) {
        if (!(e instanceof GraphFails) || !together) throw e;
        rollback(ev, begin);
      }
    }
    throw new GraphFails("its states do not settle");
  } finally { ev.polyvariant--; ev.feeding = feedingAround; }

  /** The state that a point belongs to: made, widened or found. Undefined: a core had to be generalised, begin again. */
  function stateOf(point: Point, nodes: Map<string, StateNode>, queue: StateNode[]): StateNode | undefined {
    const leaves: Leaf[] = [];
    const before = touched.size;
    for (const { id } of changedSince(ev, base, point.state)) touched.add(id);
    if (touched.size > before && nodes.size > 0) return undefined; // the states so far have fewer leaves
    const { point: canonical, skeleton } = mapLeaves(ev, point, base, keys, touched, (leaf) => { leaves.push(leaf); return leaf.abs; });
    ev.compared += leaves.length;
    const name = (i: number) => { const { abs } = leaves[i]!; return abs.k === "prim" ? `${typeof abs.value}:${Object.is(abs.value, -0) ? "-0" : String(abs.value)}` : "?"; };
    const coreName = `${skeleton}|${leaves.map((l, i) => (l.critical ? name(i) : "")).join()}`;
    let core = cores.get(coreName);
    if (!core) cores.set(coreName, (core = { lifted: liftTogether ? liftedOf(skeleton) : new Set(), variants: new Map() }));
    if (leaves.some((l) => l.critical && l.abs.k !== "prim")) throw new GraphFails("what chooses the next step is not known when the function is specialised");
    const variant = leaves.map((_, i) => (core.lifted.has(i) ? "*" : name(i))).join();
    if (!core.variants.has(variant)) {
      core.variants.set(variant, { leaves: leaves.map((l) => l.abs) });
      if (core.variants.size > mostVariants) {
        const lists = [...core.variants.values()];
        leaves.forEach((l, i) => { if (!l.critical && l.abs.k === "prim" && typeof l.abs.value === "number" && lists.some((v) => !same(v.leaves[i]!, l.abs))) core.lifted.add(i); });
        for (const c of cores.values()) c.variants.clear();
        return undefined;
      }
    }
    const stateName = `${coreName}|${variant}`;
    let node = nodes.get(stateName);
    if (!node) {
      if (nodes.size >= limits.states) throw new GraphFails(`it has more than ${limits.states} states`);
      const templates = leaves.map((l, i): Template => (core.lifted.has(i) && l.abs.k === "prim" && typeof l.abs.value === "number" ? { t: "num" } : templateOf(l.abs)));
      node = { name: stateName, point: canonical, templates, queued: true };
      nodes.set(stateName, node);
      queue.push(node);
      return node;
    }
    let wider = false;
    node.templates = node.templates.map((template, i) => {
      const next = leaves[i]!.abs;
      const current = template.t === "keep" ? template.abs! : sample(template);
      if (template.t === "keep" && same(current, next) && !ssaValues(next).some(inner)) return template;
      const joined = templateFor([current, next], () => true);
      if (!joined) throw new GraphFails("values of different kinds reach one state");
      if (covers(template, joined)) return template;
      wider = true;
      return joined;
    });
    if (wider && !node.queued) { node.queued = true; queue.push(node); }
    return node;
  }
  function liftedOf(skeleton: string): Set<number> {
    let lifted = skeletons.get(skeleton);
    if (!lifted) skeletons.set(skeleton, (lifted = new Set()));
    return lifted;
  }
  function templateOf(abs: Abs): Template {
    return templateFor([abs], inner) ?? { t: "keep", abs };
  }

  /** Phase 1: which states there are and what their dynamic leaves are. Nothing that it writes is kept. */
  function settle(): Map<string, StateNode> | undefined {
    const nodes = new Map<string, StateNode>(), queue: StateNode[] = [], sizes = new Map<StateNode, number>();
    let size = 0;
    if (!stateOf({ state: ev.state, values: inits }, nodes, queue)) return undefined;
    for (let node = queue.shift(); node; node = queue.shift()) {
      node.queued = false;
      const mark = checkpoint(ev);
      const { points } = walkState(node);
      const restart = points.some((p) => !stateOf(p, nodes, queue));
      size += ev.b.written - mark.written - (sizes.get(node) ?? 0);
      sizes.set(node, ev.b.written - mark.written);
      rollback(ev, mark);
      if (restart) return undefined;
      if (workOf(ev) - workBefore > ev.budget.work / 4) throw new GraphFails("its states take too many steps");
      if (size > limits.written) throw new GraphFails("it is too large");
    }
    return nodes;
  }

  /** Walks one iteration from a state, in a region of its own. */
  function walkState(node: StateNode): { region: Region; params: Value[]; keys: string[]; points: (Arrival & Point)[]; exit: Arrival | null } {
    const params: Value[] = [], keyOfParam: string[] = [];
    let i = 0;
    const head = mapLeaves(ev, node.point, base, keys, touched, () => {
      const leaf = i++, template = node.templates[leaf]!;
      const types = typesOf(template);
      let at = 0;
      return rebuild(ev, template, () => { keyOfParam.push(`${leaf}.${at}`); const p = ev.b.value(types[at++]!); params.push(p); return p; }) as Abs;
    }).point;
    const region: Region = { params: [], body: [] };
    const outer = ev.b.region, copies = ev.copies; // each state has the same budget, in whatever order they are walked
    ev.b.region = region;
    ev.state = head.state.clone();
    ev.state.wrote = true; // whatever may have been written on the way here
    const target: Target = { kind: "loop", label: ev.b.label(loop.label.name), arrivals: [] };
    activation.targets.set(loop.label, target);
    activation.loops.push({ instr: loop, staticTests: 0, critical: newCritical(), ending: null });
    bindTo(activation, loop.regions[0].params, head.values);
    const completion = walkRegion(ev, loop.regions[0], activation);
    ev.activation = activation;
    activation.loops.pop();
    const arrivals: Arrival[] = [...target.arrivals];
    let exit: Arrival | null = null;
    if (completion.c === "br" && completion.label === loop.label) arrivals.push({ region, state: ev.state, values: completion.values });
    else if (completion.c === "yield") exit = { region, state: ev.state, values: completion.values };
    else leave(ev, completion, activation);
    const points = arrivals.flatMap((a) => splitKeys(a));
    ev.b.region = outer;
    ev.copies = copies;
    return { region, params, keys: keyOfParam, points, exit };
  }

  /** A key that is one of several known numbers, or read out of a constant table, becomes an edge for each. */
  function splitKeys(arrival: Arrival): (Arrival & Point)[] {
    let key: Abs | undefined;
    mapLeaves(ev, arrival, base, keys, touched, ({ abs, critical }) => { if (critical && abs.k !== "prim") key ??= abs; return abs; });
    if (!key) return [plain(arrival)];
    const chosen = key;
    const out: (Arrival & Point)[] = [];
    const become = (region: Region, known: Abs) => {
      const replace = (abs: Abs): Abs => (same(abs, chosen) ? known : abs);
      out.push(...splitKeys({ region, values: arrival.values.map(replace), state: replaceIn(arrival.state, replace) }));
    };
    const test = (region: Region, cond: () => Value): [Region, Region] => {
      const yes: Region = { params: [], body: [] }, no: Region = { params: [], body: [] };
      ev.in(region, () => { const c = cond(); ev.b.append({ op: "if", args: [c], results: [], regions: [yes, no], place: ev.b.place }); closeRegion(region); });
      return [yes, no];
    };
    // numbers of a table, by bisection
    const among = (region: Region, v: Value, values: readonly number[]): void => {
      if (values.length === 1) { become(region, prim(values[0]!)); return; }
      const middle = values.length >> 1;
      const [low, high] = test(region, () => ev.b.op("f64.lt", v, ev.b.f64(values[middle]!)));
      among(low, v, values.slice(0, middle));
      among(high, v, values.slice(middle));
    };
    const table = (v: Value | null): readonly number[] => {
      const values = v && valuesOf(ev, v);
      if (!values || values.length > limits.tabled) throw new GraphFails("what chooses the next step is not known when the function is specialised");
      return values;
    };
    if (chosen.k === "num") among(arrival.region, chosen.v, table(chosen.v));
    else if (chosen.k === "sum") {
      const alternative = (from: number, region: Region): void => {
        const alt = chosen.alts[from]!;
        const last = from === chosen.alts.length - 1;
        const [yes, no] = last ? [region, region] : test(region, () => ev.tagIs(chosen, from));
        if (alt.k === "prim" || alt.k === "obj") become(yes, alt);
        else if (alt.k === "num") among(yes, chosen.payload!, table(chosen.payload));
        else throw new GraphFails("what chooses the next step is no number");
        if (!last) alternative(from + 1, no);
      };
      alternative(0, arrival.region);
    } else throw new GraphFails("what chooses the next step is no number");
    return out;
  }
  /** Known numbers that choose nothing are numbers like any other. */
  function plain(arrival: Arrival): Arrival & Point {
    const isChoice = (abs: Abs): abs is Sum => abs.k === "sum" && abs.alts.every((a) => a.k === "prim" && typeof a.value === "number");
    const numbers = new Map<Abs, Abs>();
    const replace = (abs: Abs): Abs => {
      if (!isChoice(abs)) return abs;
      let number = numbers.get(abs);
      if (!number) numbers.set(abs, (number = ev.in(arrival.region, () => ev.fromF64(ev.toF64(abs)))));
      return number;
    };
    return { region: arrival.region, values: arrival.values.map(replace), state: replaceIn(arrival.state, replace) };
  }
  function replaceIn(state: State, replace: (abs: Abs) => Abs): State {
    const result = state.clone();
    for (const [id, object] of state.objects) {
      const parts = partsOf(object);
      if (!parts.some((p) => p && replace(p) !== p)) continue;
      result.objects.set(id, withParts(object, parts.map((p) => (p ? replace(p) : p))));
    }
    return result;
  }

  /** Phase 2: every state once more, for good; then the graph becomes blocks and loops. */
  function emit(nodes: Map<string, StateNode>): Arrival[] {
    const list = [...nodes.values()];
    const index = new Map(list.map((n, i) => [n.name, i]));
    const exits: Arrival[] = [];
    const graph: Node[] = list.map((node) => {
      const { region, params, keys: keyOfParam, points, exit } = walkState(node);
      if (exit) exits.push(exit);
      const edges = points.map((p) => {
        const queue: StateNode[] = [];
        const to = stateOf(p, nodes, queue);
        if (!to || queue.length > 0) throw new GraphFails("its states do not settle");
        const args: Value[] = [];
        ev.state = p.state;
        ev.in(p.region, () => {
          let i = 0;
          mapLeaves(ev, p, base, keys, touched, ({ abs }) => { args.push(...coerce(ev, abs, to.templates[i++]!)); return abs; });
        });
        return { region: p.region, to: index.get(to.name)!, args };
      });
      return { params, keys: keyOfParam, body: region, edges };
    });
    const entry: Value[] = [];
    let i = 0;
    ev.state = base.clone();
    mapLeaves(ev, { state: base, values: inits }, base, keys, touched, ({ abs }) => { entry.push(...coerce(ev, abs, list[0]!.templates[i++]!)); return abs; });
    structure(ev.b, graph, entry, ev.renamed);
    return exits;
  }
}
