// The three interfaces, each in a page of the same company with the same words
// around it. Two of them can stand in the page or over it; DocSearch has its
// dialog only.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

import { SOURCES } from "./algolia.js";

/** The policy that the README gives, in its first half and whole. */
export const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self'";
export const TRUSTED_TYPES = "; require-trusted-types-for 'script'";

/** What stands where the search comes, until it is there. */
const FALLBACK = '<a href="/unstuck/kb/customer.html">All answers on one page</a>';

const UNSTUCK = '<link rel="modulepreload" href="/unstuck/element.js"><script type="module" async src="/unstuck/unstuck.js"></script>';
const PAGEFIND = '<link rel="stylesheet" href="/pagefind/pagefind-component-ui.css"><script type="module" src="/pagefind/pagefind-component-ui.js"></script>';
const DOCSEARCH = '<link rel="stylesheet" href="/docsearch/css/dist/style.css"><script defer src="/docsearch/js/dist/umd/docsearch.js"></script><script defer src="/start-docsearch.js"></script>';

/** What the documentation of DocSearch says to call, in a file of its own: no policy has anything against that. */
export const START_DOCSEARCH = `docsearch({ container: "#docsearch", appId: "ENTRIES", apiKey: "none", indices: ["entries"] });`;

/**
 * `ui` and `answers` are selectors, through shadow roots; `launcher` is what
 * opens it, `keys` what leads to the field, `next` what leads from answer to
 * answer. `dark` is the attribute that the page's root needs where the
 * interface does not ask the system itself.
 */
export const CONTENDERS = [
  {
    id: "unstuck",
    name: "Unstuck",
    place: "in the page",
    head: UNSTUCK,
    body: `<unstuck-help>${FALLBACK}</unstuck-help>`,
    ui: "unstuck-help",
    field: "unstuck-help input",
    answers: "unstuck-help [part~=result]",
    keys: ["Tab"],
    next: "Tab",
  },
  {
    id: "pagefind",
    name: "Pagefind Component UI",
    place: "in the page",
    head: PAGEFIND,
    body: `<div id="search"><pagefind-input>${FALLBACK}</pagefind-input><pagefind-filter-dropdown filter="Area"></pagefind-filter-dropdown><pagefind-summary></pagefind-summary><pagefind-results></pagefind-results></div>`,
    ui: "#search",
    field: "#search .pf-input",
    answers: "#search .pf-result",
    keys: ["Tab"],
    next: "ArrowDown",
    dark: 'data-pf-theme="dark"',
  },
  {
    id: "unstuck-dialog",
    name: "Unstuck",
    place: "`mode=dialog`",
    head: UNSTUCK,
    body: `<unstuck-help mode="dialog" label="Help" shortcut="Control+K">${FALLBACK}</unstuck-help>`,
    ui: "unstuck-help",
    launcher: "unstuck-help [part~=launcher]",
    field: "unstuck-help input",
    answers: "unstuck-help [part~=result]",
    keys: ["Control+K"],
    next: "Tab",
  },
  {
    id: "pagefind-modal",
    name: "Pagefind Component UI",
    place: "`pagefind-modal`",
    head: PAGEFIND,
    body: `<pagefind-modal-trigger>${FALLBACK}</pagefind-modal-trigger><pagefind-modal></pagefind-modal>`,
    ui: "pagefind-modal",
    launcher: "pagefind-modal-trigger button",
    field: "pagefind-modal .pf-input",
    answers: "pagefind-modal .pf-result",
    keys: ["Control+K"],
    next: "ArrowDown",
    dark: 'data-pf-theme="dark"',
  },
  {
    id: "docsearch",
    name: "DocSearch",
    place: "its dialog",
    head: DOCSEARCH,
    body: `<div id="docsearch">${FALLBACK}</div>`,
    ui: ".DocSearch-Modal",
    launcher: ".DocSearch-Button",
    field: ".DocSearch-Input",
    answers: ".DocSearch-Hit",
    keys: ["Control+K"],
    next: "ArrowDown",
    dark: 'data-theme="dark"',
    sources: SOURCES,
  },
];

/** Which of them are shown beside each other. */
export const SHOWN = ["unstuck", "pagefind", "docsearch"];

/** A page with one of them in it. */
export function page({ head, body, dark, sources = "" }, { dir = "ltr", lang = "en", isDark = false, policy = "" } = {}) {
  const meta = policy && `<meta http-equiv="Content-Security-Policy" content="${policy.replace("connect-src 'self'", `connect-src 'self' ${sources}`.trimEnd())}">`;
  return `<!doctype html>
<html lang="${lang}" dir="${dir}" ${isDark && dark ? dark : ""}>
<head>
<meta charset="utf-8">
${meta}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Help</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/host.css">
${head}
</head>
<body>
<main>
<h1>Help</h1>
<p>Say what you see, and find out what to do about it.</p>
${body}
</main>
</body>
</html>`;
}

/** The versions that are compared. */
export async function versions() {
  const require = createRequire(import.meta.url);
  const of = async (name) => JSON.parse(await readFile(new URL(`../node_modules/${name}/package.json`, import.meta.url), "utf8")).version;
  const [, ours] = /^version = "([^"]+)"/m.exec(await readFile("Cargo.toml", "utf8"));
  return { unstuck: ours, pagefind: await of("pagefind"), docsearch: await of("@docsearch/js"), axe: require("axe-core/package.json").version };
}
