// Which language an element speaks.

/** The nearest `lang` up the tree, through shadow roots; then English. */
export function nearestLang(element) {
  for (let it = element; it; it = it.parentNode ?? it.host) {
    const lang = it.lang || it.getAttribute?.("lang");
    if (lang) return lang;
  }
  return document.documentElement.lang || "en";
}

/** A word: the page's own, or that of the language, or the English one. */
export function word({ root, words }, key, english) {
  return root.host.messages?.[key] ?? words?.[key] ?? english;
}

/** Lends the parts of an element the words of a language: the English ones each file has itself. A promise. */
export function speak(inside, lang) {
  if (inside.spoken === lang) return inside.speaking;
  inside.spoken = lang;
  inside.words = inside.rules = undefined;
  const lend = async () => {
    if (/^en\b/i.test(lang)) return;
    // Without them it speaks English.
    const lent = await import("./words.js").then((it) => it.wordsOf(lang)).catch(() => {});
    // Another may be wanted by then.
    if (inside.spoken === lang) Object.assign(inside, lent);
  };
  return (inside.speaking = lend());
}
