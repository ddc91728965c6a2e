// A stand-in for Algolia's server, which DocSearch cannot do without: the same
// entries in the records that its crawler makes of their pages, found by a
// plain search of words, answered in Algolia's format. What it finds says
// nothing of Algolia: no typing mistakes, no synonyms, no ranking of its own.
import { STOP_WORDS } from "../engines/stop-words.js";

/** Where DocSearch asks. */
export const HOSTS = /^https:\/\/[^/]+\.algolia(net\.com|\.net)\//;

/** What a page under a policy has to let it reach. */
export const SOURCES = "https://*.algolia.net https://*.algolianet.com";

/** Words of a hit's content around the first that was found. */
const SNIPPET = 15;

const LEVELS = ["lvl0", "lvl1", "lvl2", "lvl3", "lvl4", "lvl5", "lvl6"];

/** Which of two records with the same words comes first. */
const ORDER = ["lvl1", "lvl2", "content"];

/** One record a heading and one a paragraph or step, as crawlers for DocSearch make them. */
export function records(entries) {
  return entries.flatMap(({ id, area, symptom, description, causes, steps, after }) => {
    const url = `/entries/${id}.html`;
    const record = (type, lvl2, content, anchor) => ({ type, lvl2, content, url: anchor ? `${url}#${anchor}` : url, lvl0: area, lvl1: symptom });
    const contents = (texts, lvl2, anchor) => texts.map((it) => record("content", lvl2, it, anchor));
    return [
      record("lvl1", null, null),
      ...contents(description, null),
      ...(causes.length ? [record("lvl2", "Likely cause", null, "cause"), ...contents(causes, "Likely cause", "cause")] : []),
      record("lvl2", "What to do", null, "steps"),
      ...contents(steps.flatMap(({ text, notes }) => [text, ...notes]), "What to do", "steps"),
      ...contents(after, "What to do", "steps"),
    ];
  }).map((it, at) => ({ ...it, id: String(at) }));
}

const words = (text) => text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];

/** What a record is found by: its own heading or content first, then what it stands below. */
const own = (it) => (it.type === "content" ? it.content : it[it.type]);

/**
 * Answers one request. Where no record has all words of the question but for
 * stop words, those with at least half of them; the last may be half typed.
 */
export function answer(records, { query, indexName, hitsPerPage = 20, highlightPreTag = "<mark>", highlightPostTag = "</mark>" }) {
  const typed = words(query);
  const asked = typed.filter((it) => !STOP_WORDS.has(it));
  const last = typed.at(-1);
  const fits = (word, it) => (it === last ? word.startsWith(it) : word === it);
  const found = records
    .map((record, at) => {
      const [near, far] = [words(own(record)), words([record.lvl0, record.lvl1].join(" "))];
      const inOwn = asked.filter((it) => near.some((word) => fits(word, it))).length;
      const all = asked.filter((it) => [...near, ...far].some((word) => fits(word, it))).length;
      return { record, at, all, inOwn };
    })
    .filter(({ inOwn }) => inOwn > 0)
    .sort((a, b) => b.all - a.all || b.inOwn - a.inOwn || ORDER.indexOf(a.record.type) - ORDER.indexOf(b.record.type) || a.at - b.at);
  const complete = found.filter(({ all }) => all === asked.length);
  const kept = complete.length ? complete : found.filter(({ all }) => all >= asked.length / 2);

  const highlight = (text) => {
    const matchedWords = new Set();
    const value = text.replace(/[\p{L}\p{N}']+/gu, (word) => {
      const hit = asked.find((it) => fits(word.toLowerCase(), it));
      if (!hit) return word;
      matchedWords.add(hit);
      return `${highlightPreTag}${word}${highlightPostTag}`;
    });
    const matchLevel = matchedWords.size === 0 ? "none" : matchedWords.size === asked.length ? "full" : "partial";
    return { value, matchLevel, matchedWords: [...matchedWords], fullyHighlighted: false };
  };
  const snippet = (text) => {
    const { value, matchLevel } = highlight(text);
    const all = value.split(/\s+/);
    const start = Math.max(0, Math.min(all.findIndex((it) => it.includes(highlightPreTag)) - 5, all.length - SNIPPET));
    const part = all.slice(start, start + SNIPPET).join(" ");
    return { value: `${start > 0 ? "…" : ""}${part}${start + SNIPPET < all.length ? "…" : ""}`, matchLevel };
  };
  const hits = kept.slice(0, hitsPerPage).map(({ record }) => {
    const levels = (of) => Object.fromEntries(LEVELS.filter((it) => record[it]).map((it) => [it, of(record[it])]));
    const hierarchy = Object.fromEntries(LEVELS.map((it) => [it, record[it] ?? null]));
    const content = (of) => (record.content ? { content: of(record.content) } : {});
    return {
      objectID: record.id,
      url: record.url,
      type: record.type,
      content: record.content,
      hierarchy,
      _snippetResult: { ...content(snippet), hierarchy: levels(snippet) },
      _highlightResult: { ...content(highlight), hierarchy: levels(highlight) },
    };
  });
  const common = { page: 0, nbPages: 1, hitsPerPage, exhaustiveNbHits: true, processingTimeMS: 1 };
  return { hits, nbHits: kept.length, query, index: indexName, params: "", ...common };
}

/**
 * Answers what a page asks of Algolia; `asked` fills with what was sent and
 * how many bytes the answer has.
 */
export async function stand(page, records) {
  const asked = [];
  await page.route(HOSTS, async (route) => {
    const { requests } = JSON.parse(route.request().postData() ?? '{"requests":[]}');
    const body = JSON.stringify({ results: requests.map((it) => answer(records, it)) });
    asked.push({ host: new URL(route.request().url()).host, queries: requests.map((it) => it.query), body });
    await route.fulfill({ contentType: "application/json", headers: { "access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin" }, body });
  });
  return asked;
}
