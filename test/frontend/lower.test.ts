import { describe, it } from "vitest";
import { same, sameFunction } from "./same.ts";

/** One test a snippet: the body of a function of a, b (numbers), o (an object) and list (an array). */
const bodies = (title: string, snippets: readonly string[]): void => {
  describe(title, () => { for (const snippet of snippets) it(snippet, () => same(snippet)); });
};

bodies("expressions", [
  "return a + b * 2 - a / b % 3;",
  "return [a & b, a | b, a ^ b, a << b, a >> b, a >>> b, ~a, -a, +a, !a, a ** 2];",
  "return [a < b, a <= b, a > b, a >= b, a == b, a != b, a === b, a !== b, 'x' in o, o instanceof Object];",
  "return [typeof a, typeof o.x, typeof missing, typeof undefined, void 0, !0];",
  "return a && b || o.x;", "return a ?? b;", "return o.none ?? b;", "return a > 1 ? b : o.x;", "return !a ? 1 : !!b ? 2 : 3;",
  "let t = 1; t += a; t -= b; t *= 3; t /= 7; t %= 5; t **= 2; return t;",
  "let t = 77; t &= a; t |= b; t ^= 5; t <<= 2; t >>= 1; t >>>= 1; return t;",
  "let t = a, u, v = 0; t ||= 5; u ??= b; v &&= 9; t &&= b; return [t, u, v];",
  "o.z ??= a; o.x ||= b; o.y &&= a; return o.z + o.x + o.y;",
  "let i = a; return [i++, i, ++i, i--, i, --i, i];", "return [o.x++, ++o.x, o.x--, list[0]++, list[0]];",
  "let i = 0; list[i++] = i; list[i] = i++ + i++; return i;", "let x = a; x += (x = b); return x;", "let x = a; return x + (x = b) + x;",
  "let t; return (t = a, t + b);", "let s, t; s = t = a; return s + t;",
  "return `${a}:${b} and ${o.x}`;", "return `plain`;", "return ``;", "return `${'x'}`;",
  "const k = 'x'; return o[k] + o['y'];", "return { a, b: 1, 'c d': 2, 3: 4, ['k' + a]: b, z: 5, ...o, m() { return 1; } }.k2;",
  "const r = { [a]: 1, a, ...o, last: 2 }; return r;", "return [a, , b, ...list, ...[1, 2]];", "return [,].length;",
  "return Math.max(a, ...list, b);", "return new Float64Array([a, b])[1];", "return new Array(...list).length;",
  "return (0, Math.max)(a, b);", "return o?.x;", "return o.none?.x.y.z;", "return o.none?.(a++) ?? a;", "return o?.['x'] + o.none?.[a++] + a;",
  "let t = 0; o.none?.f(t = 5); return t;", "return delete o.x && o.x;", "return [delete o?.x, delete o.none?.x, delete 1];", "return 10n ** 3n + 5n;", "return /a+/g.source;",
  "const f = o.toString; return (o?.hasOwnProperty)('x') + (o.none?.f)?.(1);",
  "return a.toFixed?.(1);", "return +('1' + '2');", "return [1, 2, 3].map((t) => t * a);",
  "const q = []; q[a] = (q.push(1), 2); return q;",
  "o.x += (o.x = 5); return o.x;", "let i = 0; list[i] += i++ + ++i; return list;", "return (o.x = a, o).x--;",
  "return [NaN, Infinity, undefined, null, -0];",
]);

