// The engine's functions of Math as they were when this file was read. What somebody puts in the place of one later (a test's mock, a polyfill) is
// a value that a kernel may have captured, and no part of what an operation means: `x ** y` asks nobody for Math.pow, and `const { exp } = Math`
// keeps the function that it got.

/** Functions and constants under their own names; the functions are the engine's own objects, by which V8 knows them in an import. */
const pinned = Object.freeze(Object.defineProperties({}, Object.getOwnPropertyDescriptors(globalThis.Math)) as Math);
export { pinned as Math };
