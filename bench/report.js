// The measurements in words: tables, and what the search must show.
import { ENGINES, LARGE } from "./engines.js";
import { bounds as startupBounds } from "./startup.js";

/** The kinds of known-item queries, in the order of the report. */
const KINDS = ["subset", "typo", "prefix", "body"];

/** From this many entries on the bounds for large knowledge bases hold. */
export const BOUNDS_FROM = 10_000;

/** All that a page may load of Unstuck, in bytes after brotli. */
const MAX_SHIPPED = 100_000;

/** Mean milliseconds of a search in the project's own knowledge base. */
const MAX_OWN_MS = 0.2;

/** How much longer four times as many entries may take to compile than four times as long, and how much more memory. */
const MAX_GROWTH = 1.25;

/** The same for the time of a check, which searches for each symptom in an index that grows too. */
const MAX_SEARCH_GROWTH = 1.5;

/** Milliseconds of the rules of one file: within a frame, nobody who types waits for them. */
const MAX_FILE_MS = 16;

/** `bench/RESULTS.md`. */
export function report({ tables, code, shipped, compiled, startup, machine }) {
  return `# Unstuck against search libraries

Every engine searched the same entries for the same queries, one after the other in one page of ${machine.browser}.
The machine had ${machine.cores} cores; what runs outside of the page ran in Node.js ${machine.node.replace(/^v/, "").split(".")[0]}.
In brackets stands how many times Unstuck's figure it is: above 1 Unstuck is faster or smaller.

![The 95th percentile of the query time of each engine, by number of entries](results.svg)

To run it: \`cargo xtask bench\`.
It needs Chromium and, for the real entries, the corpora beside the repository; sizes whose entries are absent are skipped with a message.

${tables.map((it) => section(it)).join("\n")}
## Bytes before the index

| engine | script, raw | script, brotli | WASM, raw | WASM, brotli |
|---|---|---|---|---|
${ENGINES.map(({ id, name }) => codeRow(name, code.get(id))).join("\n")}

Unstuck's WASM holds its interface too, and its script is the glue of the WASM.
A page loads ${bytes(shipped)} of it after brotli with interface, stylesheet, words and the knowledge base of this project.
The libraries have no interface; their scripts hold some twenty lines of ours.
Pagefind's WASM comes in a compression of its own.

${startup ? startupSection(startup) : ""}${keysSection(tables)}${compilingSection(compiled)}## What it must show

${markdownTable(["bound", "measured", "holds"], bounds({ tables, shipped, compiled, startup }).map((it) => [it.bound, it.measured, it.holds ? "yes" : "**no**"]))}

What the search must show on queries that people wrote is measured by \`unstuck eval\`.
FlexSearch stands here twice, as it can be used in two ways, and neither is the better in everything.

## What was measured, and how

- The fields are symptom, cause and actions, each as plain text in one line, the same for all.
- The real entries are the first of a shuffled list, and known-item queries were made from them by script: some of the words (\`subset\`), with typos (\`typo\`), with the last word cut (\`prefix\`), or a sentence of the cause or the actions (\`body\`).
- Success at 1 and at 10: the share of queries whose entry is the first answer, or among the first ten.
- Query times are from the query to the ids of at most ten answers; Unstuck's answers hold texts and matched words besides.
- A query's time is the median of several rounds, and within a round it is repeated until the clock can tell.
- First answer: from the bytes of the index in memory, script and WASM being ready, to the answer to a first query.
The median over queries of every kind; in the column beside it the very first time, when the browser has compiled nothing.
- Index built: in the page for MiniSearch, FlexSearch, Fuse and lunr.
Unstuck's compiler (a ${machine.profile} build, which also checks the knowledge base) and Pagefind's program ran outside of the page.
- Index bytes are those of the serialised index, without the texts of the entries except in Fuse, whose index is the texts: JSON for the libraries, for Unstuck all sections but those with texts.
- Memory: what the page's objects and its workers' grew by when the index was loaded and the first queries were answered, and all of the WASM's memory, which Chromium does not count with them; that alone is in the column beside it.
Pagefind's WASM is in a worker, where its memory cannot be seen.

How each engine was set up:

- **MiniSearch**: boosts (symptom 3, cause 1.5), prefix for the last word, fuzzy 0.2 from four letters on, stop words; \`JSON.stringify\` and \`loadJSON\`.
Without stop words its 95th percentile is about four times as long, as sentences of the body are full of them, and it finds as much.
- **FlexSearch**: a document index with three fields, \`tokenize: "forward"\`, \`suggest\`, stop words; the fields take turns in the answers, as its own \`merge\` puts all of one field before the next; \`export\` and \`import\`.
- **FlexSearch, one field**: the three texts behind each other in one index with \`resolution: 20\`, else as above.
- **Fuse**: token search, weights (symptom 3, cause 1.5), \`ignoreLocation\`, threshold 0.3; \`createIndex\` and \`parseIndex\`.
Above ${LARGE.toLocaleString("en")} entries it takes seconds a query and was asked only ${ENGINES.find((it) => it.id === "fuse").maxQueries} queries, so that its success says little there.
- **lunr**: boosts (symptom 5, cause 1.5), exact words 10, the last word as a prefix 3, one edit 1 from five letters on; its stemmer and stop words.
- **Pagefind**: custom records with the symptom as title.
A query ends when the texts of the first ten answers are there, and each was asked once, so that fetching pieces of the index from the same machine is part of it; later in a visit it is faster.
It forgives no typos.
`;
}

