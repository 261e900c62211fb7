export function run(x: usize, count: i32, y: usize, yLength: i32, code: usize, length: i32, stack: usize, stackLength: i32): void {
  for (let i = 0; i < count; i++) {
    let top = stack; // one past the topmost entry
    for (let pc = 0; pc < length; pc++) {
      switch (<i32>load<f64>(code + (<usize>pc << 3))) {
        case 0: store<f64>(top, load<f64>(code + (<usize>++pc << 3))); top += 8; break;
        case 1: store<f64>(top, load<f64>(x + (<usize>i << 3))); top += 8; break;
        case 2: top -= 8; store<f64>(top - 8, load<f64>(top - 8) + load<f64>(top)); break;
        case 3: top -= 8; store<f64>(top - 8, load<f64>(top - 8) - load<f64>(top)); break;
        case 4: top -= 8; store<f64>(top - 8, load<f64>(top - 8) * load<f64>(top)); break;
        case 5: store<f64>(top, load<f64>(top - 8)); top += 8; break;
        case 6: {
          const upper = load<f64>(top - 8);
          store<f64>(top - 8, load<f64>(top - 16));
          store<f64>(top - 16, upper);
          break;
        }
        case 7: top -= 8; store<f64>(top - 8, max<f64>(load<f64>(top - 8), load<f64>(top))); break;
      }
    }
    store<f64>(y + (<usize>i << 3), load<f64>(stack));
  }
}
