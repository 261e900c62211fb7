// Residual loops: a loop that is kept is written once, for all of its iterations.
//
// Before: a loop, what it carries in, the state that it begins in. After: the residual loop is written, its results are bound, and the state is
// what holds behind it. Carried values, and of the heap what an iteration changes, are generalised (heads.ts) and the body is walked again until
// every iteration fits what the head says; each attempt that does not is taken back. What was found is told to the walks to come (attempts.ts).

import { constantOf } from "../../ir/build.ts";
import type { Loop, Region, Value } from "../../ir/types.ts";
import { canSpill, spill } from "./arrays.ts";
import { changedBefore, continued, foundBefore, idOf, knownAt, type Found } from "./attempts.ts";
import { exactIfPossible } from "./bigints.ts";
import { box, isAlike, isOwn, reference } from "./boxes.ts";
import { placeLike, placeNew } from "./aligned.ts";
import { classOf, learnItems, unify } from "./contents.ts";
import { cannotMerge, cannotMergeObjects, withAll } from "./meeting.ts";
import { armStart, canBail, takeBack } from "./refused.ts";
import { bindTo, checkpoint, dead, leave, rollback, walkRegion, type Completion } from "./control.ts";
import type { Evaluator } from "./evaluator.ts";
import { covers, generalise, isPlaceholder, memorable, placed, refuseShared, sample } from "./heads.ts";
import { changedSince, partsOf, sameForm, withParts, type HeapObject } from "./heap.ts";
import { coerce, merge, mergeable, rebuild, templateFor, type Arrival, type Template } from "./merge.ts";
import { numbered, slowObjects, tabulate } from "./records.ts";
import { replaced } from "./replaced.ts";
import { asOneStr } from "./joined.ts";
import { same, type Abs, type Alt, type Family, type Mem, type Obj } from "./values.ts";
import { toVector } from "./vectors.ts";
import { newCritical, Restart, type Activation, type Target } from "./walk.ts";

/** Writes a residual loop, beginning with what it found the time before. */
export function walkDynamicLoop(ev: Evaluator, loop: Loop, given: readonly Abs[], activation: Activation, why: string, tried: readonly Found[] = []): Completion | undefined {
  const inits = given.map((abs) => exactIfPossible(ev, abs)); // as what comes around: nothing else is known of it in the loop
  const last = foundBefore(ev, loop, activation.context);
  if (!last) return writeLoop(ev, loop, inits, activation, why, null, tried);
  const start = armStart(ev, checkpoint(ev), activation);
  try { return writeLoop(ev, loop, inits, activation, why, last, last.inner); } catch (e) {
    if (!canBail(e)) throw e;
    takeBack(ev, start, activation); // what held then may not do now
    return writeLoop(ev, loop, inits, activation, why, null, []);
  }
}

