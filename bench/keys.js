// What a key press takes of the page's main thread, on a slow processor:
// Unstuck with its interface against MiniSearch with a plain list, which shows
// the same words of ten entries and nothing else; and a field that searches
// nothing, which is what the browser takes for the letter itself.
import { balanced } from "./corpora.js";
import { median } from "./statistics.js";

/** How many times slower the processor is. */
const SLOWER = 4;

/** Between two keys, in milliseconds: somebody who types fast. */
const PAUSE = 100;

/** Longer than any of it takes, in milliseconds. */
const PATIENCE = 120_000;

const ELEMENT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Unstuck</title><link rel="icon" href="data:,">
<script type="module" src="/unstuck/unstuck.js"></script><unstuck-help kb="/keys-kb" loading="eager"></unstuck-help>
<script type="module">
  await customElements.whenDefined("unstuck-help");
  const help = document.querySelector("unstuck-help");
  await help.ready;
  globalThis.field = help.shadowRoot.querySelector("input");
</script>`;

const LIST = `<!doctype html><html lang="en"><meta charset="utf-8"><title>MiniSearch</title><link rel="icon" href="data:,">
<label>Search <input></label><ol></ol>
<script type="module">
  import { build, search } from "/engines/minisearch.js";
  const entries = await (await fetch("/entries.json")).json();
  const byId = new Map(entries.map((it) => [it.id, it]));
  const index = build(entries);
  const list = document.querySelector("ol");
  const input = document.querySelector("input");
  const paragraph = (text) => Object.assign(document.createElement("p"), { textContent: text });
  input.addEventListener("input", () => {
    const found = search(index, input.value).map((id) => {
      const { symptom, cause, actions } = byId.get(id);
      const item = document.createElement("li");
      item.append(paragraph(symptom), paragraph(cause), paragraph(actions));
      return item;
    });
    list.replaceChildren(...found);
  });
  globalThis.field = input;
</script>`;

const FIELD = `<!doctype html><html lang="en"><meta charset="utf-8"><title>A field</title><link rel="icon" href="data:,">
<label>Search <input></label>
<script type="module">globalThis.field = document.querySelector("input");</script>`;

/**
 * Milliseconds of work of the main thread a key press, the median over queries, of the
 * corpus that the server has as `/entries.json`; `folder` has what the compiler
 * made of it.
 */
export async function keyWork({ browser, server, corpus, folder, queries }) {
  server.files.set("/keys/unstuck.html", Buffer.from(ELEMENT));
  server.files.set("/keys/minisearch.html", Buffer.from(LIST));
  server.files.set("/keys/field.html", Buffer.from(FIELD));
  server.folders.set("/unstuck/", "dist");
  server.folders.set("/keys-kb/", folder);
  const texts = balanced(corpus.queries, queries).map((it) => it.q.slice(0, 40));
  const names = ["unstuck", "minisearch", "field"];
  const pages = [];
  for (const name of names) pages.push(await open(browser, server, name));
  // Each text in all of them before the next, beginning with another one each
  // time: what else the machine does meets them alike.
  for (const [at, text] of texts.entries()) {
    for (const nth of names.keys()) await type(pages[(at + nth) % names.length], text);
  }
  for (const { context } of pages) await context.close();
  const taken = names.map((name, at) => [name, median(pages[at].taken)]);
  return { title: corpus.title, n: corpus.entries.length, ...Object.fromEntries(taken) };
}

async function open(browser, server, name) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.on("pageerror", (error) => console.error(`bench: ${name}: ${error}`));
  await page.goto(`${server.origin}/keys/${name}.html`);
  await page.waitForFunction(() => globalThis.field);
  const devtools = await context.newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  // The time of the thread, not that of the clock: in that, whatever else runs is measured as well.
  await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
  return { context, page, devtools, taken: [] };
}

/** Types a text into the empty field of a page, and adds what a key took to its `taken`. */
async function type({ page, devtools, taken }, text) {
  const thread = async () => {
    const { metrics } = await devtools.send("Performance.getMetrics");
    return metrics.find((it) => it.name === "TaskDuration").value * 1_000;
  };
  const drawn = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  await page.evaluate(() => {
    globalThis.field.value = "";
    globalThis.field.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }));
    globalThis.field.focus();
  });
  await drawn();
  const before = await thread();
  await page.keyboard.type(text, { delay: PAUSE });
  await drawn();
  taken.push((await thread() - before) / text.length);
}
