// Generated from src/wasm/assembly by scripts/build-library.mjs. Not to be edited.

/** The library's functions, and their names inside the module. */
export const libraryFunctions = {
  toInt32: "src/wasm/assembly/index/toInt32",
  rem: "src/wasm/assembly/index/rem",
} as const;

/** The module, base64. */
export const libraryModule =
  "AGFzbQEAAAABDAJgAXwBf2ACfHwBfAIPAQNlbnYGbWVtb3J5AgABAwMCAAEHGgMHdG9JbnQzMgAAA3JlbQABBm1lbW9yeQIACsEDAk0CAX8BfiAAvSICQjSI" +
  "Qv8Pg6dBswhrIgFBIE4EQEEADwtBACACQv////////8Hg0KAgICAgICACIQgAUE/cayGpyIBayABIAJCAFMbC/ACAgR/A34gAb1C////////////AIMiBkIB" +
  "fUKAgICAgICA+P8AWiAAvUL///////////8AgyIIQoCAgICAgID4/wBacgRAIAAgAaIiACAAow8LIAYgCFYEQCAADwsgBkI0iKchAiAIQv////////8HgyEH" +
  "IAZC/////////weDIQYgCEI0iKciAwRAIAdCgICAgICAgAiEIQcFQQEhAwsgAgRAIAZCgICAgICAgAiEIQYFQQEhAgsgAL1CgICAgICAgICAf4MhCCAGIAZ6" +
  "pyIEIAMgAmsiBSAEIAVIGyIErIghBiADIAIgBGoiBGshAkELIQMDQCACIANKBEAgByADrIYgBoIhByACIANrIQIgBnmnIQMMAQsLIAcgAqyGIAaCIgZQBEAg" +
  "CL8PCyAIIAYgBnmnQQtrIgIgBEEBayIDIAIgA0gbIgKshiIGIAZCgICAgICAgAh9IAQgAmusQjSGfCAGQoCAgICAgIAIVBuEvwsARgRuYW1lAT8CAB9zcmMv" +
  "d2FzbS9hc3NlbWJseS9pbmRleC90b0ludDMyARtzcmMvd2FzbS9hc3NlbWJseS9pbmRleC9yZW0=";
