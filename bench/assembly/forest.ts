// Node i: (feature, left, right) in links, feature -1 for a leaf; its threshold or the leaf's number in values. Roots first.
// @ts-ignore: decorator
@inline
function leafOf(root: i32, cells: usize, links: usize, values: usize): f64 {
  let node = root;
  while (true) {
    const at = links + <usize>(12 * node);
    const feature = load<i32>(at);
    const value = load<f64>(values + (<usize>node << 3));
    if (feature < 0) return value;
    node = load<f64>(cells + (<usize>feature << 3)) < value ? load<i32>(at, 4) : load<i32>(at, 8);
  }
}

export function run(
  rows: usize, rowsLength: i32, out: usize, count: i32, links: usize, linksLength: i32, values: usize, valuesLength: i32, features: i32, trees: i32,
): void {
  for (let row = 0; row < count; row++) {
    const cells = rows + (<usize>(row * features) << 3);
    let sum: f64 = 0;
    for (let t = 0; t < trees; t++) sum += leafOf(t, cells, links, values);
    store<f64>(out + (<usize>row << 3), sum / trees);
  }
}
