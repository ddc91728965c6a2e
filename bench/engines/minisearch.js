// MiniSearch. Boosts, stop words, a prefix for the word being typed, and edits
// up to a fifth of the word's length from four letters on. Prefixes for all
// words found a little less and took longer.
import MiniSearch from "minisearch";

import { STOP_WORDS } from "./stop-words.js";

const OPTIONS = {
  fields: ["symptom", "cause", "actions"],
  processTerm: (term) => {
    const word = term.toLowerCase();
    return STOP_WORDS.has(word) ? null : word;
  },
  searchOptions: {
    boost: { symptom: 3, cause: 1.5 },
    prefix: (_term, at, terms) => at === terms.length - 1,
    fuzzy: (term) => (term.length > 3 ? 0.2 : false),
  },
};

export function build(entries) {
  const index = new MiniSearch(OPTIONS);
  index.addAll(entries);
  return index;
}

export function save(index) {
  return JSON.stringify(index);
}

export function load(text) {
  return MiniSearch.loadJSON(text, OPTIONS);
}

export function search(index, query) {
  return index.search(query).slice(0, 10).map((it) => it.id);
}
