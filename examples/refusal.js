// A kernel that can't be specialised: it runs as it is, and the diagnostic says why and where.

import { specialize } from "wasmorph";

function labelled(values, format) {
  let text = "";
  for (const value of values) text += `${value.toFixed(format.digits)}${format.unit} `;
  return text;
}

const fast = specialize(labelled, { slow: ["format"] });
const values = Float64Array.of(1.5, 2.25);
await fast.prepare(values, { digits: 1, unit: "m" });
console.log("the original's result:", fast(values, { digits: 1, unit: "m" }));
for (const { kind, message, hint, line, column, frame } of fast.diagnostics()) console.log(`${kind} at line ${line}, column ${column}: ${message}\n${frame}\n${hint}`);