/** A line an engine and corpus, for the terminal, and the bounds where they were measured in earnest. */
export function summary({ tables, shipped, compiled, startup }, { withBounds }) {
  const lines = tables.flatMap(({ title, own, engines }) =>
    ENGINES.map(({ id, name }) => {
      const it = figures(engines.get(id));
      const batch = own ? `, ${ms(engines.get(id).batchMs)} on average` : "";
      return `${title}: ${name}: ${share(it.at1)} / ${share(it.at10)} at 1 / 10, query p50 ${ms(it.p50)}, p95 ${ms(it.p95)}${batch}, first answer ${ms(it.first)}, index ${bytes(engines.get(id).index.brotli)}`;
    }),
  );
  const started = (startup?.contenders ?? []).map((it) => `${it.name}: first answer ${ms(it.first)}, main thread ${ms(it.thread)}, ${bytes(it.bytes)} in ${it.requests} requests`);
  const typed = tables.flatMap(({ keys }) => keys ?? []).map((it) => `${it.title}: a key press: ${ms(it.unstuck)}, MiniSearch with a plain list ${ms(it.minisearch)}, a field alone ${ms(it.field)}`);
  const built = compiled.map((it) => `${it.n} entries: built in ${ms(it.build.ms)} with ${memory(it.build.peak)}, checked in ${ms(it.check.ms)} with ${memory(it.check.peak)}, one file in ${ms(it.file)}`);
  const checked = withBounds ? bounds({ tables, shipped, compiled, startup }) : [];
  return [...lines, ...started, ...typed, ...built, ...checked.map((it) => `${it.holds ? "holds" : "DOES NOT HOLD"}: ${it.bound}: ${it.measured}`)];
}

