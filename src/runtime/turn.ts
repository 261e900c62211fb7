// Lets everything else have its turn: events that came, calls of the user's. Long work is cut at these places.

const immediate = (globalThis as { setImmediate?: (run: () => void) => unknown }).setImmediate;

/** Resolves in a later task. */
export const nextTask: () => Promise<void> = typeof immediate === "function"
  ? () => new Promise((resolve) => { immediate(resolve); })
  : () => new Promise((resolve) => { setTimeout(resolve, 0); });