bodies("variables", [
  "var t; return t;", "let t; return t;", "t = a; var t; return t;", "var t = 1; { var t = 2; } return t;", "let t = 1; { let t = 2; t++; } return t;",
  "return t; let t = 1;", "{ t; let t = 1; }", "const f = () => t; if (a > 1) return f(); let t = 3; return f();", "const f = () => { t = 3; }; if (a > 1) return f(); let t = 1; f(); return t;",
  "if (a > 2) { var t = 1; } return t;", "var a; return a;", "var a = 7; return a;", "function a() {} return typeof a;", "let x = a; { let x = b; { let x = 3; o.z = x; } o.w = x; } return x;",
  "let t = a; if (b > 2) { t = 1; o.x = t; } else t = 2; return t;", "let t = a; if (b > 2) t++; return t;", "let t = a; if (b > 2) return 5; else t = 3; return t;",
  "let t = a; if (b > 2) { if (a > 1) t = 1; else return 8; t += 1; } return t;", "if (a > b) { return 1; } else { return 2; }",
]);

bodies("loops", [
  "let s = 0; for (let i = 0; i < list.length; i++) s += list[i]; return s;", "let s = 0; for (let i = 0, n = 10; i < n; i += 2) { s += i; } return s;",
  "let s = 0, i = 0; while (i < 5) { s += i; i++; } return [s, i];", "let i = 0; do { i++; } while (i < a); return i;", "let n = 5, s = ''; while (n--) s += n; return [s, n];",
  "let s = 0; for (let i = 0; i < 10; i++) { if (i === 3) continue; if (i > 7) break; s += i; } return s;",
  "let i = 0; for (;;) { if (++i > 5) break; } return i;", "let i = 0; while (true) { i++; if (i > 5) return i; }", "for (;;) return a;", "for (let i = 0; i < 3; i++) return i;",
  "let s = ''; outer: for (let i = 0; i < 4; i++) { for (let j = 0; j < 4; j++) { if (j === 2) continue outer; if (i === 3) break outer; s += i + '' + j + ' '; } } return s;",
  "let s = 0; out: { s = 1; if (a > 1) break out; s = 2; } return s;", "x: y: for (let i = 0; ; i++) { if (i < 3) continue x; break y; } return a;",
  "let i = 0; do { i++; if (i === 2) continue; if (i > 3) break; } while (i < 10); return i;", "let i = 0; do { i++; if (a > 1) break; i += 10; } while (0); return i;",
  "let i = 0; do { i++; continue; } while (false); return i;", "let i = 0; do { return i; } while (true);", "let i = 0; do { if (i++ > 4) return i; } while (!0);",
  "let x = 1, y = 2; for (let i = 0; i < 3; i++) { const t = x; x = y; y = t; } return [x, y];", "let x = 1, y = 2, z = 3; for (let i = 0; i < 4; i++) { [x, y, z] = [y, z, x]; } return [x, y, z];",
  "let last; for (const t of list) last = t; return last;", "let s = 0; for (const [k, v] of Object.entries(o)) s += k.length + v; return s;", "let s = ''; for (const k in o) { if (k === 'y') continue; s += k; } return s;",
  "for (o.z of list); return o.z;", "var k; for (k in o); return k;", "for (const k in null) return 1; return 2;", "for (var i = 0, s = 0; i < 3; i++) s += i; return [i, s];",
  "let s = 0; for (const t of list) { if (t > 5) break; s += t; } return s;", "let s = 0; for (const c of 'abc') s += c.charCodeAt(0); return s;", "let s = 0; for (const [k, v] of new Map([[1, 2], [3, 4]])) s += k * v; return s;",
  "let s = 0; for (let i = 0; i < 3; i++) for (let j = i; j < 3; j++) s += i * j; return s;", "let lo = 0, hi = list.length; while (lo < hi) { const mid = (lo + hi) >>> 1; if (list[mid] < a) lo = mid + 1; else hi = mid; } return lo;",
  "let t = a; while (t > 1) { if (t % 2) t = 3 * t + 1; else t /= 2; if (t > 100) return -1; } return t;", "let found = -1; for (let i = 0; i < list.length; i++) if (list[i] === 7) { found = i; break; } return found;",
  "let n = 0; for (let i = 0; i < 5; i++) { if (i & 1) { continue; } else { n += i; continue; } } return n;", "let s = 0; for (let i = 9; i--;) s += i; return s;", "let s = 0; for (let i = 0; !(i >= 4); i++) s += i; return s;",
  "let s = 0; for (let i = 0; i < list.length && list[i] < 5; i++) s += list[i]; return s;", "let i = 0; while (i < list.length && list[i] !== 7 && i < 9) i++; return i;",
  "const f = []; for (let i = 0; i < 4 && i < a; i++) f.push(() => i); return f.map((g) => g());", "let n = 0, i; for (i = 0; i < 6 && n++ + i < 7; i++) { if (i === 2) continue; if (n > 4) break; } return [i, n];",
  "let s = ''; out: for (let i = 0; i < 4 && !(i > a); i++) { for (let j = 3; j >= 0 && (j !== i || s.length < 4); j--) { if (j === 1) continue out; s += i + '' + j; } } return s;",
  "let i = 0, n = 0; for (; (i < 5, true) && i < a && i++ < 9; ) n += i; return [i, n];", "let i = 9; while (i && i > a && o.x) { if (i === 4) break; i -= 2; } return i;",
  "let i = 0; for (; i < 3; ) { i++; continue; } return i;", "let m = 0; for (let i = 0; i < 3; i++) { let m = i; m++; o.z = m; } return m;",
]);

