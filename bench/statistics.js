// Of measurements that scatter: where they lie and how far apart. In Node.js
// and in the page.

export function median(values) {
  return quantile(values, 0.5);
}

/** How far the middle half of the values reaches. */
export function spread(values) {
  return quantile(values, 0.75) - quantile(values, 0.25);
}

function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below + (above - below) * (at - Math.floor(at));
}
