// Random use of the portal page, for as long as is asked: real widget, real
// server, real browser. After each act it is asked whether anything is wrong,
// and every few hundred acts what the page keeps is counted, with everything
// put back to how it was: of that, nothing may grow.
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BLOCKED, build, copy, folder, launchChromium, reach, record, site } from "../harness.js";
import { ACTS, SOURCES } from "./acts.js";
import { helpers } from "./page.js";

/** How many acts lie between two looks at what is kept: about a minute. */
export const ACTS_PER_SAMPLE = 250;

/** How many acts lie between two comparisons with a new element. */
const ACTS_PER_COMPARISON = 50;

/** How long what fails may be told of afterwards, in milliseconds. */
const AFTERMATH = 15_000;

/** How many acts a failure tells of. */
const TOLD = 25;

/** Longer than PAUSE_MS of the interface: nothing is waited for any more. */
const CALM = 750;

/** What Chromium writes about what the soak lets fail. */
const FAILED = [/^error: Failed to load resource: /, BLOCKED];

/** What is told of a person alone. */
const DONE = /^unstuck-(entry-opened|step-done|resolved|not-resolved|escalated|navigate|toggled)$/;

/** The acts that open one answer and do nothing after it. */
const SINGLE = new Set(["open or close an answer", "open the best answer", "take an offer"]);