bodies("switch", [
  "switch (a) { case 2: return 'two'; case 5: return 'five'; default: return 'other'; }", "let t = 0; switch (a) { case 2: t = 1; break; case 5: t = 2; break; } return t;",
  "let t = 0; switch (a) { case 2: t += 1; case 5: t += 10; case 0: t += 100; break; default: t = -1; } return t;", "let t = 0; switch (a) { default: t += 1; case 5: t += 10; break; case 2: t += 100; } return t;",
  "let t = 0; switch (a) { case 2: case 5: t = 1; break; case 0: default: t = 2; break; case 1: t = 3; } return t;", "switch (typeof a) { case 'number': { switch (b) { case 5: return 1; } break; } } return 2;",
  "let s = 0; for (let i = 0; i < 6; i++) { switch (i) { case 1: continue; case 4: break; default: s += i; } s += 100; } return s;", "switch (a) {} return 1;", "switch (o.x++) { default: } return o.x;",
  "let t = 0; switch (true) { case a > 3: t = 1; break; case b > 3: t = 2; } return t;", "switch (a) { case 2: let t = 5; case 5: t = 6; return t; default: return 0; }", "let n = 0; switch (a) { case (n++, 7): return 1; case (n++, 2): return n; default: return n; } ",
  "let t = 0; switch (a) { case 2: if (b > 1) break; t = 5; case 5: t += 1; } return t;", "let t = 0; switch (a) { case 0: case 1: t = 1; break; case 2: { t = 2; break; } case 5: { t = 3; } } return t;",
  "l: switch (a) { case 2: for (;;) break l; default: return 1; } return 2;", "let t = 0; switch (a) { case 1: default: t = 1; break; case 1: t = 2; } return t;", "switch (a) { case 2: function f() { return 1; } return f(); default: return 2; }",
]);

bodies("destructuring", [
  "const { x, y } = o; return [x, y];", "const { x: p, none: q = a, ...rest } = o; return [p, q, rest];", "const [p, , q = 9, ...r] = list; return [p, q, r];", "let p, q; [p, q] = [b, a]; return [p, q];",
  "({ x: o.y, y: o.x } = o); return o;", "[o.x, list[1] = 8] = list; return o.x;", "const { x: { y } = { y: 4 } } = {}; return y;", "const { ['x']: t } = o; return t;", "const [{ x }, [y]] = [o, list]; return [x, y];",
  "const [p, q] = 'hi'; return q + p;", "const { length } = list; return length;", "const f = ({ x = 1, y = x } = {}) => x + y; return [f(), f({ x: 4 }), f(o)];", "const f = ([p, q] = [1, 2], ...[r, s]) => p + q + r + s; return f([5, 6], 7, 8);",
  "const { x } = null;", "let i = 0; const t = []; [t[i++], t[i++]] = [a, b]; return [t, i];", "var { x, y } = o, [z = x] = []; return x + y + z;", "return ({ x: a, y: b } = o) === o && a + b;", "const [] = list; const {} = o; return a;",
  "for (const { x, y = x } of [o, { x: 1 }]) a += x + y; return a;",
]);