function section({ title, own, n, queries, texts, engines }) {
  const base = engines.get("unstuck");
  const baseFigures = figures(base);
  const rows = (cells) => ENGINES.map(({ id, name }) => [name, ...cells(engines.get(id), figures(engines.get(id)))]);
  const compared = (get, format) => (it, itsFigures) => {
    const [value, ours] = [get(it, itsFigures), get(base, baseFigures)];
    return value == null ? "–" : it === base || !ours ? format(value) : `${format(value)} (${times(value / ours)})`;
  };
  const columns = (list) => markdownTable(["engine", ...list.map((it) => it[0])], rows((it, itsFigures) => list.map(([, cell]) => cell(it, itsFigures))));
  const whole = `With the texts that it shows Unstuck's index is ${bytes(base.whole.index.raw)}, ${bytes(base.whole.index.brotli)} after brotli; all files that its compiler made for the page are ${bytes(base.whole.raw)}, raw.\n`;
  const kinds = own ? [] : KINDS;
  return `## ${title}

${queries.length} queries${own ? ", written by people; those without an answer count for the time only" : kinds.map((kind, at) => `${at ? "," : ":"} ${queries.filter((it) => it.kind === kind).length} ${kind}`).join("")}.
The texts of the entries as JSON are ${bytes(texts.brotli)} after brotli.
${whole}
${columns([
  ["index built", compared((it) => it.buildMs, ms)],
  ["index, raw", compared((it) => it.index.raw, bytes)],
  ["index, brotli", compared((it) => it.index.brotli, bytes)],
  ["first answer", compared((_, it) => it.first, ms)],
  ["the very first", compared((it) => it.firstMs[0], ms)],
  ["memory", compared((it) => it.memory.js + it.memory.wasm, bytes)],
  ["of it WASM", (it) => (it.memory.wasm ? bytes(it.memory.wasm) : "–")],
])}

${columns([
  ["query p50", compared((_, it) => it.p50, ms)],
  ["p95", compared((_, it) => it.p95, ms)],
  ["p99", compared((_, it) => it.p99, ms)],
  ...(own ? [["mean of a thousand", compared((it) => it.batchMs, ms)]] : []),
  ["success at 1 / 10", (_, it) => `${share(it.at1)} / ${share(it.at10)}`],
])}
${
  kinds.length
    ? `
Success at 1 / 10 by kind of query:

${columns(kinds.map((kind) => [kind, (it) => success(figures(it, kind))]))}

Query p50 / p95 / p99 by kind, in milliseconds:

${columns(kinds.map((kind) => [kind, (it) => percentiles(figures(it, kind))]))}
`
    : ""
}`;
}

/** What a key press takes of the main thread. */
function keysSection(tables) {
  const measured = tables.flatMap(({ keys }) => keys ?? []);
  return `## A key press

Milliseconds of the main thread a key press, the processor slowed four times: somebody types queries, a key every 100 ms.
Unstuck with its interface against MiniSearch with a plain list of ten entries; the median over the queries, all the browser's work included.
The last column is a field that searches nothing: what the browser takes for the letter itself.

${markdownTable(["entries", "Unstuck", "MiniSearch", "a field alone"], measured.map((it) => [it.title, ms(it.unstuck), `${ms(it.minisearch)} (${times(it.minisearch / it.unstuck)})`, ms(it.field)]))}

`;
}

/** What the compiler takes, by the number of entries. */
export function compilingSection(compiled) {
  const row = ({ n, build, check, file, longest }) => [
    n.toLocaleString("en"),
    ms(build.ms),
    memory(build.peak),
    ms(check.ms),
    memory(check.peak),
    ms(file),
    ms(longest),
  ];
  return `## Compiling

\`unstuck build\` and \`unstuck check\` as commands, reading and writing files included, on the first of the real entries; the median of several runs, and the most memory that one of them had.
A check also searches for every symptom, in an index that grows.
In the last columns stands what a live preview waits for on each key press, when only the file at hand is read and checked: the median over all files of the knowledge base, one an area, and the slowest, of hundreds of kilobytes where there are many entries.

${markdownTable(["entries", "build", "its memory", "check", "its memory", "rules of one file", "of the longest"], compiled.map(row))}

`;
}