/** A generator of numbers from 0 to 1, the same for the same seed: mulberry32. */
export function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let it = Math.imul(state ^ (state >>> 15), 1 | state);
    it = (it + Math.imul(it ^ (it >>> 7), 61 | it)) ^ it;
    return ((it ^ (it >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A generator for one act: what one did before does not change what the next one chooses. */
function generatorOf(seed, n) {
  const random = generator(seed ^ Math.imul(n + 1, 0x9e3779b1));
  random();
  return random;
}

const TEXT = "Look at the list of calls, choose the one in question, read what it says about its state, and write it down before going on. ";

/** The widget as it is built, and beside it a knowledge base whose steps come in blocks. */
function widget() {
  return copy(async (dist) => {
    const kb = await folder();
    const rows = Array.from({ length: 300 }, (_, at) => `| Trouble number ${at} with part ${at % 7} | ${TEXT.repeat(4)}Then part ${at} works. |\n`);
    await writeFile(join(kb, "parts.md"), `# Parts\n\n| Symptom | Fix |\n|---|---|\n${rows.join("")}`);
    await build(kb, join(dist, "kb-large"));
    for (const it of ["agent", "staff"]) await build("kb", join(dist, "kb"), "--audience", it);
  });
}

/** Everything that the acts act upon. */
class World {
  tabs = [];
  tab;
  network; // how it fails, and for what
  bad; // how the folder fails that always does
  isOffline = false;
  #failing = 0;
  #origin;
  #browser;

  async begin() {
    this.#origin = await site({ widget }).origin();
    this.#browser = await launchChromium([]);
    this.context = await this.#browser.newContext({ colorScheme: "light", reducedMotion: "reduce" });
    this.context.setDefaultTimeout(20_000);
    for (const it of [record, reach, helpers]) await this.context.addInitScript(it);
    await this.context.route("**/*", (route) => this.#answer(route).catch(() => {}));
    this.tab = await this.#newTab(true);
    this.devtools = await this.context.newCDPSession(this.tab.page);
    for (const it of ["Performance.enable", "HeapProfiler.enable", "DOM.enable"]) await this.devtools.send(it);
    await this.#load();
  }

  async end() {
    await this.#browser?.close();
  }

  rest(ms) {
    return new Promise((done) => setTimeout(done, ms));
  }

  // --- tabs ---

  other() {
    return this.tabs.find((it) => it !== this.tab);
  }

  async openTab() {
    this.tab = await this.#newTab(false);
  }

  async switchTab() {
    this.tab = this.other();
    await this.tab.page.bringToFront();
  }

  async closeTab() {
    const it = this.tabs.pop();
    assert.ok(!it.isStaying, "the tab that stays is the first");
    this.tab = this.tabs[0];
    await it.page.close();
    await this.tab.page.bringToFront();
  }

  async reload() {
    this.tab.mayTrap = false;
    await this.tab.page.reload();
    await this.#prepare(this.tab.page);
  }

  async #newTab(isStaying) {
    const page = await this.context.newPage();
    const tab = { page, isStaying, mayTrap: false, wrong: [], console: [] };
    page.on("console", (it) => tab.console.push(`${it.type()}: ${it.text()}`));
    page.on("pageerror", (it) => tab.wrong.push(`page error: ${it.stack ?? it}`));
    page.on("crash", () => tab.wrong.push("the page crashed"));
    page.on("popup", () => tab.wrong.push("a window was opened"));
    page.on("framenavigated", (it) => it.url().split("#")[0] === this.#address || tab.wrong.push(`went to ${it.url()}`));
    page.on("request", (it) => it.url().startsWith("data:") || it.url().startsWith(this.#origin) || tab.wrong.push(`a request to ${it.url()}`));
    this.tabs.push(tab);
    await page.goto(this.#address);
    await this.#prepare(page);
    return tab;
  }

  get #address() {
    return `${this.#origin}/examples/portal.html`;
  }

  /** Bytes that a page may bring itself. */
  async #prepare(page) {
    await page.evaluate(async () => {
      // Whatever the network does: then it brings none.
      const get = (path) => fetch(path).then((it) => (it.ok ? it : Promise.reject()));
      globalThis.soakMain = document.querySelector("unstuck-help");
      globalThis.soakBytes = await get("/kb/customer.json").then((it) => it.json()).then((it) => get(`/kb/${it.languages.en.file}`)).then((it) => it.arrayBuffer()).catch(() => undefined);
    });
  }

  /** Loads all that the page keeps by design as long as it lives: each knowledge base in each language, each file with steps. */
  async #load() {
    await this.tab.page.evaluate(async (sources) => {
      const element = document.createElement("unstuck-help");
      element.loading = "eager";
      document.querySelector("main").append(element);
      for (const audience of sources.audience) {
        for (const lang of sources.lang) {
          element.audience = audience;
          element.lang = lang;
          await element.ready;
        }
      }
      element.remove();
      const large = document.createElement("unstuck-help");
      large.kb = "/kb-large";
      document.querySelector("main").append(large);
      // There are fewer files than every tenth.
      const all = (await large.search("trouble number part", { limit: 400 })).map((it) => it.id).toSorted();
      for (let n = 0; n < all.length; n += 10) await large.openEntry(all[n]);
      for (const mode of ["compact", "panel", "dialog", "inline"]) large.mode = mode;
      large.remove();
    }, SOURCES);
  }

  // --- the network ---

  /** From now on, and for a while after it is over, things fail. */
  failing() {
    this.#failing = Date.now() + AFTERMATH;
  }

  get isFailing() {
    return this.isOffline || Boolean(this.network) || Date.now() < this.#failing;
  }

  async #answer(route) {
    const request = route.request();
    const url = request.url();
    const isBad = url.includes("/kb-bad/");
    const kind = isBad ? (this.bad ?? "missing") : this.network?.of.test(url) && request.resourceType() !== "document" && !url.includes("/examples/") ? this.network.kind : undefined;
    if (!kind) return route.continue();
    if (kind === "aborted") return route.abort("connectionfailed");
    if (kind === "missing") return route.fulfill({ status: 404, body: "" });
    if (kind === "slow") await this.rest(900);
    // It would be kept as sound.
    if (kind === "slow" && !isBad) return route.continue();
    if (kind === "broken" || kind === "slow" || /\.js\b/.test(url)) return route.fulfill({ status: 500, body: "" });
    const answer = await route.fetch({ url: url.replace("/kb-bad/", "/kb/") });
    const body = await answer.body();
    const changed = { empty: () => "", page: () => "<!doctype html><p>Sign in first.", cut: () => body.subarray(0, body.length / 2), flipped: () => ((body[body.length >> 1] ^= 0x40), body) }[kind]();
    return route.fulfill({ response: answer, body: changed });
  }

  // --- what is wrong ---

  /** What is wrong with the tabs, in words; it may be wrong for a moment while something arrives. */
  async wrong() {
    const wrong = [];
    for (const tab of this.tabs) {
      const [seen, isBroken] = await tab.page.evaluate(() => {
        const all = [...document.querySelectorAll("unstuck-help")];
        return [globalThis.soak.drain(), all.some((it) => it.kb === "/kb-bad" || ["nobody", "__proto__"].includes(it.audience) || it.kbData)];
      });
      const mayFail = isBroken || this.isFailing || tab.mayTrap;
      wrong.push(...tab.wrong.splice(0));
      wrong.push(...tab.console.splice(0).filter((it) => !(mayFail && FAILED.some((known) => known.test(it)))).map((it) => `console: ${it}`));
      wrong.push(...seen.policy.map((it) => `policy: ${it}`));
      for (const { name, detail } of seen.events) {
        const { code } = detail ?? {};
        if (name === "unstuck-error" && !/^unknown-/.test(code) && !(code === "trap" ? tab.mayTrap : mayFail)) wrong.push(`${code}: ${detail.message}`);
      }
      tab.events = seen.events;
      let now;
      for (let tries = 0; tries < 6; tries++) {
        now = await tab.page.evaluate(() => globalThis.soak.wrong());
        if (!now.length) break;
        await this.rest(100);
      }
      wrong.push(...now);
    }
    return wrong;
  }

  // --- what is kept ---

  /** Puts everything back to how it was at first. */
  async restore() {
    if (this.tabs.length > 1) await this.closeTab();
    this.tab = this.tabs[0];
    this.failing();
    this.network = undefined;
    this.isOffline = false;
    await this.context.setOffline(false);
    await this.tab.page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce", forcedColors: "none" });
    await this.tab.page.setViewportSize({ width: 1280, height: 720 });
    await this.tab.page.mouse.move(640, 1);
    await this.tab.page.evaluate(async () => {
      const main = globalThis.soakMain;
      for (const it of document.querySelectorAll("unstuck-help, .soak-error")) if (it !== main) it.remove();
      globalThis.soakKept = undefined;
      globalThis.soak.isHit();
      await main.close();
      for (const name of main.getAttributeNames()) if (!["label", "areas"].includes(name)) main.removeAttribute(name);
      main.label = "Help";
      main.areas = "calls,dashboard,notifications,members,playbook,csv-exports,api-integrations";
      for (const name of ["contacts", "context", "messages", "kbData"]) main[name] = undefined;
      document.documentElement.lang = "en";
      document.documentElement.style.zoom = "";
      if (main.parentElement?.localName !== "aside") document.querySelector("aside").append(main);
      await main.ready;
      await globalThis.soak.calm(main);
      await main.reset();
      history.replaceState(null, "", location.pathname);
      localStorage.clear();
      sessionStorage.clear();
      document.activeElement?.blur();
      scrollTo(0, 0);
    });
    // What was pressed last is kept by the browser.
    await this.tab.page.mouse.click(640, 1);
    await this.rest(2 * CALM);
  }

  /** How many things there are of a kind. */
  async #count(prototype) {
    const { result } = await this.devtools.send("Runtime.evaluate", { expression: prototype, objectGroup: "soak" });
    const { objects } = await this.devtools.send("Runtime.queryObjects", { prototypeObjectId: result.objectId, objectGroup: "soak" });
    const given = { objectId: objects.objectId, functionDeclaration: "function () { return this.length }", returnByValue: true };
    const n = (await this.devtools.send("Runtime.callFunctionOn", given)).result.value;
    await this.devtools.send("Runtime.releaseObjectGroup", { objectGroup: "soak" });
    return n;
  }

  /** What the tab that stays keeps, once the collector has been. */
  async measure() {
    for (let n = 0; n < 4; n++) {
      await this.devtools.send("HeapProfiler.collectGarbage");
      await this.rest(60);
    }
    const { metrics } = await this.devtools.send("Performance.getMetrics");
    const of = (name) => metrics.find((it) => it.name === name).value;
    const counters = await this.devtools.send("Memory.getDOMCounters");
    const [elements, functions] = [await this.#count("customElements.get('unstuck-help').prototype"), await this.#count("Function.prototype")];
    const { detachedNodes } = await this.devtools.send("DOM.getDetachedDomNodes").catch(() => ({ detachedNodes: [] }));
    return {
      heap: of("JSHeapUsedSize"),
      nodes: counters.nodes,
      listeners: counters.jsEventListeners,
      documents: counters.documents,
      wasm: await this.tab.page.evaluate(() => globalThis.memories.reduce((sum, it) => sum + it.buffer.byteLength, 0)),
      elements,
      functions,
      detached: detachedNodes.length,
    };
  }
}

/** How much more the last third of the samples may have than the first third, by their medians, and why. */
export const BOUNDS = {
  // The browser's own: what it compiles when something is used often, its lists of what took long and of what moved. In an hour this is less than 50 bytes an act.
  heap: 400_000,
  // One interface that was taken away: the browser keeps what was pressed or typed into last.
  nodes: 700,
  listeners: 20,
  documents: 0,
  // Pages of 65,536 bytes: memory is never given back, so the most that was ever needed at once stays; the longest text comes when it comes.
  wasm: 16 * 65_536,
  // The one that stays.
  elements: 0,
  // Each closure that the module does not give back is one, and each act makes some; files that are loaded late bring dozens.
  functions: 200,
  // Single ones: what opened it in another mode, and what was pressed or typed into last.
  detached: 10,
};

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** First and last third of the samples, and what grew more than it may. The very first is of a page that nobody used yet. */
export function growth([, ...samples]) {
  const third = Math.max(1, Math.floor(samples.length / 3));
  return Object.entries(BOUNDS).map(([name, bound]) => {
    const of = (some) => median(some.map((it) => it[name]));
    const [first, last] = [of(samples.slice(0, third)), of(samples.slice(-third))];
    return { name, first, last, bound, isTooMuch: last - first > bound };
  });
}

/**
 * Uses the page until `minutes` are over or `acts` are done, whichever is given.
 * What it did and what it counted goes to `out`. Fails at the first thing that
 * is wrong, or with `goesOn` tells of all, with the last acts and how to have
 * the same again.
 */
export async function soak({ seed, minutes, acts: most, goesOn = false, out = "target/soak" }) {
  const world = new World();
  const began = Date.now();
  const done = Object.fromEntries(ACTS.map((it) => [it.name, { done: 0, idle: 0 }]));
  const [samples, found] = [[], []];
  const last = [];
  const events = {};
  let [n, compared] = [0, 0];
  const isOver = () => (most === undefined ? Date.now() - began >= minutes * 60_000 : n >= most);
  const report = async () => {
    const judged = samples.length > 3 ? growth(samples) : [];
    const text = [
      `seed ${seed}, ${n} acts in ${((Date.now() - began) / 60_000).toFixed(1)} minutes, ${compared} comparisons with a new element`,
      "",
      ["act", "seconds", ...Object.keys(BOUNDS)].join("\t"),
      ...samples.map((it) => [it.act, it.seconds, ...Object.keys(BOUNDS).map((name) => it[name])].join("\t")),
      "",
      ...judged.map((it) => `${it.name}: first third ${it.first}, last third ${it.last}, at most ${it.bound} more${it.isTooMuch ? " — too much" : ""}`),
      "",
      ...Object.entries(done).map(([name, it]) => `${name}: ${it.done}${it.idle ? `, and ${it.idle} times nothing to do it with` : ""}`),
      "",
      ...Object.entries(events).toSorted().map(([name, it]) => `${name}: ${it}`),
      ...found.map((it) => `\n${it}`),
      "",
    ].join("\n");
    await mkdir(out, { recursive: true });
    await writeFile(join(out, "report.json"), `${JSON.stringify({ seed, acts: n, minutes: (Date.now() - began) / 60_000, compared, done, events, samples, growth: judged, found }, null, 2)}\n`);
    await writeFile(join(out, "report.txt"), text);
    return { text, judged };
  };
  const fail = async (wrong) => {
    const told = last.map((it) => `  ${it}`).join("\n");
    const failure = `${wrong.join("\n")}\n\nThe last acts:\n${told}\n\nThe same again: cargo xtask soak --seed ${seed} --acts ${n}`;
    found.push(failure);
    console.log(failure);
    await report();
    if (!goesOn) assert.fail(failure);
  };
  const sample = async () => {
    await world.restore();
    const wrong = await world.wrong();
    if (wrong.length) await fail(["with everything put back:", ...wrong]);
    samples.push({ act: n, seconds: Math.round((Date.now() - began) / 1000), ...(await world.measure()) });
    console.log(`act ${n}: ${JSON.stringify(samples.at(-1))}`);
    if (samples.at(-1).elements > samples[0].elements) await fail([`${samples.at(-1).elements} elements are kept, with ${samples[0].elements} in the page`]);
    if (n) await report();
  };
  const count = () => {
    for (const tab of world.tabs) for (const it of tab.events ?? []) events[it.name] = (events[it.name] ?? 0) + 1;
  };
  try {
    await world.begin();
    await sample();
    while (!isOver()) {
      const random = generatorOf(seed, n);
      const possible = ACTS.filter((it) => !it.when || it.when(world));
      let from = random() * possible.reduce((sum, it) => sum + it.weight, 0);
      const act = possible.find((it) => (from -= it.weight) < 0) ?? possible.at(-1);
      const { page, isStaying } = world.tab;
      const before = act.by === "person" && (await page.evaluate(() => globalThis.soak.focus()));
      // What the act before set off may be told a moment later, as the browser itself tells late of what a press beside it closed: it is not this act's.
      let late = [];
      if (act.by === "host") {
        await world.rest(40);
        late = await world.wrong();
        count();
      }
      let did;
      last.push(`${n} ${isStaying ? "" : "(other tab) "}${act.name}`);
      if (last.length > TOLD) last.shift();
      try {
        did = await act.act(world, random);
      } catch (error) {
        await fail([`the act failed: ${error.message}`]);
      }
      if (did !== undefined && did !== true) last[last.length - 1] += `: ${did === false ? "nothing to do it with" : JSON.stringify(did)}`;
      done[act.name][did === false ? "idle" : "done"]++;
      n++;
      const pace = random();
      if (pace > 0.85) await world.rest(CALM);
      else if (pace > 0.4) await world.rest(40);
      const wrong = [...late, ...(await world.wrong())];
      if (act.by === "host" && page === world.tab.page) {
        const told = world.tab.events.filter((it) => DONE.test(it.name) && it.detail.from !== "route");
        wrong.push(...told.map((it) => `${it.name} is told of what the page did: ${JSON.stringify(it.detail)}`));
      }
      // One act, one opening: what came after it may have closed it again.
      if (SINGLE.has(act.name) && page === world.tab.page) wrong.push(...(await page.evaluate(() => globalThis.soak.closed())));
      else if (page === world.tab.page) await page.evaluate(() => globalThis.soak.forget());
      count();
      if (before?.isInside && before.isStill && did !== false && page === world.tab.page) {
        let after;
        for (let tries = 0; tries < 10 && (after?.isNowhere ?? true); tries++) {
          await world.rest(20);
          after = await page.evaluate(() => globalThis.soak.focus());
        }
        if (after.isNowhere && after.isStill) wrong.push(`the focus was on ${before.what} and is on nothing`);
      }
      if (wrong.length) await fail(wrong);
      if (n % ACTS_PER_COMPARISON === 0) {
        const differ = await world.tab.page.evaluate(([fraction, pause]) => globalThis.soak.compare(fraction, pause), [random(), CALM]);
        if (differ) compared++;
        // What the new one told is not of the next act.
        await world.tab.page.evaluate(() => (globalThis.soak.drain(), globalThis.soak.forget()));
        if (differ?.length) await fail(["another element that was given the same shows something else:", ...differ]);
      }
      if (n % ACTS_PER_SAMPLE === 0) await sample();
    }
    if (n % ACTS_PER_SAMPLE) await sample();
    const { text, judged } = await report();
    return { text, judged, found, n };
  } finally {
    await world.end();
  }
}
