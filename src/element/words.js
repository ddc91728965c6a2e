// The words of the widget in other languages than English, each in a file of
// its own. Loaded where the page, or the element, is in another language.

/** The languages there are, by their first subtag. The names stand in the calls, where bundlers look for them. */
const FILES = {
  __proto__: null,
  ar: () => import("./words/ar.js"),
  de: () => import("./words/de.js"),
  es: () => import("./words/es.js"),
  fr: () => import("./words/fr.js"),
  ja: () => import("./words/ja.js"),
};

/** The forms that words may have for a number; what has none of a form has that for many. */
const FORMS = { zero: "Zero", one: "One", two: "Two", few: "Few" };

/** The words of a language, and what stands behind them; nothing where there are none. */
export async function wordsOf(lang) {
  const name = lang.split("-")[0].toLowerCase();
  const { default: words } = (await FILES[name]?.()) ?? {};
  return words && { words, rules: numbers(isLocale(lang) ? lang : name) };
}

/** Whether it is one: a page may say anything. */
function isLocale(lang) {
  try {
    return Intl.getCanonicalLocales(lang).length === 1;
  } catch {
    return false;
  }
}

/** What stands behind the words: asked for a key with a number after it, it takes the form of the language for that number. */
function numbers(lang) {
  // In the digits that all the rest of the widget has.
  const [rules, format] = [new Intl.PluralRules(lang), new Intl.NumberFormat(lang, { numberingSystem: "latn" })];
  return new Proxy({}, {
    get(_, key, words) {
      const [, name, n] = /^([a-z]+)(\d+)$/i.exec(String(key)) ?? [];
      if (!n) return;
      return (words[name + FORMS[rules.select(n)]] ?? words[name + "Many"])?.replace("{n}", format.format(n));
    },
  });
}
