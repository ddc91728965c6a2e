// What it takes until a person can search: Unstuck against Pagefind's two
// interfaces, each in a page of its own with the same content, on a slow
// processor and a mobile network; and what the page pays before anybody needs
// help.
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { median, spread } from "./statistics.js";
import { sizes } from "./sizes.js";

/** How many times slower the processor is. */
const SLOWER = 4;

/** A mobile network of the fourth generation: what Chromium's tools call fast 4G. Milliseconds there and back, bytes a second. */
const NETWORK = { offline: false, latency: 165, downloadThroughput: (8.1 * 1e6) / 8, uploadThroughput: (1.35 * 1e6) / 8 };

/** What is asked, what must stand in the answer, and what must not: it stands in the list of everything. */
const ASKED = { query: "charged twice", answer: "Charged twice", other: "All widgets blank" };

/** Above so many milliseconds a task keeps a person waiting. */
const LONG_TASK = 50;

/** How long a page that does nothing is watched after it has loaded, in milliseconds. */
const CALM = 1_500;

/** Longer than any of it takes, in milliseconds. */
const PATIENCE = 60_000;

/** A page of a company, with or without help in it. */
const host = (head, body) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Billing</title>
<link rel="icon" href="data:,">
${head}
</head>
<body>
<h1>Billing</h1>
<p>Invoice 0007 could not be charged to your card.</p>
${body}
</body>
</html>`;

/** As the README says. */
const SCRIPT = '<link rel="modulepreload" href="/unstuck/element.js"><script type="module" async src="/unstuck/unstuck.js"></script>';
const element = (loading) => host(SCRIPT, `<unstuck-help loading="${loading}"><a href="/help">Help</a></unstuck-help>`);

/** Where the README says that help is what the page is for. */
const PRELOADS = ['<link rel="modulepreload" href="/unstuck/widget.js">']
  .concat(["unstuck.wasm", "kb/customer.json"].map((it) => `<link rel="preload" as="fetch" crossorigin href="/unstuck/${it}">`))
  .join("\n");

// A debounce of nothing is the best that can be said of Pagefind's interfaces:
// both wait 300 ms by themselves.
const CONTENDERS = [
  { id: "unstuck-visible", name: "Unstuck, `loading=visible`", page: element("visible"), isOurs: true },
  { id: "unstuck-idle", name: "Unstuck, `loading=idle`", page: element("idle"), isOurs: true },
  { id: "unstuck-interaction", name: "Unstuck, `loading=interaction`", page: element("interaction"), isOurs: true },
  { id: "unstuck-eager", name: "Unstuck, `loading=eager`", page: element("eager"), isOurs: true },
  { id: "unstuck-preload", name: "Unstuck, visible and preloaded", page: element("visible").replace("</head>", `${PRELOADS}\n</head>`), isOurs: true },
  {
    id: "pagefind-default",
    name: "Pagefind, Default UI",
    page: host(
      '<link rel="stylesheet" href="/pagefind/pagefind-ui.css"><script src="/pagefind/pagefind-ui.js"></script>',
      '<div id="search"></div><script>addEventListener("DOMContentLoaded", () => new PagefindUI({ element: "#search", debounceTimeoutMs: 0 }))</script>',
    ),
  },
  {
    id: "pagefind-component",
    name: "Pagefind, Component UI",
    page: host(
      '<link rel="stylesheet" href="/pagefind/pagefind-component-ui.css"><script type="module" src="/pagefind/pagefind-component-ui.js"></script>',
      '<pagefind-config preload></pagefind-config><pagefind-input debounce="1"></pagefind-input><pagefind-results></pagefind-results>',
    ),
  },
];

/**
 * A page of a company, with its own stylesheets and script: with what stands
 * inside the element alone, and with help that nobody needs.
 */
async function calmPages() {
  const billing = await readFile("examples/billing.html", "utf8");
  const alone = billing.replace(/.*modulepreload.*\n.*unstuck\.js.*\n/, "").replace(/<(\/?)unstuck-help[^>]*>/g, "<$1div>");
  if (/unstuck/.test(alone) || !/async src="..\/unstuck.js/.test(billing)) throw new Error("examples/billing.html is not as the benchmark knows it");
  const wait = (loading) => billing.replace("<unstuck-help", `<unstuck-help loading="${loading}"`).replaceAll('"../', '"/unstuck/');
  return [
    { id: "plain", name: "the page alone", page: alone },
    { id: "calm-interaction", name: "with Unstuck, `loading=interaction`", page: wait("interaction") },
    {
      id: "calm-below",
      name: "with Unstuck far below, `loading=visible`",
      // An attribute that the page's policy for styles has nothing against.
      page: wait("visible").replace("<unstuck-help", '<svg height="9000"></svg><unstuck-help'),
    },
  ];
}

/**
 * Measures all of it, `rounds` times in turn. `folder` has Pagefind's files.
 * Times are medians in milliseconds.
 */
export async function startup({ browser, server, folder, rounds }) {
  const calmer = await calmPages();
  server.folders.set("/unstuck/", "dist");
  server.folders.set("/startup/", "examples");
  server.folders.set("/pagefind/", folder);
  server.compresses = true;
  for (const { id, page } of [...CONTENDERS, ...calmer]) server.files.set(`/startup/${id}.html`, Buffer.from(page));
  // Once for nothing: the server compresses each file when it is first asked for.
  for (const it of CONTENDERS) await use(browser, server, it);
  for (const it of calmer) await watch(browser, server, it);
  const seen = new Map([...CONTENDERS, ...calmer].map((it) => [it.id, []]));
  for (let round = 0; round < rounds; round++) {
    for (const it of CONTENDERS) seen.get(it.id).push(await use(browser, server, it));
    // A page that does nothing is soon looked at, and what is looked for is small.
    for (let again = 0; again < 3; again++) for (const it of calmer) seen.get(it.id).push(await watch(browser, server, it));
  }
  server.compresses = false;
  const plain = median(seen.get("plain").map((it) => it.thread));
  return {
    rounds,
    contenders: CONTENDERS.map(({ id, name, isOurs }) => {
      const all = seen.get(id);
      return {
        id,
        name,
        isOurs,
        field: median(all.map((it) => it.field)),
        first: median(all.map((it) => it.first)),
        spread: spread(all.map((it) => it.first)),
        thread: median(all.map((it) => it.thread)) - plain,
        bytes: all[0].bytes,
        requests: all[0].requests,
      };
    }),
    calm: calmer.map(({ id, name }) => {
      const all = seen.get(id);
      const of = (key) => ({ median: median(all.map((it) => it[key])), spread: spread(all.map((it) => it[key])) });
      return { id, name, shown: of("shown"), load: of("load"), blocking: of("blocking"), thread: of("thread") };
    }),
    docsearch: await docsearch(),
  };
}

async function open(browser, server, { id }, script) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.on("pageerror", (error) => console.error(`bench: ${id}: ${error}`));
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", NETWORK);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  await devtools.send("Performance.enable");
  await page.addInitScript(...script);
  server.sent = [];
  await page.goto(`${server.origin}/startup/${id}.html`);
  const thread = async () => {
    const { metrics } = await devtools.send("Performance.getMetrics");
    return metrics.find((it) => it.name === "TaskDuration").value * 1_000;
  };
  return { page, context, thread };
}

/** A person who types as soon as there is a field. */
async function use(browser, server, contender) {
  const { page, context, thread } = await open(browser, server, contender, [type, ASKED]);
  await page.waitForFunction(() => globalThis.startup?.first);
  const { field, first } = await page.evaluate(() => globalThis.startup);
  const taken = await thread();
  // All but the page itself.
  const files = server.sent.filter((it) => !it.path.startsWith("/startup/"));
  await context.close();
  return { field, first, thread: taken, requests: files.length, bytes: files.reduce((sum, it) => sum + it.bytes, 0) };
}

/** Runs in the page before its scripts: looks at every frame for the field, then for the answer. */
function type({ query, answer, other }) {
  const startup = (globalThis.startup = {});
  const roots = () => {
    const found = [document];
    for (const it of document.querySelectorAll("*")) if (it.shadowRoot) found.push(it.shadowRoot);
    return found;
  };
  const isAnswered = () => {
    const text = roots().map((it) => (it.body ?? it).textContent).join(" ");
    return text.includes(answer) && !text.includes(other);
  };
  const look = () => {
    if (!startup.field) {
      const field = roots().map((it) => it.querySelector("input")).find((it) => it?.offsetWidth);
      if (field) {
        startup.field = performance.now();
        field.focus();
        field.value = query;
        field.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }));
      }
    } else if (isAnswered()) {
      startup.first = performance.now();
      return;
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** A person who needs no help. */
async function watch(browser, server, contender) {
  const observe = () => {
    globalThis.long = [];
    new PerformanceObserver((list) => globalThis.long.push(...list.getEntries().map((it) => it.duration))).observe({ type: "longtask", buffered: true });
  };
  const { page, context, thread } = await open(browser, server, contender, [observe]);
  await page.waitForTimeout(CALM);
  const { load, shown, long } = await page.evaluate(() => ({
    load: performance.getEntriesByType("navigation")[0].loadEventEnd,
    shown: performance.getEntriesByName("first-contentful-paint")[0].startTime,
    long: globalThis.long,
  }));
  const taken = await thread();
  if (server.sent.some((it) => it.path.endsWith(".wasm"))) throw new Error(`${contender.id} is not as the benchmark knows it: it loads what nobody needs`);
  await context.close();
  return { load, shown, blocking: long.reduce((sum, it) => sum + Math.max(0, it - LONG_TASK), 0), thread: taken };
}

/** DocSearch's build for keywords, by bytes alone: it needs a server to answer. */
async function docsearch() {
  const folder = "bench/node_modules/@docsearch";
  const files = ["js/dist/umd/docsearch.js", "css/dist/style.css"];
  const weights = await Promise.all(files.map(async (it) => (await sizes(await readFile(join(folder, it)))).brotli));
  return weights.reduce((sum, it) => sum + it, 0);
}

/** Where the two must stand, see `bounds` in report.js. */
export function bounds({ contenders, calm }) {
  const ours = contenders.find((it) => it.id === "unstuck-visible");
  const theirs = contenders.filter((it) => !it.isOurs);
  const best = (key) => Math.min(...theirs.map((it) => it[key]));
  const standard = theirs.find((it) => it.id === "pagefind-default");
  const [plain, ...others] = calm;
  const ms = (it) => `${Math.round(it)} ms`;
  const kB = (it) => `${(it / 1000).toFixed(1)} kB`;
  // Noise: what the page alone differs by from round to round.
  const within = (key) => others.every((it) => it[key].median - plain[key].median <= Math.max(plain[key].spread, it[key].spread, 1));
  const shown = (key) => calm.map((it) => `${it[key].median.toFixed(0)} ± ${it[key].spread.toFixed(0)} ms`).join(", ");
  return [
    { bound: "First answer to who types at once: at most 0.7 of the better Pagefind interface", measured: `${ms(ours.first)} : ${ms(best("first"))} (${(ours.first / best("first")).toFixed(2)})`, holds: ours.first <= 0.7 * best("first") },
    { bound: "Main thread until then: no more than the better Pagefind interface", measured: `${ms(ours.thread)} : ${ms(best("thread"))}`, holds: ours.thread <= best("thread") },
    { bound: "Bytes until then: fewer than Pagefind's Default UI", measured: `${kB(ours.bytes)} : ${kB(standard.bytes)}`, holds: ours.bytes < standard.bytes },
    { bound: "Not needed, the page is shown in the same time within noise", measured: shown("shown"), holds: within("shown") },
    { bound: "Not needed, the page loads in the same time within noise", measured: shown("load"), holds: within("load") },
    { bound: "Not needed, the page is blocked no longer within noise", measured: shown("blocking"), holds: within("blocking") },
  ];
}
