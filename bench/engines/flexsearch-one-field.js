// FlexSearch with one field instead of three: symptom, cause and actions
// behind each other. It ranks by where in the text a word stands, so that the
// symptom counts most. This is not how its documentation treats documents, and
// it finds more.
import { Charset, Encoder, Index } from "flexsearch";

import { STOP_WORDS } from "./stop-words.js";

function empty() {
  return new Index({
    tokenize: "forward",
    resolution: 20,
    encoder: new Encoder(Charset.Normalize, { filter: STOP_WORDS }),
  });
}

export function build(entries) {
  const index = empty();
  for (const it of entries) index.add(it.id, `${it.symptom} ${it.cause} ${it.actions}`);
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
  return index.search(query, { limit: 10, suggest: true });
}
