// The entries of the knowledge base as the pages of a help centre, which is
// what the peers search, and as what can be looked for on a screen.
import { readFile } from "node:fs/promises";

/** Where a page of an entry stands. */
export const PAGE = /\/entries\/([a-z0-9-]+)\.html/;

/** The stylesheet of all pages: as little as a page can have that goes along with a dark system. */
export const STYLE = `:root { color-scheme: light dark; }
html { font: 100% / 1.5 system-ui, sans-serif; }
body { margin: 0 auto; background: Canvas; color: CanvasText; max-inline-size: 46rem; padding: 1rem; }
`;

/** The texts have marks around what is bold, for the widget. */
const plain = (text) => text.replace(/[\u0001-\u0008]/g, "");

const escape = (text) => text.replace(/[&<>"]/g, (it) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[it]);

/** The entries of the customer build, in their order. */
export async function entries() {
  const kb = JSON.parse(await readFile("dist/kb/customer.entries.json", "utf8"));
  return kb.entries.map(({ id, area, symptom, causes, steps, description, after }) => ({
    id,
    area: kb.areas[area].title,
    symptom: plain(symptom),
    description: description.map(plain),
    causes: causes.map(plain),
    steps: steps.map(({ text, notes }) => ({ text: plain(text), notes: notes.map((it) => plain(it.text)).filter(Boolean) })),
    after: after.map(plain),
  }));
}

/** The page of an entry: plain HTML, with a heading for the cause and one for the steps. */
export function pageOf({ area, symptom, description, causes, steps, after }) {
  const paragraphs = (texts) => texts.map((it) => `<p>${escape(it)}</p>\n`).join("");
  const items = (texts) => texts.map((it) => `<li>${it}</li>\n`).join("");
  const cause = causes.length ? `<h2 id="cause">Likely cause</h2>\n<ul>\n${items(causes.map(escape))}</ul>\n` : "";
  const actions = items(steps.map(({ text, notes }) => `${escape(text)}${paragraphs(notes)}`));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(symptom)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/host.css">
</head>
<body>
<main data-pagefind-body data-pagefind-filter="Area:${escape(area)}">
<h1>${escape(symptom)}</h1>
${paragraphs(description)}${cause}<h2 id="steps">What to do</h2>
<ol>
${actions}</ol>
${paragraphs(after)}</main>
</body>
</html>
`;
}
