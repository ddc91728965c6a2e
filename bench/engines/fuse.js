// Fuse. Token search, weights, and a threshold below the default of 0.6, with
// which it finds more and is faster. Where in a text a word stands does not
// matter. It has no stop words.
import Fuse from "fuse.js";

const OPTIONS = {
  keys: [
    { name: "symptom", weight: 3 },
    { name: "cause", weight: 1.5 },
    { name: "actions", weight: 1 },
  ],
  useTokenSearch: true,
  ignoreLocation: true,
  threshold: 0.3,
};

export function build(entries) {
  const ids = entries.map(({ id }) => ({ id }));
  return { ids, fuse: new Fuse(ids, OPTIONS, Fuse.createIndex(OPTIONS.keys, entries)) };
}

export function save({ ids, fuse }) {
  return JSON.stringify({ ids, index: fuse.getIndex() });
}

export function load(text) {
  const { ids, index } = JSON.parse(text);
  return { ids, fuse: new Fuse(ids, OPTIONS, Fuse.parseIndex(index)) };
}

export function search({ fuse }, query) {
  return fuse.search(query, { limit: 10 }).map((it) => it.item.id);
}
