// FlexSearch as its documentation shows it for documents with fields: a
// document index, words indexed with their beginnings, suggestions for queries
// of which not every word is found, stop words left out.
//
// It gives the answers of each field by itself. Its own `merge` puts all of
// the first field before those of the next, which loses most answers from the
// cause and the actions; here the fields take turns.
import { Charset, Document, Encoder } from "flexsearch";

import { STOP_WORDS } from "./stop-words.js";

function empty() {
  return new Document({
    document: { id: "id", index: ["symptom", "cause", "actions"] },
    tokenize: "forward",
    encoder: new Encoder(Charset.Normalize, { filter: STOP_WORDS }),
  });
}

export function build(entries) {
  const index = empty();
  for (const it of entries) index.add(it);
  return index;
}

export function save(index) {
  const parts = {};
  index.export((key, data) => void (parts[key] = data));
  return JSON.stringify(parts);
}

export function load(text) {
  const index = empty();
  for (const [key, data] of Object.entries(JSON.parse(text))) index.import(key, data);
  return index;
}

export function search(index, query) {
  const fields = index.search(query, { limit: 10, suggest: true });
  const found = new Set();
  for (let rank = 0; rank < 10; rank++) {
    for (const { result } of fields) if (rank < result.length) found.add(result[rank]);
  }
  return [...found].slice(0, 10);
}
