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
 * Milliseconds of the main thread a key press, the median over queries, of the
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
  const taken = { title: corpus.title, n: corpus.entries.length };
  for (const name of ["unstuck", "minisearch", "field"]) taken[name] = await type(browser, server, name, texts);
  return taken;
}

async function type(browser, server, name, texts) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.on("pageerror", (error) => console.error(`bench: ${name}: ${error}`));
  await page.goto(`${server.origin}/keys/${name}.html`);
  await page.waitForFunction(() => globalThis.field);
  const devtools = await context.newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  await devtools.send("Performance.enable");
  const thread = async () => {
    const { metrics } = await devtools.send("Performance.getMetrics");
    return metrics.find((it) => it.name === "TaskDuration").value * 1_000;
  };
  const drawn = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  const taken = [];
  for (const text of texts) {
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
  await context.close();
  return median(taken);
}
