// All that is measured, and the table of it: a row a fact, a column a place
// that an interface can stand in.
import { promisify } from "node:util";
import { brotliCompress } from "node:zlib";

import { CONTENDERS, POLICY, TRUSTED_TYPES } from "./contenders.js";
import * as facts from "./facts.js";

const { QUESTIONS, WIDE, NARROW } = facts;

const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
const list = (words) => words.join(", ");
const count = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;
const yes = (it) => (it ? "yes" : "no");

/** Measures all of them. */
export async function measure(bench, say) {
  const columns = [];
  for (const contender of CONTENDERS) {
    say(`${contender.name}, ${contender.place}`);
    columns.push(await one(bench, contender));
  }
  return columns;
}

async function one(bench, contender) {
  const { keyword, sentence, nothing } = QUESTIONS;
  const take = (does, ...given) => facts.again(does, bench, contender, ...given);
  const seen = {};
  for (const [kind, question] of Object.entries(QUESTIONS)) {
    seen[kind] = { wide: await take(facts.onScreen, question, WIDE), narrow: await take(facts.onScreen, question, NARROW) };
  }
  const weight = await take(facts.weight, keyword);
  const answered = await Promise.all(weight.asked.map(async ({ body }) => (await promisify(brotliCompress)(body)).length));
  return {
    contender,
    seen,
    ways: { keyword: await take(facts.ways, keyword), sentence: seen.sentence.wide.rows ? await take(facts.ways, sentence) : null },
    tabs: await take(facts.tabStops, keyword),
    arrows: await take(facts.arrows, keyword),
    axe: { light: await take(facts.axe, keyword, { isDark: false }), dark: await take(facts.axe, keyword, { isDark: true }), nothing: await take(facts.axe, nothing, { isDark: false }) },
    isDarkByItself: await take(facts.darkness),
    target: await take(facts.smallestTarget, keyword),
    overflow: { 240: await take(facts.overflow, keyword, 240), 320: await take(facts.overflow, keyword, 320) },
    rtl: await take(facts.mirrored, keyword),
    chosen: { normal: await take(facts.chosenShows, keyword, {}), forced: await take(facts.chosenShows, keyword, { forcedColors: "active" }) },
    moves: { normal: await take(facts.movements, keyword, "no-preference"), reduced: await take(facts.movements, keyword, "reduce") },
    plain: { ...(await take(facts.withoutScript)), isReplaced: await take(facts.isFallbackReplaced) },
    weight: { ...weight, answered: answered.reduce((sum, it) => sum + it, 0) },
    policy: { strict: await take(facts.underPolicy, keyword, POLICY), types: await take(facts.underPolicy, keyword, POLICY + TRUSTED_TYPES) },
    cutOff: await take(facts.cutOff, keyword),
    german: await take(facts.wordsIn, keyword, "de"),
  };
}

const screen = ({ rows, rowsShown, entriesShown, withCause, withStep }) => {
  if (!rows) return "no answer";
  if (!rowsShown) return `none of ${count(rows, "row")}`;
  return `${count(entriesShown, "answer")} in ${rowsShown} of ${count(rows, "row")}; cause of ${withCause}, first step of ${withStep}`;
};

const way = (it) => (it ? `${count(it.byKeys?.keys ?? "no", "key")}, ${count(it.clicks, "click")}, ${it.leaves ? "on another page" : "here"}` : "no answer");

const found = (lines) => {
  if (!lines.length) return "0";
  const rules = lines.map((it) => it.split(":")[0]);
  return `${lines.length} (${list([...new Set(rules)])})`;
};

const runs = ({ answers, refused, directives }) => `${answers ? "answers" : "no answers"}, ${refused ? `${refused} refused (${list(directives)})` : "nothing refused"}`;

const side = ({ sideways, out }) => `${Math.max(0, sideways)} px, ${out} cut off`;

