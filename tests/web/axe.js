// axe-core in a page, past its policy.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const SOURCE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** For `prepare`: axe is there before anything is loaded. */
export function withAxe(page) {
  return page.addInitScript(SOURCE);
}

/** What axe finds in a page, in a line each; `ignored` are rules that are not asked. */
export function findings(page, ignored = []) {
  return page.evaluate(async (ignored) => {
    const rules = Object.fromEntries(ignored.map((it) => [it, { enabled: false }]));
    const runOnly = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const { violations } = await globalThis.axe.run(document, { runOnly, rules });
    return violations.flatMap(({ id, nodes }) => nodes.map((it) => `${id}: ${it.target.flat().join(" ")}: ${it.failureSummary.replace(/\s+/g, " ")}`));
  }, ignored);
}