/** Until a person can search, and what the page pays before. */
function startupSection({ rounds, contenders, calm, docsearch }) {
  const base = contenders[0];
  const compared = (key, format) => (it) => (it === base ? format(it[key]) : `${format(it[key])} (${times(it[key] / base[key])})`);
  const columns = [
    ["field is there", compared("field", ms)],
    ["first answer", compared("first", ms)],
    ["spread", (it) => ms(it.spread)],
    ["main thread", compared("thread", ms)],
    ["bytes", compared("bytes", bytes)],
    ["requests", (it) => it.requests],
  ];
  return `## Until a person can search

A page with one interface, the same 43 entries in each, on a processor slowed four times and a network as of a mobile phone (165 ms there and back, 8.1 Mbit/s); medians of ${rounds} rounds in turn.
Somebody types as soon as there is a field; the first answer is when it stands in the page.
Both Pagefind interfaces wait 300 ms after each key by themselves; here they wait for nothing.
Main thread is all of its tasks until then, less those of the page alone; bytes are those that the server sent in brotli, or in Pagefind's own compression, without the page.

![Time to the first answer and time of the main thread of each interface](startup.svg)

${markdownTable(["interface", ...columns.map((it) => it[0])], contenders.map((it) => [it.name, ...columns.map(([, cell]) => cell(it))]))}

DocSearch's build for keywords is ${bytes(docsearch)} after brotli with its stylesheet, and needs a server besides.

What a page pays before anybody needs help, the example billing page with its own stylesheets and script (medians of ${3 * rounds} rounds, with their spread):

${markdownTable(["page", "first shown", "load", "blocked by long tasks", "main thread"], calm.map((it) => [it.name, ...["shown", "load", "blocking", "thread"].map((key) => `${ms(it[key].median)} ± ${ms(it[key].spread)}`)]))}

`;
}

/** What the issue asks of the search, as far as it is measured here. */
function bounds({ tables, shipped, compiled, startup }) {
  const found = [];
  const add = (bound, measured, holds) => found.push({ bound, measured, holds });
  found.push(...compilingBounds(compiled));
  for (const { title, engines, n } of tables.filter((it) => it.real)) {
    const name = (id) => ENGINES.find((it) => it.id === id).name;
    const of = (id, kind) => figures(engines.get(id), kind);
    // An engine that was asked a few queries only is no measure.
    const peers = ENGINES.filter(({ id, maxQueries }) => id !== "unstuck" && !(maxQueries && n > LARGE)).map((it) => it.id);
    for (const kind of KINDS) {
      for (const [at, label] of [["at1", "1"], ["at10", "10"]]) {
        const best = peers.reduce((best, id) => (of(id, kind)[at] > of(best, kind)[at] ? id : best));
        const [ours, theirs] = [of("unstuck", kind)[at], of(best, kind)[at]];
        add(`${title}: ${kind} success at ${label} at or above the best of the peers`, `${share(ours)}, ${name(best)} ${share(theirs)}`, ours >= theirs);
      }
    }
    if (n < BOUNDS_FROM) continue;
    const ratio = (bound, ours, theirs, format, limit) => {
      add(`${title}: ${bound}`, `${format(ours)} to ${format(theirs)}, 1 : ${number(theirs / ours)}`, ours <= theirs * limit);
    };
    ratio("query p95 at most a fortieth of MiniSearch's", of("unstuck").p95, of("minisearch").p95, ms, 1 / 40);
    for (const id of ["flexsearch", "flexsearch-one-field"]) {
      ratio(`query p95 at most that of ${name(id)}`, of("unstuck").p95, of(id).p95, ms, 1);
    }
    ratio("first answer in at most a twentieth of MiniSearch's time", of("unstuck").first, of("minisearch").first, ms, 1 / 20);
    ratio("index, brotli, at most half of MiniSearch's", engines.get("unstuck").index.brotli, engines.get("minisearch").index.brotli, bytes, 1 / 2);
  }
  for (const { title, unstuck, minisearch } of tables.flatMap(({ keys }) => keys ?? [])) {
    add(`${title}: a key press takes at most half of the main thread's time with MiniSearch and a plain list`, `${ms(unstuck)} to ${ms(minisearch)}, 1 : ${number(minisearch / unstuck)}`, unstuck <= minisearch / 2);
  }
  for (const { title, engines } of tables.filter((it) => it.own)) {
    const ours = engines.get("unstuck").batchMs;
    add(`${title}: a search under ${ms(MAX_OWN_MS)}, mean of batches of a thousand`, ms(ours), ours < MAX_OWN_MS);
    const peers = ENGINES.filter((it) => it.id !== "unstuck");
    const best = peers.reduce((best, it) => (engines.get(it.id).batchMs < engines.get(best.id).batchMs ? it : best));
    const theirs = engines.get(best.id).batchMs;
    add(`${title}: faster than every peer`, `${ms(ours)}, ${best.name} ${ms(theirs)}, 1 : ${number(theirs / ours)}`, ours < theirs);
  }
  if (startup) found.push(...startupBounds(startup));
  add(`the whole within ${bytes(MAX_SHIPPED)}`, bytes(shipped), shipped <= MAX_SHIPPED);
  return found;
}

