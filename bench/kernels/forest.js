// A random forest of 100 trees of depth 6 over rows of 16 features. A tree is nested nodes; a leaf is a number.

function leafOf(node, rows, start) {
  while (typeof node !== "number") node = rows[start + node.feature] < node.threshold ? node.left : node.right;
  return node;
}

export function forest(rows, out, trees, features) {
  for (let row = 0; row < out.length; row++) {
    let sum = 0;
    for (const tree of trees) sum += leafOf(tree, rows, row * features);
    out[row] = sum / trees.length;
  }
}

const features = 16;
const count = 1024; // enough that no branch predictor knows the rows by heart
const depth = 6;

const grow = (random, level) =>
  level === 0
    ? random.between(-1, 1)
    : {
        feature: Math.floor(random.between(0, features)),
        threshold: random.between(-0.5, 0.5),
        left: grow(random, level - 1),
        right: grow(random, level - 1),
      };

/** The same nodes in two arrays: (feature, left, right) of each, feature -1 for a leaf; its threshold, or the leaf's number. Roots first. */
function flatten(trees) {
  const nodes = [...trees];
  const links = [];
  const values = [];
  for (const node of nodes) {
    const isLeaf = typeof node === "number";
    links.push(isLeaf ? -1 : node.feature, nodes.length, nodes.length + 1);
    values.push(isLeaf ? node : node.threshold);
    if (!isLeaf) nodes.push(node.left, node.right);
  }
  return [Int32Array.from(links), Float64Array.from(values)];
}

export default {
  name: "forest, 100 trees of depth 6",
  unit: "row",
  units: count,
  kernel: forest,
  slow: ["trees", "features"],
  args: (random, arrays) => [
    random.fill(arrays.float64(count * features), -1, 1),
    arrays.float64(count),
    Array.from({ length: 100 }, () => grow(random, depth)),
    features,
  ],
  flat: (rows, out, trees, n) => [rows, out, ...flatten(trees), n, trees.length],
};
