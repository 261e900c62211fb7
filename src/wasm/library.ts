// Generated from src/wasm/assembly by scripts/build-library.mjs. Not to be edited.

/** The library's functions, and their names inside the module. */
export const libraryFunctions = {
  rem: "src/wasm/assembly/index/rem",
  cbrt: "src/wasm/assembly/index/cbrt",
} as const;

/** The module, base64. */
export const libraryModule =
  "AGFzbQEAAAABDAJgAnx8AXxgAXwBfAIPAQNlbnYGbWVtb3J5AgABAwMCAAEHFwMDcmVtAAAEY2JydAABBm1lbW9yeQIACokFAvkCAgN+BH8gAb1C////////" +
  "////AIMiAkIBfUKAgICAgICA+P8AWiAAvUL///////////8AgyIEQoCAgICAgID4/wBacgRAIAAgAaIiACAAow8LIAIgBFYEQCAADwsgAkI0iKchBiAEQv//" +
  "//////8HgyEDIAJC/////////weDIQIgBEI0iKciBQRAIANCgICAgICAgAiEIQMFQQEhBQsgBgRAIAJCgICAgICAgAiEIQIFQQEhBgsgAL1CgICAgICAgICA" +
  "f4MhBCACIAJ6pyIHIAUgBmsiCCAHIAhIGyIHrIghAiAFIAYgB2oiB2shBUELIQYDQCAFIAZKBEAgAyAGrIYgAoIhAyAFIAZrIQUgAnmnIQYMAQsLIAMgBayG" +
  "IAKCIgJQBEAgBL8PCyACIAJ5p0ELayIFIAdBAWsiBiAFIAZIGyIFrIYhAiAHIAVrrCEDIAJCgICAgICAgAhUBH4gAgUgAkKAgICAgICACH0gA0I0hnwLIASE" +
  "vwuLAgMBfwF+AnwCfCAAIACgIAC9IgJCIIinQf////8HcSIBQYCAwP8HTw0AGiABQYCAwABJBH8gACAARAAAAAAAAFBDor0iAkIgiKdB/////wdxIgFFDQEa" +
  "IAFBA25Bk/H9ywJqBSABQQNuQZPx/dQCagshASACQoCAgICAgICAgH+DIAGtQiCGhL8iBCAEoiAEIACjoiEDIAAgBCADIANEwtZJSmDx+T+iRCAk8JLgKP6/" +
  "oKJEkuZhD+YD/j+gIAMgA6IgA6IgA0TX7eTUALDCP6JE2VHnvstE6L+goqCivUKAgICACHxCgICAgHyDvyIAIACioyEDIAAgACADIAChIAAgAKAgA6CjoqAL" +
  "CwBDBG5hbWUBPAIAG3NyYy93YXNtL2Fzc2VtYmx5L2luZGV4L3JlbQEcc3JjL3dhc20vYXNzZW1ibHkvaW5kZXgvY2JydA==";
