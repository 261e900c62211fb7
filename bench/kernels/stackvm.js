// A stack machine that runs a program of 40 opcodes for each element.

const PUSH = 0;
const LOAD = 1;
const ADD = 2;
const SUB = 3;
const MUL = 4;
const DUP = 5;
const SWAP = 6;
const MAX = 7;

export function run(x, y, code, stack) {
  for (let i = 0; i < x.length; i++) {
    let sp = 0;
    for (let pc = 0; pc < code.length; pc++) {
      switch (code[pc]) {
        case PUSH: stack[sp++] = code[++pc]; break;
        case LOAD: stack[sp++] = x[i]; break;
        case ADD: sp--; stack[sp - 1] += stack[sp]; break;
        case SUB: sp--; stack[sp - 1] -= stack[sp]; break;
        case MUL: sp--; stack[sp - 1] *= stack[sp]; break;
        case DUP: stack[sp] = stack[sp - 1]; sp++; break;
        case SWAP: {
          const top = stack[sp - 1];
          stack[sp - 1] = stack[sp - 2];
          stack[sp - 2] = top;
          break;
        }
        case MAX: sp--; stack[sp - 1] = Math.max(stack[sp - 1], stack[sp]); break;
      }
    }
    y[i] = stack[0];
  }
}

const count = 4096;
const step = (a, b) => [PUSH, a, MUL, LOAD, ADD, DUP, PUSH, b, SWAP, SUB];
// 40 opcodes: four times eight, and what joins them
const program = [LOAD, ...step(0.5, 0.25), MAX, ...step(-1.25, 2), MUL, ...step(0.75, -0.5), MAX, ...step(1.5, 0.125), ADD, DUP, SWAP, MUL];

export default {
  name: "stack VM, program of 40 opcodes",
  unit: "element",
  units: count,
  kernel: run,
  slow: ["code"],
  args: (random, arrays) => [random.fill(arrays.float64(count), -2, 2), arrays.float64(count), program, arrays.float64(16)],
  flat: (x, y, code, stack) => [x, y, Float64Array.from(code), stack],
};
