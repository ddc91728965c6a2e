// What people see: Unstuck beside Pagefind's Component UI and Algolia's
// DocSearch, with the same entries and the same questions.
//
//   node bench/interfaces.js [--only facts|pictures] [--out docs/design.md]
//
// It needs `cargo xtask build` and `npm ci --prefix bench` first, and reads
// CHROMIUM (the browser). It prints what it measured, writes it between two
// marks of the document, and the pictures beside it. DocSearch's server is
// Algolia's and is not reached: see interfaces/algolia.js.
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import * as pagefind from "pagefind";
import { chromium } from "playwright-core";

import { records } from "./interfaces/algolia.js";
import { CONTENDERS, START_DOCSEARCH, page, versions } from "./interfaces/contenders.js";
import { STYLE, entries, pageOf } from "./interfaces/content.js";
import { pictures } from "./interfaces/pictures.js";
import { measure, table } from "./interfaces/report.js";
import { serve } from "./server.js";

const { values: args } = parseArgs({
  options: {
    only: { type: "string" },
    out: { type: "string", default: "docs/design.md" },
  },
});
process.chdir(join(dirname(fileURLToPath(import.meta.url)), ".."));
const scratch = await mkdtemp(join(tmpdir(), "unstuck-interfaces-"));
const server = await serve();
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  await main();
} finally {
  await browser.close();
  await server.stop();
  await pagefind.close();
  await rm(scratch, { recursive: true, force: true });
}

async function main() {
  const all = await entries();
  // A copy: a build under way changes nothing here.
  await cp("dist", join(scratch, "unstuck"), { recursive: true });
  server.folders.set("/unstuck/", join(scratch, "unstuck"));
  server.folders.set("/docsearch/", "bench/node_modules/@docsearch");
  server.folders.set("/pagefind/", join(scratch, "pagefind"));
  server.compresses = true;
  server.files.set("/host.css", Buffer.from(STYLE));
  server.files.set("/start-docsearch.js", Buffer.from(START_DOCSEARCH));
  for (const it of all) server.files.set(`/entries/${it.id}.html`, Buffer.from(pageOf(it)));
  await index(all);
  const bench = { browser, server, entries: all, records: records(all), address };
  if (args.only !== "facts") await pictures(bench, dirname(args.out), say);
  if (args.only === "pictures") return;
  const text = table(await measure(bench, say), { ...(await versions()), browser: browser.version(), entries: all.length });
  console.log(text);
  await put(text);
}

/** The address of a page with a contender in it. */
function address(contender, variant) {
  const path = `/interfaces/${contender.id}-${encodeURIComponent(Object.values(variant).join("-").slice(-40)).replaceAll("%", "")}.html`;
  server.files.set(path, Buffer.from(page(contender, variant)));
  return server.origin + path;
}

/** Pagefind's index of the entries' pages, and its interface, which it writes beside it. */
async function index(all) {
  const { index } = await pagefind.createIndex({});
  for (const it of all) {
    const { errors } = await index.addHTMLFile({ url: `/entries/${it.id}.html`, content: pageOf(it) });
    if (errors.length) throw new Error(`Pagefind refused ${it.id}: ${errors.join(", ")}`);
  }
  await index.writeFiles({ outputPath: join(scratch, "pagefind") });
  await index.deleteIndex();
}

/** Puts what was measured between its marks. */
async function put(text) {
  const known = await readFile(args.out, "utf8");
  const parts = /^(.*<!-- measured -->\n).*(<!-- \/measured -->.*)$/s.exec(known);
  if (!parts) throw new Error(`${args.out} has no marks for what is measured`);
  await writeFile(args.out, `${parts[1]}${text}\n${parts[2]}`);
  say(`written: ${args.out}`);
}

function say(text) {
  console.error(`interfaces: ${text}`);
}
