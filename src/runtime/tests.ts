// What each test of an entry asks, in both forms: as an expression for generated code and as a function. One row, one meaning;
// test/runtime/tests.test.ts runs both on the same values.

import { isDate } from "../capture/host.ts";
import { unreachable } from "../diagnostic.ts";
import type { Test } from "./plan.ts";
import { isLacking } from "./hidden.ts";
import { allInherit, allHaveKeys, hasKeys, hasLength, isInherited, isResizableArray, isSolid, isUnnamed, isUnshared } from "./values.ts";

/** Gives a value a name that generated code can use. */
export type Name = (value: unknown) => string;

export function testCode(test: Test, v: string, name: Name): string {
  switch (test.is) {
    case "number": return `typeof ${v} === "number"`;
    case "int32": return `typeof ${v} === "number" && (${v} | 0) === ${v} && (${v} !== 0 || 1 / ${v} > 0)`;
    case "boolean": return `typeof ${v} === "boolean"`;
    case "string": return `typeof ${v} === "string"`;
    case "int64": return `typeof ${v} === "bigint" && BigInt.asIntN(64, ${v}) === ${v}`;
    case "uint63": return `typeof ${v} === "bigint" && BigInt.asUintN(63, ${v}) === ${v}`;
    case "uint64": return `typeof ${v} === "bigint" && BigInt.asUintN(64, ${v}) === ${v}`;
    case "solid": return `${name(isSolid)}(${v})`;
    case "date": return `${name(isDate)}(${v})`;
    case "value":
      if (test.value === 0) return `${v} === 0 && 1 / ${v} ${Object.is(test.value, -0) ? "<" : ">"} 0`;
      if (test.value !== test.value) return `typeof ${v} === "number" && ${v} !== ${v}`;
      return `${v} === ${name(test.value)}`;
    case "prototype": return `${name(Object.getPrototypeOf)}(${v}) === ${name(test.prototype)}`;
    case "length": return `${name(hasLength)}(${v}, ${test.length})`;
    case "keys": return `${name(test.each ? allHaveKeys : hasKeys)}(${v}, ${name(test.keys)})`;
    case "inherited": return test.each > 0 ? `${name(allInherit)}(${v}, ${test.each}, ${name(test.key)}, ${name(test.prototype)})` : `${name(isInherited)}(${v}, ${name(test.key)}, ${name(test.prototype)})`;
    case "unnamed": return `${name(isUnnamed)}(${v}, ${test.each})`;
    case "resizable": return `${name(isResizableArray)}(${v})`;
    case "unshared": return `${name(isUnshared)}(${v})`;
    case "lacking": return `${name(isLacking)}(${v}, ${name(test.field)}, ${name(test.within)})`;
    case "accepted": return `${name(test.accepts)}(${v})`;
    default: return unreachable(test);
  }
}

export function testFunction(test: Test): (v: unknown) => boolean {
  switch (test.is) {
    case "number": return (v) => typeof v === "number";
    case "int32": return (v) => typeof v === "number" && (v | 0) === v && (v !== 0 || 1 / v > 0);
    case "boolean": return (v) => typeof v === "boolean";
    case "string": return (v) => typeof v === "string";
    case "int64": return (v) => typeof v === "bigint" && BigInt.asIntN(64, v) === v;
    case "uint63": return (v) => typeof v === "bigint" && BigInt.asUintN(63, v) === v;
    case "uint64": return (v) => typeof v === "bigint" && BigInt.asUintN(64, v) === v;
    case "solid": return isSolid;
    case "date": return isDate;
    case "value": { const { value } = test; return (v) => Object.is(v, value); }
    case "prototype": { const { prototype } = test; return (v) => Object.getPrototypeOf(v) === prototype; }
    case "length": { const { length } = test; return (v) => hasLength(v, length); }
    case "keys": { const { keys } = test, have = test.each ? allHaveKeys : hasKeys; return (v) => have(v, keys); }
    case "inherited": { const { key, prototype, each } = test; return each > 0 ? (v) => allInherit(v, each, key, prototype) : (v) => isInherited(v, key, prototype); }
    case "unnamed": { const { each } = test; return (v) => isUnnamed(v, each); }
    case "resizable": return isResizableArray;
    case "unshared": return isUnshared;
    case "lacking": { const { field, within } = test; return (v) => isLacking(v, field, within); }
    case "accepted": return test.accepts;
    default: return unreachable(test);
  }
}
