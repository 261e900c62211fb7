// What npm packages consist of where a compiler wrote them: TypeScript's and Babel's helpers for ES5, CommonJS modules, CoffeeScript, minifiers;
// and what people write by hand of the same sort. Each row is a kernel as its package has it, called as it is.

import { describe, test } from "vitest";
import { served } from "./served.ts";

/** The compilers' helpers, as they emit them. */
const helpers = String.raw`
var __spreadArray = function (to, from, pack) { if (pack || arguments.length === 2) for (var i = 0, l = from.length, ar; i < l; i++) { if (ar || !(i in from)) { if (!ar) ar = Array.prototype.slice.call(from, 0, i); ar[i] = from[i]; } } return to.concat(ar || Array.prototype.slice.call(from)); };
var __read = function (o, n) { var m = typeof Symbol === "function" && o[Symbol.iterator]; if (!m) return o; var i = m.call(o), r, ar = [], e; try { while ((n === void 0 || n-- > 0) && !(r = i.next()).done) ar.push(r.value); } catch (error) { e = { error: error }; } finally { try { if (r && !r.done && (m = i["return"])) m.call(i); } finally { if (e) throw e.error; } } return ar; };
var __values = function(o) { var s = typeof Symbol === "function" && Symbol.iterator, m = s && o[s], i = 0; if (m) return m.call(o); if (o && typeof o.length === "number") return { next: function () { if (o && i >= o.length) o = void 0; return { value: o && o[i++], done: !o }; } }; throw new TypeError(s ? "Object is not iterable." : "Symbol.iterator is not defined."); };
var __assign = function () { __assign = Object.assign || function (t) { for (var s, i = 1, n = arguments.length; i < n; i++) { s = arguments[i]; for (var p in s) if (Object.prototype.hasOwnProperty.call(s, p)) t[p] = s[p]; } return t; }; return __assign.apply(this, arguments); };
var __rest = function (s, e) { var t = {}; for (var p in s) if (Object.prototype.hasOwnProperty.call(s, p) && e.indexOf(p) < 0) t[p] = s[p]; if (s != null && typeof Object.getOwnPropertySymbols === "function") for (var i = 0, p = Object.getOwnPropertySymbols(s); i < p.length; i++) { if (e.indexOf(p[i]) < 0 && Object.prototype.propertyIsEnumerable.call(s, p[i])) t[p[i]] = s[p[i]]; } return t; };
var __extends = (function () { var extendStatics = function (d, b) { extendStatics = Object.setPrototypeOf || ({ __proto__: [] } instanceof Array && function (d, b) { d.__proto__ = b; }) || function (d, b) { for (var p in b) if (Object.prototype.hasOwnProperty.call(b, p)) d[p] = b[p]; }; return extendStatics(d, b); }; return function (d, b) { if (typeof b !== "function" && b !== null) throw new TypeError("x"); extendStatics(d, b); function __() { this.constructor = d; } d.prototype = b === null ? Object.create(b) : (__.prototype = b.prototype, new __()); }; })();
function _arrayLikeToArray(r, a) { (null == a || a > r.length) && (a = r.length); for (var e = 0, n = Array(a); e < a; e++) n[e] = r[e]; return n; }
function _arrayWithHoles(r) { if (Array.isArray(r)) return r; }
function _arrayWithoutHoles(r) { if (Array.isArray(r)) return _arrayLikeToArray(r); }
function _iterableToArray(r) { if ("undefined" != typeof Symbol && null != r[Symbol.iterator] || null != r["@@iterator"]) return Array.from(r); }
function _unsupportedIterableToArray(r, a) { if (r) { if ("string" == typeof r) return _arrayLikeToArray(r, a); var t = {}.toString.call(r).slice(8, -1); return "Object" === t && r.constructor && (t = r.constructor.name), "Map" === t || "Set" === t ? Array.from(r) : "Arguments" === t || /^(?:Ui|I)nt(?:8|16|32)(?:Clamped)?Array$/.test(t) ? _arrayLikeToArray(r, a) : void 0; } }
function _nonIterableRest() { throw new TypeError("Invalid attempt to destructure non-iterable instance."); }
function _iterableToArrayLimit(r, l) { var t = null == r ? null : "undefined" != typeof Symbol && r[Symbol.iterator] || r["@@iterator"]; if (null != t) { var e, n, i, u, a = [], f = !0, o = !1; try { if (i = (t = t.call(r)).next, 0 === l) { if (Object(t) !== t) return; f = !1; } else for (; !(f = (e = i.call(t)).done) && (a.push(e.value), a.length !== l); f = !0); } catch (r) { o = !0, n = r; } finally { try { if (!f && null != t.return && (u = t.return(), Object(u) !== u)) return; } finally { if (o) throw n; } } return a; } }
function _slicedToArray(r, e) { return _arrayWithHoles(r) || _iterableToArrayLimit(r, e) || _unsupportedIterableToArray(r, e) || _nonIterableRest(); }
function _toConsumableArray(r) { return _arrayWithoutHoles(r) || _iterableToArray(r) || _unsupportedIterableToArray(r) || _nonIterableRest(); }
function _createForOfIteratorHelperLoose(r, e) { var t = "undefined" != typeof Symbol && r[Symbol.iterator] || r["@@iterator"]; if (t) return (t = t.call(r)).next.bind(t); if (Array.isArray(r) || (t = _unsupportedIterableToArray(r)) || e && r && "number" == typeof r.length) { t && (r = t); var o = 0; return function () { return o >= r.length ? { done: !0 } : { done: !1, value: r[o++] }; }; } throw new TypeError("Invalid attempt to iterate non-iterable instance."); }
function _createForOfIteratorHelper(r, e) { var t = "undefined" != typeof Symbol && r[Symbol.iterator] || r["@@iterator"]; if (!t) { if (Array.isArray(r) || (t = _unsupportedIterableToArray(r)) || e && r && "number" == typeof r.length) { t && (r = t); var n = 0, F = function F() {}; return { s: F, n: function n_() { return n >= r.length ? { done: !0 } : { done: !1, value: r[n++] }; }, e: function e(r) { throw r; }, f: F }; } throw new TypeError("Invalid"); } var o, a = !0, u = !1; return { s: function s() { t = t.call(r); }, n: function n() { var r = t.next(); return a = r.done, r; }, e: function e(r) { u = !0, o = r; }, f: function f() { try { a || null == t.return || t.return(); } finally { if (u) throw o; } } }; }
function _classCallCheck(a, n) { if (!(a instanceof n)) throw new TypeError("Cannot call a class as a function"); }
function _typeof(o) { "@babel/helpers - typeof"; return _typeof = "function" == typeof Symbol && "symbol" == typeof Symbol.iterator ? function (o) { return typeof o; } : function (o) { return o && "function" == typeof Symbol && o.constructor === Symbol && o !== Symbol.prototype ? "symbol" : typeof o; }, _typeof(o); }
function toPrimitive(t, r) { if ("object" != _typeof(t) || !t) return t; var e = t[Symbol.toPrimitive]; if (void 0 !== e) { var i = e.call(t, r || "default"); if ("object" != _typeof(i)) return i; throw new TypeError("@@toPrimitive must return a primitive value."); } return ("string" === r ? String : Number)(t); }
function toPropertyKey(t) { var i = toPrimitive(t, "string"); return "symbol" == _typeof(i) ? i : i + ""; }
function _defineProperties(e, r) { for (var t = 0; t < r.length; t++) { var o = r[t]; o.enumerable = o.enumerable || !1, o.configurable = !0, "value" in o && (o.writable = !0), Object.defineProperty(e, toPropertyKey(o.key), o); } }
function _createClass(e, r, t) { return r && _defineProperties(e.prototype, r), t && _defineProperties(e, t), Object.defineProperty(e, "prototype", { writable: !1 }), e; }
function _defineProperty(e, r, t) { return (r = toPropertyKey(r)) in e ? Object.defineProperty(e, r, { value: t, enumerable: !0, configurable: !0, writable: !0 }) : e[r] = t, e; }
function _setPrototypeOf(t, e) { return _setPrototypeOf = Object.setPrototypeOf ? Object.setPrototypeOf.bind() : function (t, e) { return t.__proto__ = e, t; }, _setPrototypeOf(t, e); }
function _inheritsLoose(t, o) { t.prototype = Object.create(o.prototype), t.prototype.constructor = t, _setPrototypeOf(t, o); }
function _inherits(t, e) { if ("function" != typeof e && null !== e) throw new TypeError("Super expression must either be null or a function"); t.prototype = Object.create(e && e.prototype, { constructor: { value: t, writable: !0, configurable: !0 } }), Object.defineProperty(t, "prototype", { writable: !1 }), e && _setPrototypeOf(t, e); }
function _extends() { return _extends = Object.assign ? Object.assign.bind() : function (n) { for (var e = 1; e < arguments.length; e++) { var t = arguments[e]; for (var r in t) ({}).hasOwnProperty.call(t, r) && (n[r] = t[r]); } return n; }, _extends.apply(null, arguments); }
function _objectWithoutPropertiesLoose(r, e) { if (null == r) return {}; var t = {}; for (var n in r) if ({}.hasOwnProperty.call(r, n)) { if (-1 !== e.indexOf(n)) continue; t[n] = r[n]; } return t; }
function ownKeys(e, r) { var t = Object.keys(e); if (Object.getOwnPropertySymbols) { var o = Object.getOwnPropertySymbols(e); r && (o = o.filter(function (r) { return Object.getOwnPropertyDescriptor(e, r).enumerable; })), t.push.apply(t, o); } return t; }
function _objectSpread2(e) { for (var r = 1; r < arguments.length; r++) { var t = null != arguments[r] ? arguments[r] : {}; r % 2 ? ownKeys(Object(t), !0).forEach(function (r) { _defineProperty(e, r, t[r]); }) : Object.getOwnPropertyDescriptors ? Object.defineProperties(e, Object.getOwnPropertyDescriptors(t)) : ownKeys(Object(t)).forEach(function (r) { Object.defineProperty(e, r, Object.getOwnPropertyDescriptor(t, r)); }); } return e; }
const VV = function () { function V(x, y) { _classCallCheck(this, V); this.x = x; this.y = y; } return _createClass(V, [{ key: "dot", value: function dot(o) { return this.x * o.x + this.y * o.y; } }, { key: "len2", get: function get() { return this.x * this.x + this.y * this.y; } }], [{ key: "of", value: function of(x) { return new V(x, x); } }]); }();
class Range { constructor(n) { this.n = n; } [Symbol.iterator]() { let i = 0; const n = this.n; return { next: () => (i < n ? { value: i++, done: false } : { value: undefined, done: true }) }; } }
`;
/** A function of a module of its own that has the helpers. */
const inModule = (text: string): ((...args: never[]) => unknown) => (new Function(`${helpers}; return ${text}`) as () => (...args: never[]) => unknown)();