const ROWS = [
  ["**On the screen**", () => ""],
  ["“invoice”, 1000 × 700", (it) => screen(it.seen.keyword.wide)],
  ["“invoice”, 320 × 640", (it) => screen(it.seen.keyword.narrow)],
  ["the sentence, 1000 × 700", (it) => screen(it.seen.sentence.wide)],
  ["the sentence, 320 × 640", (it) => screen(it.seen.sentence.narrow)],
  ["first for the sentence", (it) => (it.seen.sentence.wide.first ? `\`${it.seen.sentence.wide.first}\`` : "–")],
  ["no answer: rows shown", (it) => String(it.seen.nothing.wide.rows)],
  ["no answer: what can be done that was not there before", (it) => (it.seen.nothing.wide.rows ? "–" : list(onward(it)) || "none")],
  ["**To the first step**", () => ""],
  ["“invoice”", (it) => way(it.ways.keyword)],
  ["the sentence", (it) => way(it.ways.sentence)],
  ["Tab stops from the field to the first answer", (it) => String(it.tabs ?? "never")],
  ["arrow keys from the field to the first answer", ({ arrows }) => (arrows === 0 ? "chosen at once" : String(arrows ?? "never"))],
  ["**For everybody**", () => ""],
  ["axe-core: light / dark / no answer", (it) => [it.axe.light, it.axe.dark, it.axe.nothing].map(found).join(" / ")],
  ["said in live regions", (it) => (it.seen.keyword.wide.said ? `“${it.seen.keyword.wide.said}”` : "nothing")],
  ["smallest target on a phone", ({ target }) => `${target.width} × ${target.height} px (“${target.name}”); ${target.small} of ${target.of} below 24, ${target.below44} below 44`],
  ["page of 320 px, scrolls sideways", (it) => side(it.overflow[320])],
  ["page of 240 px, scrolls sideways", (it) => side(it.overflow[240])],
  ["`dir=rtl`: at the mirrored place", ({ rtl }) => `${rtl.at} of ${rtl.of} controls and icons${rtl.stops.of ? `, ${rtl.stops.right} of ${rtl.stops.of} full stops of English texts at their end` : ""}${rtl.sideways > 0 ? `, ${rtl.sideways} px sideways` : ""}`],
  ["the answer that the keyboard is at: pixels that tell", ({ chosen }) => `${chosen.normal.differing}`],
  ["the same in forced colours", ({ chosen }) => `${chosen.forced.differing}`],
  ["moves, from the first key to the answers", ({ moves }) => list(moves.normal) || "nothing"],
  ["the same with reduced motion", ({ moves }) => list(moves.reduced) || "nothing"],
  ["dark in a dark page by itself", (it) => yes(it.isDarkByItself)],
  ["field in a German page", (it) => `“${it.german ?? ""}”`],
  ["**For the host**", () => ""],
  ["without script", ({ plain }) => `${plain.links ? "the page's own link" : "nothing"}, ${plain.isReplaced ? "which goes when the search is there" : "which stays when the search is there"}`],
  ["to the answers, brotli", ({ weight }) => `${kB(weight.bytes)} in ${weight.requests} files${weight.asked.length ? `, ${weight.asked.length} answers of the stand-in with ${kB(weight.answered)}` : ""}`],
  ["from there to the first step", ({ ways }) => (ways.keyword.more ? kB(ways.keyword.more) : "nothing")],
  ["strict policy, no inline", ({ policy }) => runs(policy.strict)],
  ["the same with trusted types", ({ policy }) => runs(policy.types)],
  ["hosts asked", ({ weight }) => list(weight.elsewhere.map((it) => `\`${it}\``)) || "its own"],
  ["typed text that they get", ({ weight }) => list(weight.asked.flatMap(({ queries }) => queries).map((it) => `“${it}”`)) || "none"],
  ["no network but its own", ({ cutOff }) => (cutOff.answers ? "works" : `“${cutOff.text.slice(0, 80)}”`)],
  ["stored when an answer was opened", ({ ways }) => list([...ways.keyword.stored.map((it) => `\`${it}\``), ...(ways.keyword.cookies ? [`${ways.keyword.cookies} cookies`] : [])]) || "nothing"],
];

/** What can be done where nothing was found, and could not be before. */
function onward({ seen }) {
  const before = new Set(seen.keyword.wide.controls.map((it) => it.replace(/ ?\d+$/, "")));
  return seen.nothing.wide.controls.filter((it) => !before.has(it.replace(/ ?\d+$/, ""))).map((it) => `“${it}”`);
}

export function table(columns, { unstuck, pagefind, docsearch, axe, browser, entries }) {
  const head = columns.map(({ contender }) => `${contender.name}, ${contender.place}`);
  const row = (cells) => `| ${cells.join(" | ")} |`;
  return [
    `Measured in Chromium ${browser} with Unstuck ${unstuck}, Pagefind ${pagefind}, DocSearch ${docsearch} and axe-core ${axe}, over ${entries} entries.`,
    "",
    row(["", ...head]),
    row(["---", ...head.map(() => "---")]),
    ...ROWS.map(([name, cell]) => row([name, ...columns.map((it) => cell(it).replaceAll("|", "\\|"))])),
  ].join("\n");
}
