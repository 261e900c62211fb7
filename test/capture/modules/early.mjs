// Lets itself be looked at before its export is initialised.
import * as self from "./early.mjs";
globalThis.lookAtModule(self);
export const late = 1;
