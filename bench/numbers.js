// What the reports make of samples. A cell holds one median per repeat (undefined where it failed); ratios are paired: the two subjects'
// processes of the same repeat.

export const sorted = (list) => list.toSorted((a, b) => a - b);
export const median = (list) => sorted(list)[list.length >> 1];
export const figure = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));
export const geomean = (list) => Math.exp(list.reduce((sum, value) => sum + Math.log(value), 0) / list.length);

/** How many times faster `subject` is than `base`, of each repeat in which both ran. */
export const ratios = (base, subject) => base.ns.flatMap((ns, i) => (ns !== undefined && subject.ns[i] !== undefined ? [ns / subject.ns[i]] : []));
