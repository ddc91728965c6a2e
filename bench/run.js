// The benchmark: Unstuck's search against libraries that a portal's developer
// could take instead, all in one browser, each corpus in one page.
//
//   node bench/run.js [--smoke] [--sizes 43,1000,10000,12441] [--out bench/RESULTS.md]
//
// It needs `cargo xtask build` and `npm ci --prefix bench` first, and reads
// CHROMIUM (the browser), UNSTUCK (the compiler) and CORPORA (real entries).
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import * as pagefind from "pagefind";
import { chromium } from "playwright-core";

import { queryChart, startupChart } from "./chart.js";
import { compiling } from "./compiling.js";
import { balanced, generated, knowledgeBase, own, real } from "./corpora.js";
import { ENGINES, LARGE, bundle, codeSizes } from "./engines.js";
import { indexFile, pagefindIndex, unstuck, withoutTexts } from "./prepare.js";
import { keyWork } from "./keys.js";
import { BOUNDS_FROM, figures, report, summary } from "./report.js";
import { serve } from "./server.js";
import { sizes } from "./sizes.js";
import { startup } from "./startup.js";

/** The size that stands for the project's own knowledge base, however many entries it has by now. */
const OWN_SIZE = 43;

/** How many entries are compiled to see how time and memory grow. */
const COMPILED_SIZES = [1_000, 3_000, 6_000, 12_000];

/** The same where it only matters that it can be measured. */
const FEW = [100, 300];

/** How often a measurement is repeated and for how long at most, in milliseconds. */
const THOROUGH = {
  build: { most: 5, budget: 3_000 },
  // The browser makes code fast while the first few are answered: with half as many the median is now before, now after that.
  first: { most: 31, budget: 20_000 },
  ask: { rounds: 5, budget: 60_000 },
  batches: { size: 1000, most: 9, budget: 20_000 },
  startup: 9,
  keys: 12,
  compiling: 5,
};
const QUICK = {
  build: { most: 1, budget: 0 },
  first: { most: 2, budget: 500 },
  ask: { rounds: 1, budget: 0 },
  batches: { size: 100, most: 1, budget: 0 },
  startup: 1,
  keys: 2,
  compiling: 1,
};

const { values: args } = parseArgs({
  options: {
    smoke: { type: "boolean", default: false },
    sizes: { type: "string", default: "43,1000,10000,12441" },
    out: { type: "string", default: "bench/RESULTS.md" },
  },
});
process.chdir(join(dirname(fileURLToPath(import.meta.url)), ".."));
const compiler = resolve(process.env.UNSTUCK ?? "target/debug/unstuck");
const scratch = await mkdtemp(join(tmpdir(), "unstuck-bench-"));
const effort = args.smoke ? QUICK : THOROUGH;
const server = await serve();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  // The flag lets the page ask for its memory without waiting half a minute.
  args: ["--no-sandbox", "--enable-blink-features=ForceEagerMeasureMemory"],
});
try {
  await main();
} finally {
  await browser.close();
  await server.stop();
  await pagefind.close();
  await rm(scratch, { recursive: true, force: true });
}

async function main() {
  const wasm = await readFile("dist/unstuck.wasm");
  const scripts = await bundle();
  const whole = await shipped();
  server.files.set("/page.html", Buffer.from('<!doctype html><html lang="en"><title>Benchmark</title>'));
  for (const it of ["page.js", "statistics.js"]) server.files.set(`/${it}`, await readFile(`bench/${it}`));
  server.files.set("/unstuck.wasm", wasm);
  for (const [id, script] of scripts) server.files.set(`/engines/${id}.js`, script);

  const tables = [];
  for await (const [corpus, compiled] of corpora()) {
    say(`${corpus.title}, ${corpus.queries.length} queries`);
    tables.push(await measure(corpus, compiled));
  }
  if (!tables.length) throw new Error("nothing to measure");
  const self = tables.find((it) => it.own);
  say("compiling");
  const compiled = await compiling({ program: compiler, scratch, corpora: growing(), rounds: effort.compiling });
  if (self) say("until a person can search");
  const result = {
    tables,
    code: await codeSizes(scripts, wasm, tables.at(-1).pagefind),
    shipped: whole,
    compiled,
    startup: self && (await startup({ browser, server, folder: self.pagefind, rounds: effort.startup })),
    machine: {
      cores: availableParallelism(),
      browser: `Chromium ${browser.version()}`,
      node: process.version,
      profile: compiler.includes("/debug/") ? "debug" : "release",
    },
  };
  for (const line of summary(result, { withBounds: !args.smoke })) console.log(line);
  const mute = tables.flatMap(({ title, engines }) => ENGINES.filter(({ id }) => figures(engines.get(id)).at10 === 0).map(({ name }) => `${name} in ${title}`));
  if (mute.length) throw new Error(`nothing was found by ${mute.join(", ")}`);
  // Written or not, both are made: the smoke run is there to see that they can be.
  const files = { "results.svg": queryChart(tables), [basename(args.out)]: report(result) };
  if (result.startup) files["startup.svg"] = startupChart(result.startup);
  if (args.smoke) return;
  for (const [name, text] of Object.entries(files)) await writeFile(join(dirname(args.out), name), text);
  say(`written: ${args.out}, and its pictures beside it`);
}

