// Numbers of a kernel in production, as a metrics exporter wants them: what stats() counts, by calls, tiers, phases and reasons, and events by type.
//
//   node examples/metrics/main.js            prints one scrape (Prometheus' text format)
//   node examples/metrics/main.js --serve    serves http://localhost:9464/metrics

import { createServer } from "node:http";
import { specialize } from "wasmorph";

const kernels = new Map();
const events = new Map();

/** A kernel under watch. */
function watched(kernel, options) {
  const fast = specialize(kernel, {
    ...options,
    onEvent({ type, kernel: name }) {
      const key = `{kernel="${name}",type="${type.replaceAll(" ", "_")}"}`;
      events.set(key, (events.get(key) ?? 0) + 1);
    },
  });
  kernels.set(kernel.name, fast);
  return fast;
}

function scrape() {
  const lines = [];
  const metric = (name, type, samples) => { lines.push(`# TYPE wasmorph_${name} ${type}`, ...samples.map(([labels, value]) => `wasmorph_${name}${labels} ${value}`)); };
  const each = (list) => [...kernels].flatMap(([name, fast]) => list(fast.stats()).map(([label, value]) => [`{kernel="${name}"${label}}`, value]));
  const labelled = (label, record) => Object.entries(record).map(([key, value]) => [`,${label}="${key}"`, value]);
  metric("calls_total", "counter", each(({ calls }) => labelled("tier", calls)));
  metric("hits_total", "counter", each(({ hits }) => [["", hits]]));
  metric("misses_total", "counter", each(({ misses }) => [["", misses]]));
  metric("swaps_total", "counter", each(({ swaps }) => [["", swaps]]));
  metric("versions_made_total", "counter", each(({ made }) => labelled("reason", made)));
  metric("templates_total", "counter", each(({ templates }) => labelled("what", templates)));
  metric("generic_total", "counter", each(({ generic }) => labelled("what", generic)));
  metric("copied_bytes_total", "counter", each(({ copiedBytes }) => [["", copiedBytes]]));
  metric("cached_modules_total", "counter", each(({ cached }) => [["", cached]]));
  metric("compile_seconds_total", "counter", each(({ ms }) => labelled("phase", Object.fromEntries(Object.entries(ms).map(([phase, value]) => [phase, value / 1000])))));
  metric("pass_seconds", "gauge", each(({ passMs }) => labelled("pass", Object.fromEntries(Object.entries(passMs).map(([pass, value]) => [pass, value / 1000])))));
  metric("longest_step_seconds", "gauge", each(({ longestStepMs }) => [["", longestStepMs / 1000]]));
  metric("break_even_calls", "gauge", each(({ breakEvenCalls }) => (breakEvenCalls === null ? [] : [["", breakEvenCalls]])));
  metric("events_total", "counter", [...events]);
  return `${lines.join("\n")}\n`;
}

// ───────────────────────────────── something to measure ─────────────────────────────────

const smooth = watched(function smooth(from, to, weights) {
  for (let i = 0; i < to.length; i++) {
    let sum = 0;
    for (let k = 0; k < weights.length; k++) sum += weights[k] * from[i + k];
    to[i] = sum;
  }
}, { slow: ["weights"] });

const from = Float64Array.from({ length: 1040 }, (_, i) => Math.sin(i)), to = new Float64Array(1024);
for (const weights of [[0.25, 0.5, 0.25], [0.1, 0.8, 0.1]]) {
  await smooth.prepare(from, to, weights);
  for (let call = 0; call < 500; call++) smooth(from, to, weights);
}

if (process.argv.includes("--serve")) createServer((_request, response) => response.setHeader("content-type", "text/plain; version=0.0.4").end(scrape())).listen(9464);
else process.stdout.write(scrape());
