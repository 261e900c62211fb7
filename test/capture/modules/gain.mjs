export const gain = 2;
export let tune = 1;
export function retune(x) { tune = x; }
