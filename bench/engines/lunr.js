// lunr. Its guide's advice for a search as one types: exact words above
// prefixes above typos. Stemmer and stop words are its defaults, and the
// prefix is for the word being typed: for every word it found less and took longer.
import lunr from "lunr";

/** Below this length one edit turns most words into other words. */
const FUZZY_FROM = 5;

export function build(entries) {
  return lunr((it) => {
    it.ref("id");
    it.field("symptom", { boost: 5 });
    it.field("cause", { boost: 1.5 });
    it.field("actions");
    for (const entry of entries) it.add(entry);
  });
}

export function save(index) {
  return JSON.stringify(index);
}

export function load(text) {
  return lunr.Index.load(JSON.parse(text));
}

export function search(index, query) {
  const found = index.query((it) => {
    const words = lunr.tokenizer(query).map((token) => lunr.trimmer(token).toString());
    for (const [at, word] of words.entries()) {
      if (!word || !lunr.stopWordFilter(word)) continue;
      it.term(word, { boost: 10 });
      if (at === words.length - 1) it.term(word, { boost: 3, usePipeline: false, wildcard: lunr.Query.wildcard.TRAILING });
      if (word.length >= FUZZY_FROM) it.term(word, { boost: 1, usePipeline: false, editDistance: 1 });
    }
  });
  return found.slice(0, 10).map((it) => it.ref);
}
