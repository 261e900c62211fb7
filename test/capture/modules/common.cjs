// A CommonJS module as compilers write it; `load` is Node's own import, which vitest does not see.
"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.scale = void 0;
exports.scale = 3;
const limit = 10;
let moving = 0;
exports.kernel = function kernel(x) { return Math.min(x * exports.scale, limit) + moving; };
exports.move = () => { moving = 1; };
exports.load = (url) => import(url);