bodies("functions", [
  "function f(t) { return t + 1; } return f(a);", "return f(a); function f(t) { return t > 0 ? f(t - 1) + 1 : 0; }", "const f = (t) => t * a; return f(b);", "let n = 0; const inc = () => n++; inc(); inc(); return n;",
  "const fs = []; for (let i = 0; i < 3; i++) fs.push(() => i); return fs.map((f) => f());", "const fs = []; for (let i = 0; i < 3; i++) { fs.push(() => i); i++; } return fs.map((f) => f());", "const fs = []; for (var i = 0; i < 3; i++) fs.push(() => i); return fs.map((f) => f());",
  "const fs = []; for (let i = 0; fs.push(() => i) < 3; i++); return fs.map((f) => f());", "const fs = []; for (const t of list) fs.push(() => t); return fs.map((f) => f());", "const fs = []; for (const k in o) fs.push(() => k); return fs.map((f) => f());",
  "const fs = []; let i = 0; while (i < 3) { let j = i; fs.push(() => j++); i++; } return fs.map((f) => f() + f());", "const fs = []; for (let i = 0; ; i++) { if (i > 4) break; if (i & 1) continue; fs.push(() => i); } return fs.map((f) => f());",
  "const f = function g(n) { return n > 0 ? n + g(n - 1) : 0; }; return f(4);", "const even = (n) => n === 0 || odd(n - 1), odd = (n) => n !== 0 && even(n - 1); return even(4);", "function outer() { function inner() { return a + b; } return inner(); } return outer();",
  "const add = (p) => (q) => (r) => p + q + r; return add(a)(b)(1);", "function f() { return arguments.length + arguments[1]; } return f(a, b, 3);", "const g = () => arguments[0]; return g(9);", "a = 9; return arguments[0] + arguments.length;", "function f(p, q) { p += 2; q = 7; for (p of [4, 5]); return [arguments[0], arguments[1], arguments.length]; } return [f(a), f(a, b), f(a, b, 3)];",
    "function f(p) { var p = p / 100, s = 0; p++; for (let i = 0; i < arguments.length; i++) s = s * 2 + arguments[i]; return s; } return f(a, b, 3);", "function f(p, p) { p = 3; return [...arguments]; } return f(a, b);", "function f(p) { [p] = list; return (() => arguments[0])(); } return f(a);", "return arguments.length;", "'use strict'; a = 9; return arguments[0];",
  "const f = (p, q = p, r = () => p) => q + r(); return f(a);", "function f(p = 1, { q } = { q: p }) { return p + q; } return f(undefined, { q: 2 }) + f();", "const f = (...r) => r.reduce((s, t) => s + t, 0); return f(1, 2, 3);", "function T(x) { this.x = x; } return new T(a).x;",
  "const c = { n: 0, inc() { this.n++; return this; } }; return c.inc().inc().n;", "return (function () { return typeof this; }).call(o);", "return this.x;", "const f = () => this.x; return f();", "const f = () => () => this.x; return f()();",
  "let t = 1; function f() { t = 2; } f(); return t;", "function f() { var t = 1; return g(); function g() { return t; } } return f();", "const __name = (f) => f; const h = __name(() => a); return h();", "a = a || 5; const f = () => a; a++; return f();",
  "{ function f() { return 1; } a = f(); } return a;", "let s = 0; list.forEach((t, i) => { if (t > 4) return; s += t * i; }); return s;", "function T() { return new.target === undefined; } return [T(), new T() instanceof T];",
  "const f = (n) => { let s = 0; for (let i = 0; i < n; i++) { const g = () => s += i; g(); } return s; }; return f(5);", "const compose = (...fs) => (t) => fs.reduce((v, f) => f(v), t); return compose((t) => t + 1, (t) => t * 2)(a);",
  "var f = 1; function f() {} return f;", "function f() { return 1; } function f() { return 2; } return f();", "const c = () => { c2(); }; let n = 0; const c2 = () => { n += 1; }; c(); c(); return n;", "if (a > 1) { const f = () => b; return f(); } return 0;",
]);