/** Each corpus with what the compiler made of it. */
async function* corpora() {
  const compile = (kb, name) => unstuck(compiler, kb, join(scratch, name));
  const generate = async (corpus, name) => {
    const kb = join(scratch, `${name}-kb`);
    await knowledgeBase(corpus, kb);
    return [corpus, await compile(kb, name)];
  };
  const wanted = args.smoke ? [OWN_SIZE] : args.sizes.split(",").map(Number);
  if (wanted.some((it) => !(it > 0))) throw new Error(`expected numbers with commas, found --sizes ${args.sizes}`);
  for (const size of wanted) {
    if (size === OWN_SIZE) {
      const compiled = await compile("kb", "own");
      yield [await own(compiled.json), compiled];
      continue;
    }
    const folder = process.env.CORPORA ?? "../shared/corpora";
    const corpus = await real(folder, size);
    if (corpus) yield await generate(corpus, `real-${size}`);
    else say(`skipped ${size} entries: there are no corpora in ${folder}`);
  }
  if (args.smoke) yield await generate(generated(300), "generated");
}

/** Corpora of growing size, to be compiled: real ones where there are any. */
async function* growing() {
  if (args.smoke) {
    for (const size of FEW) yield generated(size);
    return;
  }
  const folder = process.env.CORPORA ?? "../shared/corpora";
  for (const size of COMPILED_SIZES) {
    const corpus = await real(folder, size);
    if (corpus) yield corpus;
    else say(`compiled no ${size} entries: there are no corpora in ${folder}`);
  }
}

/** One page, one corpus, every engine after the other. */
async function measure(corpus, compiled) {
  const folder = await mkdtemp(join(scratch, "pagefind-"));
  const builtOutside = { unstuck: compiled.ms, pagefind: await pagefindIndex(corpus, folder) };
  server.folders.set("/pagefind/", folder);
  server.files.set("/index/unstuck", compiled.index);
  server.files.set("/entries.json", Buffer.from(JSON.stringify(corpus.entries)));

  const page = await (await browser.newContext()).newPage();
  page.on("pageerror", (error) => say(String(error)));
  await page.goto(`${server.origin}/page.html`);
  await page.evaluate(async () => void (globalThis.bench = await import("/page.js")));
  const engines = new Map();
  for (const engine of ENGINES) {
    const start = performance.now();
    engines.set(engine.id, { buildMs: builtOutside[engine.id], ...(await measureEngine(page, corpus, engine)) });
    say(`  ${engine.name}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
  await page.context().close();

  const isOfInterest = corpus.own || corpus.entries.length >= BOUNDS_FROM;
  const keys = isOfInterest ? await keyWork({ browser, server, corpus, folder: compiled.folder, queries: effort.keys }) : undefined;
  if (keys) say("  a key press");

  // Together, as brotli at its best takes minutes for the largest.
  const texts = sizes(server.files.get("/entries.json"));
  await Promise.all(
    [...engines].map(async ([id, it]) => {
      const index = server.files.get(`/index/${id}`);
      if (index) it.index = await sizes(id === "unstuck" ? withoutTexts(index) : index);
    }),
  );
  engines.get("unstuck").whole = { index: await sizes(compiled.index), raw: compiled.bytes };
  engines.get("pagefind").index = await piecesOf(folder);
  return { title: corpus.title, own: !!corpus.own, real: !!corpus.real, n: corpus.entries.length, queries: corpus.queries, texts: await texts, engines, keys, pagefind: folder };
}

async function measureEngine(page, corpus, { id, maxQueries, once }) {
  const limit = corpus.entries.length > LARGE ? maxQueries : undefined;
  const queries = limit ? balanced(corpus.queries, limit) : corpus.queries;
  const texts = queries.map((it) => it.q);
  const opened = await page.evaluateHandle((id) => globalThis.bench.open(id), id);
  const call = (name, ...rest) => opened.evaluate((opened, [name, rest]) => globalThis.bench[name](opened, ...rest), [name, rest]);

  const built = (await opened.evaluate((it) => !!it.engine.build)) ? { buildMs: await call("build", effort.build) } : {};
  const before = await memory(page);
  // The same queries for all, of every kind.
  const first = await call("first", balanced(corpus.queries, effort.first.most).map((it) => it.q), effort.first);
  const after = await memory(page);
  const { found, ms } = await call("ask", texts, { ...effort.ask, once });
  const perQuery = corpus.own ? await call("batches", texts, effort.batches) : null;
  const wasm = await call("wasmBytes");
  await call("close");
  await opened.dispose();
  return {
    ...built,
    firstMs: first,
    batchMs: perQuery,
    memory: { js: after - before, wasm },
    answers: queries.map((it, at) => ({ kind: it.kind, ms: ms[at], rank: found[at].findIndex((id) => it.expect.includes(id)) })),
  };
}

/** Bytes of the page's objects, and of its workers', after what is not needed was let go. */
async function memory(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  await session.detach();
  return page.evaluate(async () => (await performance.measureUserAgentSpecificMemory()).bytes);
}

/** Pagefind's index without the texts of its answers. Its files are compressed already. */
async function piecesOf(folder) {
  const names = (await readdir(folder, { recursive: true })).filter((it) => /\.pf_(index|meta)$/.test(it));
  const bytes = await Promise.all(names.map(async (it) => (await stat(join(folder, it))).size));
  return { raw: null, brotli: bytes.reduce((sum, it) => sum + it, 0) };
}

/** All that a page loads of Unstuck with its interface and this project's knowledge base, in bytes. */
async function shipped() {
  const manifest = JSON.parse(await readFile("dist/kb/customer.json", "utf8"));
  const names = ["unstuck.js", "element.js", "widget.js", "unstuck.wasm", "kb/customer.json", `kb/${indexFile(manifest)}`];
  const parts = await Promise.all(names.map(async (name) => sizes(await readFile(join("dist", name)))));
  return parts.reduce((sum, it) => sum + it.brotli, 0);
}

function say(what) {
  console.error(`bench: ${what}`);
}