const rows: readonly (readonly [name: string, text: string, ...calls: (readonly unknown[])[]])[] = [
  ["ts __spreadArray",
    String.raw`function (xs) { var ys = __spreadArray(__spreadArray([], xs, true), [1, 2], false); var s = 0; for (var i = 0; i < ys.length; i++) s += ys[i] * i; return s; }`,
    [[3, 1, 4, 1.5, 9, -2]], [[2, 7, 1]]],
  ["ts __read",
    String.raw`function (xs) { var _a = __read(xs, 2), a = _a[0], b = _a[1]; return a * 10 + b; }`,
    [[3, 1, 4, 1.5, 9, -2]], [[2, 7, 1]]],
  ["ts __assign",
    String.raw`function (a, b) { var o = __assign(__assign({ x: 1, y: 2 }, { y: a }), { z: b }); return o.x + o.y * 3 + o.z; }`,
    [1, 2], [3.5, 4]],
  ["ts __rest",
    String.raw`function (a, b) { var o = { p: a, q: b, r: a * b }; var p = o.p, rest = __rest(o, ["p"]); return p + rest.q * rest.r; }`,
    [1, 2], [3.5, 4]],
  ["ts __extends",
    String.raw`function (a, b) { var Base = (function () { function Base(k) { this.k = k; } Base.prototype.f = function (x) { return this.k * x; }; return Base; }()); var D = (function (_super) { __extends(D, _super); function D(k) { var _this = _super.call(this, k) || this; _this.j = 2; return _this; } D.prototype.f = function (x) { return _super.prototype.f.call(this, x) + this.j; }; return D; }(Base)); return new D(a).f(b); }`,
    [1, 2], [3.5, 4]],
  ["ts enum",
    String.raw`(function () { var Mode; (function (Mode) { Mode[Mode["A"] = 0] = "A"; Mode[Mode["B"] = 1] = "B"; })(Mode || (Mode = {})); return function (m, x) { switch (m) { case Mode.A: return x + 1; case Mode.B: return x * 2; default: return Mode.A; } }; })()`,
    [0, 2], [1, 4], [7, 1]],
  ["ts local enum",
    String.raw`function (m, x) { var Mode; (function (Mode) { Mode[Mode["A"] = 0] = "A"; Mode[Mode["B"] = 1] = "B"; })(Mode || (Mode = {})); return m === Mode.A ? x : x * 2; }`,
    [0, 2], [1, 4]],
  ["babel _slicedToArray",
    String.raw`function (p, q) { var _p = _slicedToArray(p, 2), x = _p[0], y = _p[1]; var _ref = [q, x], a = _ref[0], b = _ref[1]; return x * 10 + y + a - b; }`,
    [[1, 2], 5], [[3.5, 4], 6]],
  ["babel _toConsumableArray",
    String.raw`function (xs) { var ys = [].concat(_toConsumableArray(xs), [4]); return Math.max.apply(Math, _toConsumableArray(ys)) + ys.length; }`,
    [[3, 1, 4, 1.5, 9, -2]], [[2, 7, 1]]],
  ["babel forOf loose",
    String.raw`function (xs) { var s = 0; for (var _iterator = _createForOfIteratorHelperLoose(xs), _step; !(_step = _iterator()).done;) { var x = _step.value; s += x * x; } return s; }`,
    [[3, 1, 4, 1.5, 9, -2]], [[2, 7, 1]]],
  ["babel forOf",
    String.raw`function (xs) { var s = 0; var _iterator = _createForOfIteratorHelper(xs), _step; try { for (_iterator.s(); !(_step = _iterator.n()).done;) { var x = _step.value; if (x > 8) continue; s += x * x; } } catch (err) { _iterator.e(err); } finally { _iterator.f(); } return s; }`,
    [[3, 1, 4, 1.5, 9, -2]], [[2, 7, 1]]],
  ["babel class",
    String.raw`function (a, b) { var V = function () { function V(x, y) { _classCallCheck(this, V); this.x = x; this.y = y; } return _createClass(V, [{ key: "dot", value: function dot(o) { return this.x * o.x + this.y * o.y; } }, { key: "len2", get: function get() { return this.x * this.x + this.y * this.y; } }], [{ key: "of", value: function of(x) { return new V(x, x); } }]); }(); return new V(a, b).dot(V.of(2)) + new V(b, a).len2; }`,
    [1, 2], [3.5, 4]],
  ["babel class captured",
    String.raw`function (a, b) { return new VV(a, b).dot(VV.of(2)) + new VV(b, a).len2; }`,
    [1, 2], [3.5, 4]],
  ["babel inherits loose captured",
    String.raw`(function () { var A = function () { function A(k) { this.k = k; } var _proto = A.prototype; _proto.f = function f(x) { return this.k * x; }; return A; }(); var B = function (_A) { function B(k) { var _this; _this = _A.call(this, k) || this; _this.j = 3; return _this; } _inheritsLoose(B, _A); var _proto2 = B.prototype; _proto2.f = function f(x) { return _A.prototype.f.call(this, x) + this.j; }; return B; }(A); return function (a, b) { return new B(a).f(b); }; })()`,
    [1, 2], [3.5, 4]],
  ["babel inherits local",
    String.raw`function (a, b) { var A = function () { function A(k) { this.k = k; } var _proto = A.prototype; _proto.f = function f(x) { return this.k * x; }; return A; }(); var B = function (_A) { function B(k) { var _this; _this = _A.call(this, k) || this; _this.j = 3; return _this; } _inheritsLoose(B, _A); var _proto2 = B.prototype; _proto2.f = function f(x) { return _A.prototype.f.call(this, x) + this.j; }; return B; }(A); return new B(a).f(b); }`,
    [1, 2], [3.5, 4]],
  ["babel _extends",
    String.raw`function (a, b) { var o = _extends({}, { x: a }, { y: b, x: a + 1 }); return o.x * 10 + o.y; }`,
    [1, 2], [3.5, 4]],
  ["babel rest",
    String.raw`function (a, b) { var o = { x: a, y: b, z: 3 }; var x = o.x, rest = _objectWithoutPropertiesLoose(o, ["x"]); return x + rest.y * rest.z; }`,
    [1, 2], [3.5, 4]],
  ["babel objectSpread2",
    String.raw`function (a, b) { var o = _objectSpread2(_objectSpread2({}, { x: a }), {}, { y: b }); return o.x * 10 + o.y; }`,
    [1, 2], [3.5, 4]],
  ["babel defineProperty",
    String.raw`function (a, b) { var o = _defineProperty({}, "k", a); _defineProperty(o, "j", b); return o.k * 10 + o.j; }`,
    [1, 2], [3.5, 4]],
  ["babel typeof",
    String.raw`function (a) { return _typeof(a) === "number" ? a * 2 : 0; }`,
    [1], [2.5]],
  ["babel default args",
    String.raw`function (a) { var b = arguments.length > 1 && arguments[1] !== undefined ? arguments[1] : 7; return a * b; }`,
    [1], [2, 3]],
  ["babel rest args",
    String.raw`function (a) { for (var _len = arguments.length, rest = new Array(_len > 1 ? _len - 1 : 0), _key = 1; _key < _len; _key++) { rest[_key - 1] = arguments[_key]; } return rest.reduce(function (x, y) { return x + y; }, a); }`,
    [1, 2, 3], [1]],
  ["babel nullish",
    String.raw`function (a, o) { var _o$x, _o$y; return ((_o$x = o.x) !== null && _o$x !== void 0 ? _o$x : 4) + (o === null || o === void 0 || (_o$y = o.y) === null || _o$y === void 0 ? void 0 : _o$y.z) * a; }`,
    [2, { x: 1, y: { z: 3 } }], [5, { x: 2, y: { z: 9 } }]],
  ["slice.call(arguments)",
    String.raw`function () { var xs = Array.prototype.slice.call(arguments, 1); var s = 0; for (var i = 0; i < xs.length; i++) s += xs[i]; return s * arguments[0]; }`,
    [1, 2, 3], [3, 4]],
  ["[].slice.call(arguments)",
    String.raw`function () { var a = [].slice.call(arguments); return a.length * a[0]; }`,
    [1, 2, 3], [3, 4]],
  ["Array.from(arguments)",
    String.raw`function () { return Array.from(arguments).map(x => x * 2).reduce((a, b) => a + b, 0); }`,
    [1, 2, 3], [3, 4]],
  ["var self = this",
    String.raw`function (a) { var self = this; function f(x) { return self === undefined || self === globalThis ? x : 0; } return f(a) + 1; }`,
    [1], [2.5]],
  ["this is the global object",
    String.raw`function (a) { function f() { return this === globalThis && this.Math === Math; } return f() && this === globalThis ? a * 2 : 0; }`,
    [1], [2.5]],
  ["constructors without new",
    String.raw`function (a) { function P(x) { if (!(this instanceof P)) return new P(x); this.x = x; } return P(a).x + (this == null ? 10 : 1); }`,
    [1], [2.5]],
  ["IIFE module",
    String.raw`(function () { var M = (function () { var k = 3; function f(x) { return x * k; } function g(x) { return f(x) + 1; } return { f: f, g: g }; })(); return function (x) { return M.g(x) - M.f(x); }; })()`,
    [1], [2.5]],
  ["local IIFE module",
    String.raw`function (x) { var M = (function () { var k = 3; function f(x) { return x * k; } return { f: f }; })(); return M.f(x); }`,
    [1], [2.5]],
  ["apply spread",
    String.raw`function (xs) { return Math.max.apply(null, xs) - Math.min.apply(null, xs); }`,
    [[3, 1, 4, 1.5, 9, -2]], [[2, 7, 1]]],
  ["bind",
    String.raw`function (a, b) { var f = function (x, y) { return this.k * x + y; }.bind({ k: a }, b); return f(3); }`,
    [1, 2], [3.5, 4]],
  ["call with this",
    String.raw`function (a, b) { function f(x) { return this.v + x; } return f.call({ v: a }, b) + f.apply({ v: b }, [a]); }`,
    [1, 2], [3.5, 4]],
  ["exports defineProperty",
    String.raw`(function () { var exports = {}; Object.defineProperty(exports, "__esModule", { value: true }); exports.default = void 0; var _default = exports.default = function (x) { return x * 2; }; return function (x) { return (0, exports.default)(x) + 1; }; })()`,
    [1], [2.5]],
  ["getter exports",
    String.raw`(function () { var exports = {}; function helper(x) { return x * 2; } Object.defineProperty(exports, "helper", { enumerable: true, get: function () { return helper; } }); return function (x) { return (0, exports.helper)(x) + 1; }; })()`,
    [1], [2.5]],
  ["coffee range",
    String.raw`function (xs) { var i, j, len, ref, results, x; results = []; for (i = 0, len = xs.length; i < len; i++) { x = xs[i]; if (x > 1) { results.push(x * x); } } return ((function () { var k, results1; results1 = []; for (j = k = 0, ref = results.length; (0 <= ref ? k < ref : k > ref); j = 0 <= ref ? ++k : --k) { results1.push(results[j]); } return results1; })()).length; }`,
    [[3, 1, 4, 1.5, 9, -2]], [[2, 7, 1]]],
  ["coffee slice",
    String.raw`function () { var a, rest, slice = [].slice; a = arguments[0], rest = 2 <= arguments.length ? slice.call(arguments, 1) : []; return a + rest.length; }`,
    [1, 2, 3], [4]],
  ["coffee indexOf",
    String.raw`function (a) { var indexOf = [].indexOf || function (item) { return -1; }; return indexOf.call([1, 2, 3], a) >= 0 ? a : -a; }`,
    [2], [7]],
  ["minified",
    String.raw`function (t, r) { for (var e = 0, n = 0; n < t.length; n++) e += t[n] * r, e > 100 && (e -= 100); return e | 0, !0 ? e : void 0; }`,
    [[3, 50, 80], 2], [[1, 2], 3]],
  ["comma in for",
    String.raw`function (n) { for (var a = 0, b = 1, t; n-- > 0; t = a + b, a = b, b = t); return a; }`,
    [10], [3]],
  ["labelled block",
    String.raw`function (a, b) { out: { if (a > b) break out; a = b * 2; inner: { if (a > 7) break inner; b = 1; break out; } a += 5; } return a - b; }`,
    [1, 2], [5, 4], [1, 9]],
  ["getter literal",
    String.raw`function (a, b) { var o = { k: a, get dbl() { return this.k * 2; }, set dbl(v) { this.k = v / 2; } }; var t = o.dbl; o.dbl = b; return t * 100 + o.k; }`,
    [1, 2], [3.5, 4]],
  ["__proto__ literal",
    String.raw`function (a) { var p = { f: function () { return this.k * 2; } }; var o = { __proto__: p, k: a }; return o.f(); }`,
    [1], [2.5]],
  ["super write",
    String.raw`function (a) { class A { } class B extends A { m(v) { super.x = v; return this.x * 2; } } return new B().m(a); }`,
    [1], [2.5]],
  ["tagged template",
    "function (a) { function tag(s, ...v) { return s.length * 10 + v[0] + s.raw[0].length; } return tag`a\\tb${a}c`; }",
    [1], [2.5]],
  ["iterator protocol",
    String.raw`function (n) { let s = 0; for (const x of new Range(n)) s += x * x; return s; }`,
    [5], [9]],
  ["delete prop",
    String.raw`function (a) { var o = { x: a, y: 2 }; delete o.x; return o.x === undefined ? o.y + a : 0; }`,
    [1], [2.5]],
  ["typeof undeclared",
    String.raw`function (a) { return typeof notThere === "undefined" ? a : 0; }`,
    [1], [2.5]],
  ["void, in, instanceof",
    String.raw`function (a) { var o = { x: a }; return ("x" in o ? a : void 0) + (o instanceof Object ? 1 : 2) + ([] instanceof Array ? 10 : 20); }`,
    [1], [2.5]],
  ["computed member",
    String.raw`function (a) { var k = "x"; var o = { [k + "y"]: a, ["m" + 1](t) { return t + this.xy; } }; return o.xy + o["m1"](2); }`,
    [1], [2.5]],
  ["Object.entries",
    String.raw`function (a, b) { let s = 0; for (const [k, v] of Object.entries({ x: a, y: b })) s = s * 3 + v + k.length; return s; }`,
    [1, 2], [3.5, 4]],
  ["Object.keys input",
    String.raw`function (o) { let s = 0; for (const k of Object.keys(o)) s = s * 3 + o[k]; return s; }`,
    [{ x: 1, y: 2 }], [{ x: 3, y: 2.5 }]],
  ["for in input",
    String.raw`function (o) { let s = 0; for (const k in o) if (o.hasOwnProperty(k)) s = s * 3 + o[k]; return s; }`,
    [{ x: 1, y: 2 }], [{ x: 3, y: 2.5 }]],
  ["Object.values reduce",
    String.raw`function (a, b) { return Object.values({ x: a, y: b }).reduce((s, v) => s + v, 0); }`,
    [1, 2], [3.5, 4]],
  ["Object.fromEntries",
    String.raw`function (a, b) { return Object.fromEntries([["x", a], ["y", b]]).y * 2; }`,
    [1, 2], [3.5, 4]],
  ["Object.freeze",
    String.raw`function (a) { const o = Object.freeze({ x: a }); const l = Object.freeze([a, 2]); return o.x + l[1]; }`,
    [1], [2.5]],
  ["Object.create",
    String.raw`function (a) { const p = { f() { return this.x * 2; } }; const o = Object.create(p); o.x = a; return o.f() + Object.create(null, { z: { value: 4 } }).z; }`,
    [1], [2.5]],
  ["structuredClone static",
    String.raw`(() => { const cfg = { w: [1, 2, 3] }; return function (a) { const c = structuredClone(cfg); c.w[0] = a; return c.w[0] + c.w[1]; }; })()`,
    [1], [2.5]],
  ["JSON clone",
    String.raw`(() => { const cfg = { w: [1, 2, 3] }; return function (a) { const c = JSON.parse(JSON.stringify(cfg)); c.w[0] = a; return c.w[0] + c.w[1]; }; })()`,
    [1], [2.5]],
  ["optional call",
    String.raw`function (a, o) { const f = { g: (x) => x * 2 }; return (f.g?.(a) ?? 0) + (f.h?.(a) ?? 1) + (o?.q?.(3) ?? 5); }`,
    [1, {}], [2.5, {}]],
  ["spread objects",
    String.raw`function (a, b) { const base = { x: 1, y: 2 }; const o = { ...base, y: a, ...{ z: b } }; const { x, ...rest } = o; return x + rest.y * rest.z; }`,
    [1, 2], [3.5, 4]],
  ["compound member",
    String.raw`function (xs) { let i = 0; xs[i++] += 2; xs[i++] *= 3; return xs[0] + xs[1] + i; }`,
    [[3, 1, 4, 1.5, 9, -2]], [[2, 7, 1]]],
  ["destructure swap",
    String.raw`function (a, b) { [a, b] = [b, a]; const o = {}; [o.x, o.y = 3] = [a]; ({ x: a, ...o.rest } = { x: 4, q: b }); return a + b * 10 + o.y; }`,
    [1, 2], [3.5, 4]],
  ["regexp test static",
    String.raw`(() => { const mode = "bi-cubic"; return function (a) { return /cubic$/.test(mode) ? a * 3 : a; }; })()`,
    [1], [2.5]],
  ["regexp match static",
    String.raw`(() => { const spec = "3x5"; return function (a) { const m = /(\d+)x(\d+)/.exec(spec); return a * +m[1] + parseInt(m[2], 10) + spec.match(/\d/g).length; }; })()`,
    [1], [2.5]],
  ["split/parse program",
    String.raw`(() => { const prog = "push 3;mul;push 2;add"; return function (a) { let s = [a]; for (const line of prog.split(";")) { const [op, n] = line.split(" "); if (op === "push") s.push(parseFloat(n)); else { const y = s.pop(), x = s.pop(); s.push(op === "mul" ? x * y : x + y); } } return s[0]; }; })()`,
    [1], [2.5]],
  ["static replace callback",
    String.raw`(() => { const t = "a1b2"; return function (a) { return t.replace(/\d/g, (d) => +d + 1).length + a; }; })()`,
    [1], [2.5]],
  ["static codePoint/at/slice",
    String.raw`function (a) { const t = "héllo😀"; return a + t.codePointAt(5) + t.at(-1).charCodeAt(0) + t.slice(1, 3).length + t.indexOf("l") + [...t].length + t.toUpperCase().charCodeAt(0); }`,
    [1], [2]],
];

describe("as compilers and their users write it", () => {
  for (const [name, text, ...calls] of rows) test(name, () => served(inModule(text), calls));
});
