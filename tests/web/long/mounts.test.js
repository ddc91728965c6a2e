// Ten thousand elements that come, are used and go: nothing of them stays.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PAGES, add, checkNumber, finish, site } from "../harness.js";

/** How many come and go, and after how many the page has all that it keeps. */
const MOUNTS = 10_000;
const SETTLED = 500;
/** How many at a time after those, before the collector runs: fewer, so that what waits for it is never more than at first. */
const BATCH = 100;

/** What the browser itself grows by while a page works, in bytes: its code caches and statistics. */
const HEAP_NOISE = 100_000;

const own = site({ examples: PAGES });

test(`${MOUNTS} mounts and removals: no growth of heap, WASM memory, listeners or nodes after the first ${SETTLED}`, { timeout: 3_600_000 }, async () => {
  const page = await own.open("/examples/blank.html", {
    prepare: (page) => page.addInitScript(() => {
      const { instantiate } = WebAssembly;
      WebAssembly.instantiate = async (...args) => {
        const made = await instantiate.apply(WebAssembly, args);
        globalThis.memory = (made.instance ?? made).exports.memory;
        return made;
      };
    }),
  });
  // One that stays, so that the page has what all share.
  await checkNumber(await add(page, { area: "billing" }), 4);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  const measure = async () => {
    // Twice: what a finaliser frees is free for the next.
    for (let i = 0; i < 3; i++) {
      await devtools.send("HeapProfiler.collectGarbage");
      await page.evaluate(() => new Promise((done) => setTimeout(done, 50)));
    }
    const { metrics } = await devtools.send("Performance.getMetrics");
    const of = (name) => metrics.find((it) => it.name === name).value;
    return {
      heap: of("JSHeapUsedSize"),
      nodes: of("Nodes"),
      listeners: of("JSEventListeners"),
      wasm: await page.evaluate(() => globalThis.memory.buffer.byteLength),
    };
  };
  const come = (n) => page.evaluate(async (n) => {
    const modes = ["inline", "compact", "panel", "dialog"];
    for (let i = 0; i < n; i++) {
      const element = document.createElement("unstuck-help");
      element.setAttribute("mode", modes[i % 4]);
      element.setAttribute("watch", "#error");
      element.setAttribute("shortcut", "/");
      document.querySelector("main").append(element);
      await element.ready;
      await element.open();
      element.query = i % 2 ? "charged twice" : "captcha";
      await element.openEntry(i % 2 ? "billing-charged-twice" : "login-access-login-screen-says-captcha-failed");
      element.remove();
      await null;
    }
    globalThis.recordedEvents.length = 0;
  }, n);

  await come(SETTLED);
  const settled = await measure();
  for (let done = SETTLED; done < MOUNTS; done += BATCH) {
    await come(BATCH);
    await devtools.send("HeapProfiler.collectGarbage");
    if ((done + BATCH) % 1_000 === 0) console.log(done + BATCH, JSON.stringify(await measure()));
  }
  const last = await measure();
  console.log(`after ${SETTLED}: ${JSON.stringify(settled)}\nafter ${MOUNTS}: ${JSON.stringify(last)}`);
  assert.ok(last.listeners <= settled.listeners, "listeners");
  assert.ok(last.nodes <= settled.nodes, "nodes");
  assert.ok(last.wasm <= settled.wasm, "WASM memory");
  assert.ok(last.heap <= settled.heap + HEAP_NOISE, "JS heap");
  await finish(page);
});