/** Carried values and heap are generalised until every iteration fits. `inner`: what the loops inside of it found in the attempt before. */
function writeLoop(ev: Evaluator, loop: Loop, inits: readonly Abs[], activation: Activation, why: string, last: Found | null, inner: readonly Found[]): Completion | undefined {
  const begin = checkpoint(ev);
  const outer = ev.b.region;
  const remembered = activation.context.heads.get(loop);
  const heads: Template[] = inits.map((abs, i) => {
    const start = generalise(abs);
    const known = remembered?.[i];
    return (known && templateFor([abs, sample(known)], () => false)) || start;
  });
  /** the heap's part: which fields of which objects the loop changes */
  const changed = new Map<number, (Template | null)[]>();
  /** input objects of which the loop writes fields that were not written before */
  const forms = new Map<number, HeapObject>();
  /** local arrays that the loop uses with dynamic indices */
  const spills = new Set<number>();
  /** … and those that grow in it */
  const vectors = new Set<number>();
  /** … and objects that something in memory holds in the end */
  const boxes = new Set<number>();
  /** … all that lie there because of them, or did before the loop */
  const inMemory = new Set<number>();
  /** slow objects that carried values choose from: they are numbers in the loop */
  const families = new Map<number, Family>();
  let wrote = ev.state.wrote;
  /** what an iteration makes and hands to the next one lies in memory: it may hold the one before, or be there on some paths only */
  let placing = false;
  const beginPlacing = (): void => {
    placing = true;
    inits.forEach((abs, i) => { if (heads[i]!.t === "sum" || heads[i]!.t === "fresh") heads[i] = generalise(reference(abs, begin.state)); });
    changed.clear();
  };
  const carried = (): readonly (Template | null)[] => [...heads, ...[...changed.values()].flat()];
  const isNew = (id: number): boolean => !begin.state.objects.has(id) && !ev.isStaticObject(id);
  const carriesNew = (template: Template | null): boolean => template?.t === "fresh" || (template?.t === "sum" && template.alts.some((a) => a.k === "obj" && isNew(a.id)));
  const takesTurns = (template: Template | null): boolean => (template?.t === "fresh" ? template.parts.some(takesTurns) : template?.t === "sum" && carriesNew(template));
  if (last) {
    wrote ||= last.wrote;
    for (const [ids, known] of [[boxes, last.boxes], [vectors, last.vectors], [spills, last.spills]] as const) {
      for (const one of known) { const id = idOf(ev, one); if (id !== undefined) ids.add(id); }
    }
    if (last.placing) beginPlacing();
  }
  const depths = { loops: activation.loops.length, open: ev.variantsOpen, variants: ev.variants.length };
  for (let attempt = 0; ; attempt++) {
    if (attempt > 40) throw ev.refuse("Todo", "the values that the loop carries do not settle", "give each variable values of one kind");
    const startId = ev.b.nextId, cleanBefore = ev.cleanBefore;
    ev.state.wrote = wrote;
    for (const [id, form] of forms) ev.state.objects.set(id, form);
    for (const id of boxes) box(ev, id);
    for (const id of vectors) toVector(ev, id);
    for (const id of spills) if (!vectors.has(id) && !boxes.has(id)) { if (canSpill(ev, id)) spill(ev, id); else toVector(ev, id); }
    // what was learned of the fields of one that lies in memory now is void
    for (const id of changed.keys()) if (ev.object(id).t === "boxed" && !inMemory.has(id)) { inMemory.add(id); changed.delete(id); }
    for (const one of attempt === 0 && last ? last.changed : []) {
      const id = idOf(ev, one), templates = id === undefined ? undefined : changedBefore(ev.object(id), one.templates);
      if (!templates) continue;
      changed.set(id!, templates);
      if (one.object.t === "boxed") inMemory.add(id!);
    }
    const starts = inits.map((abs, i) => { const start = reference(abs, ev.state), family = families.get(i); return family ? numbered(ev, start, family) : heads[i]!.t === "str" ? (asOneStr(ev, start) ?? start) : start; });
    for (const i of families.keys()) if (heads[i]!.t === "keep") heads[i] = generalise(starts[i]!);
    // what is kept is what the loop begins with, where that lies in memory now: an attempt before this one had it elsewhere
    heads.forEach((template, i) => { heads[i] = template.t === "keep" && template.abs ? { t: "keep", abs: starts[i] } : placed(template, starts[i], ev.state); });
    for (const [id, templates] of changed) {
      const parts = partsOf(ev.object(id));
      templates.forEach((template, i) => { if (template) templates[i] = placed(template, parts[i], ev.state); });
    }
    // 1. the head: parameters for what is dynamic
    const entry: Value[] = [];
    const params: Value[] = [];
    const enter = (abs: Abs | null | undefined, template: Template, name?: string): Abs | null | undefined => {
      entry.push(...coerce(ev, abs, template));
      return rebuild(ev, template, () => { const t = entry[params.length]!.type; const p = ev.b.value(t, name); params.push(p); return p; });
    };
    const names = loop.regions[0].params;
    const headState = ev.state.clone();
    const outside = ev.state;
    const head = heads.map((template, i) => {
      if (template.t !== "fresh") return enter(starts[i], template, names[i]!.name) as Abs;
      const init = starts[i] as Obj, values = coerce(ev, init, template);
      ev.state = headState; // the head's object is the loop's own; who holds the old one can't use it any more
      let at = 0;
      entry.push(...values);
      const made = rebuild(ev, template, () => { const p = ev.b.value(values[at++]!.type, names[i]!.name); params.push(p); return p; }) as Abs;
      headState.objects.set(init.id, replaced);
      ev.state = outside;
      return made;
    });
    refuseShared(ev, heads, starts);
    for (const [id, templates] of changed) {
      const object = ev.object(id);
      headState.objects.set(id, withParts(object, partsOf(object).map((part, i) => (templates[i] ? enter(part, templates[i]!) : part))));
    }
    const learnFound = (inner: readonly Found[]): void => {
      const before = (id: number): HeapObject => begin.state.objects.get(id) ?? ev.statics.get(id) ?? outside.objects.get(id)!;
      if (!activation.context.heads.has(loop)) ev.keptInside?.push(() => activation.context.heads.delete(loop));
      activation.context.heads.set(loop, heads.map(memorable));
      ev.found.push({
        loop, context: activation.context, wrote, placing, inner,
        changed: [...changed].map(([id, templates]) => ({ place: ev.placeOf(id), object: outside.objects.get(id) ?? ev.statics.get(id)!, templates })),
        spills: knownAt(ev, spills, before), vectors: knownAt(ev, vectors, before), boxes: knownAt(ev, boxes, before),
      });
    };
    const body: Region = { params, body: [] };
    const target: Target = { kind: "loop", label: ev.b.label(loop.label.name), arrivals: [] };
    const base = headState.clone();
    // 2. the body
    ev.b.region = body;
    ev.state = headState.clone();
    activation.targets.set(loop.label, target);
    activation.loops.push({ instr: loop, staticTests: 0, critical: newCritical(), ending: null, kept: true });
    bindTo(activation, names, head);
    let completion: Completion;
    ev.lost = begin.lost;
    const found: Found[] = ev.found = [];
    ev.foundBefore = inner;
    try { completion = walkRegion(ev, loop.regions[0], activation); } catch (e) {
      [ev.found, ev.foundBefore] = begin.found;
      if (e instanceof Restart) learnFound(continued(found, inner)); // the next walk begins with it
      if (!canBail(e) || placing || !carried().some(carriesNew)) throw e;
      // objects of its own that no form fits
      rollback(ev, begin);
      activation.loops.length = depths.loops;
      ev.variantsOpen = depths.open;
      ev.variants.length = depths.variants;
      beginPlacing();
      continue;
    }
    [ev.found, ev.foundBefore] = begin.found;
    ev.activation = activation;
    activation.loops.pop();
    const bodyEnd = ev.state;
    const arrivals = [...target.arrivals];
    if (completion.c === "br" && completion.label === loop.label) { arrivals.push({ region: ev.b.region, state: ev.state, values: completion.values }); }
    // what is in memory at the loop's head is there at the end of every iteration
    arrivals.forEach((arrival, k) => {
      arrivals[k] = { ...arrival, values: arrival.values.map((v, i) => {
        const held = reference(v, arrival.state), family = families.get(i);
        const value = family ? ev.onPath(arrival, () => numbered(ev, held, family)) : held;
        if ((value.k === "text" || value.k === "sum") && head[i]?.k === "str") return ev.onPath(arrival, () => asOneStr(ev, value) ?? value);
        for (const boxed of value.k === "obj" ? boxedOf(head[i]) : []) {
          const there = placeLike(ev, value as Obj, boxed, arrival);
          if (there !== value) return there;
        }
        if (value.k === "big") return ev.onPath(arrival, () => exactIfPossible(ev, value));
        return placing ? placeNew(ev, value, begin.state, arrival) : value;
      }) };
      if (placing) {
        for (const { id, object } of changedSince(ev, base, arrival.state)) {
          arrival.state.objects.set(id, withParts(object, partsOf(object).map((part) => part && placeNew(ev, reference(part, arrival.state), begin.state, arrival))));
        }
      }
    });
    // 3. does every next iteration fit the head?
    let settled = true, unlike = false;
    const begun = new Set<number>(); // whose objects are numbers from the next attempt on
    const isOfAttempt = (v: Value): boolean => isPlaceholder(v) || (v.id >= startId && v.def?.op !== "const"); // the next one has no such value
    const widen = (template: Template, now: Abs | null | undefined, after: Abs | null | undefined): Template | undefined => {
      const current = now && reference(now, ev.state), next = after && reference(after, ev.state);
      const first = current?.k === "obj" ? begin.state.objects.get(current.id) : undefined;
      if (next?.k === "mem" && isOwn(next) && current?.k === "obj" && first && template.t === "keep" && isAlike(ev, first, next)) {
        // an object from before the loop takes turns with one in memory
        if (next.of.box) unify(ev, next.of.box, classOf(ev, first)!);
        boxes.add(current.id);
        settled = false;
        return undefined;
      }
      if (template.t === "fresh") {
        const object = next?.k === "obj" ? ev.state.objects.get(next.id) : undefined;
        if (!object || !sameForm(object, template.form)) {
          if (!object || placing) return cannotWiden(current, next);
          unlike = true; // no one object of the head's own stands for both: in memory they take turns
          settled = false;
          return undefined;
        }
        const before = partsOf(ev.object((current as Obj).id)), after = partsOf(object);
        let wider = false;
        const parts = template.parts.map((p, i) => {
          const w = widen(p ?? { t: "keep", abs: before[i] }, before[i], after[i]);
          if (w) wider = true;
          return w ?? p;
        });
        return wider ? { ...template, parts } : undefined;
      }
      if (template.t === "keep") {
        // one from before the loop is no object of the iteration's own: the variable holds one of several then
        if (current?.k === "obj" && next?.k === "obj" && current.id !== next.id && isNew(next.id)) {
          const a = begin.state.objects.get(current.id), b = ev.state.objects.get(next.id);
          if (a && b && mergeable(a) && sameForm(a, b)) {
            const after = partsOf(b);
            return { t: "fresh", form: a, parts: partsOf(a).map((part, i) => (part && after[i] ? (same(part, after[i]!) ? null : templateFor([part, after[i]!], () => true) ?? cannotWiden(part, after[i])) : null)) };
          }
        }
        if (!next || !current) { if (next === current) return undefined; return cannotWiden(current, next); }
        if (same(current, next)) return undefined;
        return templateFor([current, next], () => true) ?? cannotWiden(current, next);
      }
      if (!next) return cannotWiden(current, next);
      const wider = templateFor([sample(template), next], isOfAttempt);
      if (!wider) return cannotWiden(current, next);
      return covers(template, wider) ? undefined : wider;
    };
    const cannotWiden = (a: Abs | null | undefined, b: Abs | null | undefined): never => { throw cannotMerge(ev, [a, b]); };
    const reformed = new Set<number>(); // another attempt has them in another form: what became of their parts in this one is void
    for (const arrival of arrivals) {
      ev.state = arrival.state;
      refuseShared(ev, heads, arrival.values);
      heads.forEach((template, i) => {
        const next = arrival.values[i]!;
        if (begun.has(i)) return;
        if (template.t === "fresh" && next.k === "mem" && isOwn(next)) {
          // … which is in memory at the end of an iteration
          boxes.add((starts[i] as Obj).id);
          heads[i] = { t: "keep", abs: starts[i]! };
          settled = false;
          return;
        }
        const wider = widen(template, head[i], next);
        if (!wider) return;
        settled = false;
        const family = wider.t === "sum" && !families.has(i) ? tabulate(ev, slowObjects(ev, wider.alts)) : undefined;
        if (family) { families.set(i, family); begun.add(i); }
        heads[i] = family ? { t: "keep", abs: starts[i]! } : wider;
      });
      for (const { id, object: now, before: object } of changedSince(ev, base, arrival.state)) {
        let next = now;
        if (isNew(id)) continue; // the head's own: what the next iteration gets of it is among the carried values
        const completed = next.t === "object" && !sameForm(next, object) ? withAll(ev, [object, next]) : undefined;
        if (completed && sameForm(completed[0]!, object)) {
          // a field that is there on some paths only, as the head has it
          next = completed[1]!;
          arrival.state.objects.set(id, next);
        }
        if (reformed.has(id)) continue;
        if (!sameForm(next, object)) {
          changed.delete(id);
          reformed.add(id);
          const grows = object.t === "array" && (next.t === "vector" || next.t === "array" /* longer, or with other holes */ || (next.t === "spilled" && constantOf(next.mem.len) !== object.items.length));
          if (next.t === "boxed") boxes.add(id);
          else if (grows || (object.t === "spilled" && next.t === "vector")) { for (const o of [object, next]) learnItems(ev, o); vectors.add(id); }
          else if (next.t === "spilled") spills.add(id);
          else {
            // as it is before the loop: the head's parameters end with this attempt
            const unified = withAll(ev, [outside.objects.get(id) ?? object, next]);
            if (!unified) throw cannotMergeObjects(ev, id);
            forms.set(id, unified[0]!);
          }
          settled = false;
          continue;
        }
        const before = partsOf(object), after = partsOf(next);
        const templates = changed.get(id) ?? before.map(() => null);
        before.forEach((part, i) => {
          const template = templates[i] ?? { t: "keep" as const, abs: part };
          const wider = widen(template, part, after[i]);
          if (wider) { templates[i] = wider; settled = false; }
        });
        if (templates.some((t) => t !== null)) changed.set(id, templates);
      }
      if (arrival.state.wrote && !wrote) { wrote = true; if (ev.cleanBefore > cleanBefore) settled = false; }
    }
    const orphaned = !placing && ev.lost > begin.lost && carried().some(carriesNew); // paths that need what an iteration before made
    if (!settled || orphaned) {
      rollback(ev, begin);
      inner = found;
      if (!placing && (unlike || orphaned || (attempt > 0 && carried().some(takesTurns)))) beginPlacing();
      continue;
    }
    if (wrote) { // an iteration before the one that leaves may have
      bodyEnd.wrote = true;
      for (const arrival of [...arrivals, ...ev.journal.slice(begin.journal).flatMap((left) => left.arrivals)]) arrival.state.wrote = true;
    }
    learnFound(found);
    ev.trace?.push({ e: "loop", instr: loop, source: activation.source, how: "kept", times: 1, why });
    // 4. close the body
    for (const arrival of arrivals) {
      ev.state = arrival.state;
      ev.in(arrival.region, () => {
        const next = heads.flatMap((template, i) => coerce(ev, arrival.values[i], template));
        for (const [id, templates] of changed) {
          const parts = partsOf(arrival.state.objects.get(id)!);
          templates.forEach((t, i) => { if (t) next.push(...coerce(ev, parts[i], t)); });
        }
        ev.b.br(target.label, next);
      });
    }
    const emit = (results: Value[]) => {
      ev.b.region = outer;
      ev.b.append({ op: "loop", label: target.label, args: entry, results, regions: [body], notes: { ...loop.notes, place: loop.notes?.place ?? loop.place }, place: loop.place });
    };
    if (completion.c === "yield") {
      const arrival: Arrival = { region: body, state: bodyEnd, values: completion.values };
      const merged = merge(ev, [arrival], startId, begin.state);
      ev.in(arrival.region, () => ev.b.yield(merged.ends[0]!));
      const results = merged.types.map((t) => ev.b.value(t));
      emit(results);
      const { values, state } = merged.finish(results);
      ev.state = state;
      bindTo(activation, loop.results, values);
      return undefined;
    }
    if (!(completion.c === "br" && completion.label === loop.label)) {
      ev.b.region = body;
      ev.state = bodyEnd;
      leave(ev, completion, activation);
    }
    emit([]);
    return dead;
  }
}

/** Of what a variable can be, what lies in memory. */
function boxedOf(abs: Abs | undefined): readonly Mem[] {
  const list: readonly (Abs | Alt)[] = abs?.k === "sum" ? abs.alts : abs ? [abs] : [];
  return list.filter((a): a is Mem => a.k === "mem" && isOwn(a));
}