bodies("exceptions", [
  "throw new RangeError('no');", "if (a > 1) throw a; return b;", "try { throw a; } catch (e) { return e + 1; }", "try { return o.none.x; } catch { return b; }", "let t = 1; try { t = 2; if (a > 1) throw 1; t = 3; } catch (e) { t += 10; } return t;",
  "let t = 0; try { t = 1; return t; } finally { t = 2; o.x = t; }", "try { return 1; } finally { return 2; }", "let t = 0; for (let i = 0; i < 4; i++) { try { if (i === 2) continue; if (i === 3) break; t += i; } finally { t += 100; } } return t;",
  "let t = ''; try { try { throw 'a'; } catch (e) { t += e; throw 'b'; } finally { t += 'f'; } } catch (e) { t += e; } return t;", "try { throw { p: 1 }; } catch ({ p }) { return p; }", "let t; try { t = a; } catch (e) { t = 0; } return t;",
  "const f = () => { throw new TypeError('x'); }; try { f(); } catch (e) { return e instanceof TypeError; }", "let t = a; try { list.forEach((v) => { t += v; if (t > 8) throw t; }); } catch (e) { return [e, t]; } return t;", "try { throw 1; } catch (e) { const f = () => e; return f(); }",
  "for (let i = 0; i < 5; i++) { try { i += 1; } catch { } o.x += i; } return o.x;", "for (let i = 0; i < 3; i++) { try { if (i) throw i; } catch (e) { a += e; } } return a;",
  "let t = 0; try { let u = 0; for (let i = 0; i < 5; i++) { u += i; t = u; if (i === 3) throw 0; } } catch { t *= 10; } return t;", "let t = 0; try { try { t = 1; } finally { t += 1; throw t; } } catch (e) { t += e; } return t;",
  "l: try { break l; } finally { o.x = 5; } return o.x;", "try { throw 1; } finally { o.x = 3; }", "let i = 0; while (true) { try { if (i++ > 2) break; } finally { o.x = i; } } return i;",
]);

describe("the text of a function", () => {
  const calls = (): unknown[][] => [[2, 5], [0, NaN]];
  for (const text of [
    "function add(a, b) { return a + b; }", "function (a, b) { return a + b; }", "(a, b) => a + b", "a => a * 2", "(a) => ({ a })", "add(a, b) { return a + b + this.x; }", "get sum() { return this.x; }", "'quoted name'(a) { return a; }", "[Symbol.iterator](a) { return a; }",
    "function fact(n) { return n < 2 ? 1 : n * fact(n - 1); }", "function f(a, b) { return a + b; } // a trailing comment", "function f(a, b = a, ...c) { return [a, b, c, arguments.length]; }", "function f(a, b) { 'use strict'; return this === undefined ? 1 : this.x; }", "function(){}",
    "get(a) { return a; }", "set(a) { return a; }", "function f() { return super_; var super_ = 1; }", "function f(a, b) {\n  // a comment\n  return a /* here */ + b;\n}",
  ]) it(text, () => sameFunction(text, {}, calls));
  it("reads and writes free variables", () => sameFunction("function f(a) { count += a; return count + helper(a) + typeof nowhere; }", { count: 3, helper: (t: number) => t * 2 }, calls));
});