/** That time and memory grow with the number of entries and hardly faster. */
export function compilingBounds(compiled) {
  const most = compiled.at(-1);
  // Among fewer entries what every run costs hides what grows.
  const least = compiled.findLast((it) => it.n * 4 <= most.n);
  if (!least) return [];
  const found = [];
  for (const [what, of, format, limit] of [
    ["unstuck build: time", (it) => it.build.ms, ms, MAX_GROWTH],
    ["unstuck build: memory", (it) => it.build.peak, memory, MAX_GROWTH],
    ["unstuck check: time", (it) => it.check.ms, ms, MAX_SEARCH_GROWTH],
    ["unstuck check: memory", (it) => it.check.peak, memory, MAX_GROWTH],
  ]) {
    if (of(least) === null || of(most) === null) continue;
    const more = most.n / least.n;
    const growth = of(most) / of(least) / more;
    found.push({
      bound: `${what} for ${most.n.toLocaleString("en")} entries at most ${number(more)} times that for ${least.n.toLocaleString("en")}, ${times(limit)}`,
      measured: `${format(of(most))} to ${format(of(least))}, ${times(growth)}`,
      holds: growth <= limit,
    });
  }
  found.push({
    bound: `${most.n.toLocaleString("en")} entries: the rules of one file within a frame, ${ms(MAX_FILE_MS)}`,
    measured: ms(most.file),
    holds: most.file <= MAX_FILE_MS,
  });
  return found;
}

/** Percentiles and success of an engine over its queries, of one kind or of all. */
export function figures({ answers, firstMs }, kind) {
  const asked = kind ? answers.filter((it) => it.kind === kind) : answers;
  const sorted = asked.map((it) => it.ms).toSorted((a, b) => a - b);
  const percentile = (p) => sorted[Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)] ?? null;
  const answerable = asked.filter((it) => it.kind !== "none");
  const within = (n) => answerable.filter((it) => it.rank >= 0 && it.rank < n).length / answerable.length;
  const first = firstMs.toSorted((a, b) => a - b)[firstMs.length >> 1];
  return { p50: percentile(50), p95: percentile(95), p99: percentile(99), at1: within(1), at10: within(10), first };
}

function codeRow(name, { script, wasm }) {
  return `| ${[name, bytes(script.raw), bytes(script.brotli), wasm ? bytes(wasm.raw) : "–", wasm ? bytes(wasm.brotli) : "–"].join(" | ")} |`;
}

function markdownTable(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

function success({ at1, at10 }) {
  return `${share(at1)} / ${share(at10)}`;
}

function percentiles({ p50, p95, p99 }) {
  return [p50, p95, p99].map((it) => (it === null ? "–" : number(it))).join(" / ");
}

function share(it) {
  return Number.isNaN(it) ? "–" : it.toFixed(3);
}

/** Three digits that count, without an exponent. */
function number(it) {
  return it >= 100 ? Math.round(it).toLocaleString("en") : String(Number(it.toPrecision(it < 0.1 ? 2 : 3)));
}

function times(it) {
  return `×${number(it)}`;
}

function memory(it) {
  return it === null ? "–" : bytes(it);
}

export function ms(it) {
  return it >= 10_000 ? `${number(it / 1000)} s` : `${number(it)} ms`;
}

function bytes(it) {
  return it >= 1_000_000 ? `${(it / 1_000_000).toFixed(2)} MB` : `${(it / 1000).toFixed(1)} kB`;
}
