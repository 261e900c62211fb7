export let counter = 5;
export function inc() { counter += 1; return counter; }
export const fixed = 3;
