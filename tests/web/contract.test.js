// The contract as it is published: custom-elements.json against the running
// element, the tables and types made from it, and what is in no other test.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { promisify } from "node:util";
import {
  BILLING, LAZY, PAGES, add, button, checkNumber, checkOpenIs, checkResults, drawn, eventually, events,
  field, finish, hold, noteShifts, openAnswer, ready, requests, search, set, shifts, site, style, ticks, twoPauses,
} from "./harness.js";

const own = site({ examples: PAGES });
const run = promisify(execFile);
const manifest = JSON.parse(await readFile("src/element/custom-elements.json", "utf8"));
const element = manifest.modules[0].declarations[0];
const names = (list) => list.map((it) => it.name).toSorted();

async function opened(attributes, options) {
  const page = await own.open("/examples/blank.html", options);
  return { page, help: await add(page, attributes) };
}

// --- what is published ---

test("custom-elements.json has the attributes, properties and methods that the class has, and no others", async () => {
  const page = await own.open("/examples/blank.html");
  const seen = await page.evaluate(async () => {
    const { UnstuckHelp } = await import("/element.js");
    const descriptors = Object.entries(Object.getOwnPropertyDescriptors(UnstuckHelp.prototype));
    const isOurs = ([name]) => name !== "constructor" && !/Callback$/.test(name);
    return {
      attributes: UnstuckHelp.observedAttributes,
      fields: descriptors.filter(isOurs).filter(([, it]) => it.get).map(([name]) => name),
      readonly: descriptors.filter(([, it]) => it.get && !it.set).map(([name]) => name),
      methods: descriptors.filter(isOurs).filter(([, it]) => typeof it.value === "function").map(([name]) => name),
      statics: Object.getOwnPropertyNames(UnstuckHelp).filter((it) => typeof UnstuckHelp[it] === "function"),
    };
  });
  const fields = element.members.filter((it) => it.kind === "field");
  assert.deepEqual(seen.attributes.toSorted(), names(element.attributes));
  assert.deepEqual(seen.fields.toSorted(), [...names(fields), ...element.attributes.map((it) => it.fieldName)].toSorted());
  assert.deepEqual(seen.readonly, names(fields.filter((it) => it.readonly)));
  assert.deepEqual(seen.methods.toSorted(), names(element.members.filter((it) => it.kind === "method" && !it.static)));
  assert.deepEqual(seen.statics, names(element.members.filter((it) => it.static)));
  await finish(page);
});

test("custom-elements.json has the parts that there are, and no others", async () => {
  const seen = new Set();
  const collect = async (help) => {
    const parts = await help.evaluate((it) => [...it.shadowRoot.querySelectorAll("[part]")].flatMap((it) => [...it.part]));
    for (const it of parts) seen.add(it);
  };
  const { page, help } = await opened({ mode: "panel", watch: "#error" });
  await help.evaluate((it) => it.open());
  await checkNumber(help, 20);
  await collect(help);
  // A wait, a hand-over, a guide.
  await help.evaluate((it) => it.openEntry("calls-new-calls-not-appearing"));
  await help.getByRole("button", { name: /^Start the \d+ minutes$/ }).click();
  await collect(help);
  await help.evaluate((it) => it.openEntry("billing-charged-twice"));
  await button(help, "Hand over to Support").click();
  await collect(help);
  await help.evaluate((it) => it.openEntry("stuck-contacts-clearing-a-stuck-contact"));
  await button(help, "All steps at once").waitFor();
  await collect(help);
  await finish(page);
  assert.deepEqual([...seen].toSorted(), names(element.cssParts));
});

test("custom-elements.json has the custom properties that the stylesheets read, and no others", async () => {
  const sheets = await Promise.all(["src/ui/unstuck.css", "src/element/eager.css", "src/element/frame.css"].map((it) => readFile(it, "utf8")));
  const seen = new Set(sheets.join("").match(/var\(--unstuck-[a-z-]+/g).map((it) => it.slice(4)));
  assert.deepEqual([...seen].toSorted(), names(element.cssProperties));
});

test("custom-elements.json has the events that are fired, and no others", async () => {
  const seen = new Set();
  for (const name of ["element", "widget", "frame", "watch"]) {
    const text = await readFile(`src/element/${name}.js`, "utf8");
    for (const [, it] of text.matchAll(/emit\("([a-z-]+)"/g)) seen.add(`unstuck-${it}`);
  }
  // Those that the session names.
  const effects = await readFile("src/session/event.rs", "utf8");
  const named = [...effects.slice(effects.indexOf("impl Effect")).matchAll(/=> "([a-z-]+)",/g)].map((it) => it[1]);
  const inside = ["announced", "block-wanted", "wait-over", "moved", "unknown-entry", "progressed"];
  for (const it of named) if (!inside.includes(it)) seen.add(`unstuck-${it}`);
  assert.deepEqual([...seen].toSorted(), names(element.events));
});

test("README and types are made from custom-elements.json, and are what it says now", async () => {
  await run("node", ["xtask/contract.js", "--check"]);
});

test("The types compile in a strict program, in JSX and in React's JSX", async () => {
  for (const it of ["tsconfig.json", "tsconfig.react.json"]) {
    await run("node_modules/.bin/tsc", ["--project", `tests/types/${it}`]).catch((error) => assert.fail(error.stdout));
  }
});

test("The codes of the types are those of the README and of the code", async () => {
  const types = await readFile("src/element/element.d.ts", "utf8");
  const declared = [...types.slice(types.indexOf("UnstuckErrorCode =")).split(";")[0].matchAll(/"([a-z-]+)"/g)].map((it) => it[1]);
  const files = ["element.js", "widget.js", "engine.js"].map((it) => `src/element/${it}`).concat("src/index/read.rs", "src/index/format.rs", "src/index/mod.rs");
  const code = (await Promise.all(files.map((it) => readFile(it, "utf8").catch(() => "")))).join("\n");
  for (const it of declared) {
    const isMade = /^unknown-/.test(it) ? code.includes("`unknown-${what}`") : code.includes(`"${it}"`);
    assert.ok(isMade, `nothing fires ${it}`);
  }
});

// --- attributes that are in no other test ---

test("Every attribute is a property that says what the attribute says, and the other way round", async () => {
  const { page, help } = await opened({ loading: "interaction" });
  for (const { name, fieldName } of element.attributes) {
    const [value, text] = { private: [true, "true"], "heading-level": [3, "3"] }[name] ?? ["x", "x"];
    const seen = await help.evaluate((it, [name, fieldName, value]) => {
      const seen = [];
      it[fieldName] = value;
      seen.push(it.getAttribute(name), it[fieldName]);
      it[fieldName] = name === "private" ? false : null;
      seen.push(it.hasAttribute(name));
      it.setAttribute(name, value);
      seen.push(it[fieldName]);
      it.removeAttribute(name);
      seen.push(it[fieldName]);
      return seen;
    }, [name, fieldName, value]);
    const nothing = { private: false, "heading-level": 2 }[name] ?? "";
    assert.deepEqual(seen, [text, value, false, value, nothing], name);
  }
  await finish(page);
});

test("`theme` is the colour scheme, whatever the page's is, before anything is loaded as well", async () => {
  const { page, help } = await opened({ loading: "interaction" }, { colorScheme: "light" });
  await style(page, ":root { color-scheme: light dark }");
  const background = () => field(help).evaluate((it) => getComputedStyle(it).backgroundColor);
  const scheme = () => help.evaluate((it) => getComputedStyle(it).colorScheme);
  assert.equal(await scheme(), "light dark");
  await set(help, "theme", "dark");
  assert.equal(await scheme(), "dark");
  await ready(help);
  await eventually(async () => assert.equal(await background(), "rgb(27, 29, 33)"));
  await set(help, "theme", "light");
  assert.equal(await background(), "rgb(255, 255, 255)");
  await set(help, "theme", null);
  await page.emulateMedia({ colorScheme: "dark" });
  assert.equal(await background(), "rgb(27, 29, 33)");
  await finish(page);
});

test("`private` leaves out what was typed, until it is taken away", async () => {
  const { page, help } = await opened({ private: "" });
  await checkNumber(help, 20);
  await search(help, "charged twice");
  await twoPauses();
  await search(help, "qwertzuiop");
  await twoPauses();
  const isTold = async () => JSON.stringify(await events(page)).match(/charged|qwertz/);
  assert.equal(await isTold(), null);
  assert.deepEqual((await events(page, "search")).map((it) => it.detail), [{ area: null, count: 1 }, { area: null, count: 0 }]);
  assert.deepEqual((await events(page, "no-match")).map((it) => it.detail), [{ area: null }]);
  // What the person has read and sent is told whole.
  await search(help, "charged twice");
  await checkOpenIs(help, "Charged twice");
  await button(help, "Hand over to Support").click();
  await button(help, "Copy").click();
  await eventually(async () => assert.equal((await events(page, "escalated"))[0]?.detail.query, "charged twice"));
  await help.evaluate((it) => (it.private = false));
  await search(help, "captcha");
  await twoPauses();
  assert.equal((await events(page, "search")).at(-1).detail.query, "captcha");
  await finish(page);
});

test("`heading-level` can be changed while it runs, and nothing is lost", async () => {
  const { page, help } = await opened({ "heading-level": "4" });
  await search(help, "past due");
  await openAnswer(help, "Invoice past due");
  await ticks(help).first().check();
  await set(help, "heading-level", "5");
  await help.getByRole("heading", { level: 5, name: "Invoice past due" }).waitFor();
  assert.equal(await help.getByRole("heading", { level: 4 }).count(), 0);
  await checkOpenIs(help, "Invoice past due");
  assert.ok(await ticks(help).first().isChecked());
  await set(help, "heading-level", "9");
  await help.getByRole("heading", { level: 6, name: "Invoice past due" }).waitFor();
  await finish(page);
});

// --- properties without an attribute ---

test("`messages` are the host's words over ours, before and after loading, live, and nothing is lost", async () => {
  const { page, help } = await opened({ loading: "interaction", area: "billing" });
  await help.evaluate((it) => (it.messages = { searchLabel: "Suche", allAreas: "Alle Bereiche" }));
  const suche = help.getByRole("searchbox", { name: "Suche" });
  await suche.fill("charged");
  await help.getByRole("button", { name: /^Alle Bereiche/ }).waitFor();
  await openAnswer(help, "Charged twice");
  await help.evaluate((it) => (it.messages = { searchLabel: "Cerca", yes: "Sì", cause: undefined }));
  await button(help, "Sì").waitFor();
  // A word that is not given stays ours.
  await help.getByText("Likely cause").first().waitFor();
  await help.getByRole("searchbox", { name: "Cerca" }).waitFor();
  await checkOpenIs(help, "Charged twice");
  await help.evaluate((it) => (it.messages = null));
  await button(help, "Yes").waitFor();
  await field(help).waitFor();
  await finish(page);
});

test("`kbData` is a knowledge base without a request, and can be changed while it runs", async () => {
  const { page, help } = await opened({ loading: "interaction" });
  await page.evaluate(async () => {
    const manifest = await (await fetch("/kb/customer.json")).json();
    const { file } = manifest.languages[manifest.default];
    globalThis.bytes = await (await fetch(`/kb/${file}`)).arrayBuffer();
  });
  const before = requests(page, /\/kb\//).length;
  await help.evaluate((it) => (it.kbData = globalThis.bytes));
  await ready(help);
  await checkNumber(help, 20);
  assert.equal(requests(page, /\/kb\//).length, before);
  // The bytes stay the host's.
  assert.ok(await page.evaluate(() => globalThis.bytes.byteLength > 0));
  await search(help, "charged twice");
  await checkResults(help, ["Charged twice"]);
  const code = await help.evaluate((it) => {
    it.kbData = new ArrayBuffer(10);
    return it.ready.catch((code) => code);
  });
  assert.equal(code, "kb-corrupt");
  await help.evaluate((it) => (it.kbData = undefined));
  await checkResults(help, ["Charged twice"]);
  assert.equal(await field(help).inputValue(), "charged twice");
  await finish(page);
});

test("A `context` that cannot become text is reported, and breaks nothing", async () => {
  const { page, help } = await opened({ area: "billing" });
  await checkResults(help, BILLING);
  const message = await help.evaluate((it) => new Promise((done) => {
    addEventListener("error", (event) => {
      event.preventDefault();
      done(event.message);
    }, { once: true });
    const round = {};
    round.round = round;
    it.context = { round };
  }));
  assert.match(message, /circular/i);
  await help.evaluate((it) => (it.context = { account: "A-17" }));
  await search(help, "charged twice");
  await checkOpenIs(help, "Charged twice");
  await finish(page);
});

// --- methods ---

test("`suggest` gives the one entry that a text is clearly about, or null, and changes nothing", async () => {
  const { page, help } = await opened({ loading: "interaction" });
  const hit = await help.evaluate((it) => it.suggest("Error: Request failed with status code 401 Unauthorized"));
  assert.equal(hit.id, "api-integrations-401-unauthorized");
  assert.deepEqual(Object.keys(hit).toSorted(), ["area", "cause", "id", "matched", "score", "symptom"]);
  assert.ok(hit.matched.includes("401"));
  assert.equal(await help.evaluate((it) => it.suggest("The weather is fine today")), null);
  assert.equal(await help.evaluate((it) => it.suggest("")), null);
  assert.equal(await field(help).inputValue(), "");
  await checkOpenIs(help, null);
  await set(help, "areas", "billing");
  assert.equal(await help.evaluate((it) => it.suggest("401 Unauthorized")), null);
  assert.deepEqual((await events(page)).map((it) => it.name), ["unstuck-ready"]);
  await finish(page);
});

// --- events ---

test("`unstuck-navigate` tells of a link that is followed, and cancelling it keeps the page", async () => {
  const { page, help } = await opened({}, { prepare: (page) => page.addInitScript(() => {
    document.addEventListener("unstuck-navigate", (event) => globalThis.isKept && event.preventDefault());
  }) });
  await checkNumber(help, 20);
  await page.evaluate(() => (globalThis.isKept = true));
  const link = help.getByRole("link", { name: "FAQ" });
  const href = await link.evaluate((it) => it.href);
  const before = page.url();
  await link.click();
  assert.deepEqual((await events(page, "navigate")).map((it) => it.detail), [{ href }]);
  await twoPauses();
  assert.equal(page.url(), before);
  // What stands inside the element is the host's own.
  await help.evaluate((it) => {
    const own = document.createElement("a");
    own.href = "#own";
    own.textContent = "Our own";
    it.append(own);
    own.click();
  });
  assert.equal((await events(page, "navigate")).length, 1);
  await finish(page);
});

// --- states ---

test("`:state()` says where it is: loading, ready, failed", async () => {
  const { page, help } = await opened({ loading: "interaction" });
  const states = () => help.evaluate((it) => ["loading", "ready", "failed", "open"].filter((state) => it.matches(`:state(${state})`)));
  assert.deepEqual(await states(), []);
  const release = await hold(page, /unstuck\.wasm/);
  await field(help).focus();
  await eventually(async () => assert.deepEqual(await states(), ["loading"]));
  release();
  await eventually(async () => assert.deepEqual(await states(), ["ready"]));
  await set(help, "kb", "/nowhere/");
  await eventually(async () => assert.deepEqual(await states(), ["failed"]));
  await set(help, "kb", null);
  await eventually(async () => assert.deepEqual(await states(), ["ready"]));
  await finish(page, { console: [/Failed to load resource.*404/] });
});

test("What clears the field is there when there is something to clear", async () => {
  const { page, help } = await opened({});
  await checkNumber(help, 20);
  const clear = button(help, "Clear");
  assert.equal(await clear.isVisible(), false);
  await search(help, "charged twice");
  await clear.click();
  assert.equal(await field(help).inputValue(), "");
  await checkNumber(help, 20);
  assert.equal(await clear.isVisible(), false);
  assert.ok(await field(help).evaluate((it) => it.getRootNode().activeElement === it));
  await finish(page);
});

// --- loading ---

test("Nothing on the page moves when the answers come, where room is kept for them", async () => {
  for (const loading of ["visible", "idle", "interaction", "eager"]) {
    const page = await own.open("/examples/blank.html", { prepare: noteShifts });
    await style(page, "unstuck-help { --unstuck-min-block-size: 60rem }");
    const help = await add(page, { loading, area: "billing" });
    await page.evaluate(() => document.querySelector("main").append("What stands below"));
    await drawn(page);
    await ready(help);
    await checkNumber(page, 4);
    await twoPauses();
    assert.deepEqual(await shifts(page), [], loading);
    await finish(page);
  }
});

test("A same-page link is followed before anything is loaded", async () => {
  const { page, help } = await opened({ loading: "interaction", route: "hash" });
  await page.evaluate(() => (location.hash = "#unstuck=billing-charged-twice"));
  await checkOpenIs(help, "Charged twice");
  await finish(page);
});

test("Widget, WASM and knowledge base are asked for at the same time", async () => {
  const { page, help } = await opened({ loading: "interaction" });
  const release = await hold(page, /widget\.js/);
  await field(help).focus();
  await eventually(() => assert.deepEqual(requests(page, LAZY).toSorted(), ["/kb/customer.json", "/unstuck.wasm", "/widget.js"]));
  release();
  await checkNumber(help, 20);
  assert.equal(requests(page, LAZY).length, 4);
  await finish(page);
});

test("What the host sets last holds: over what was typed, kept or reset", async () => {
  const { page, help } = await opened({});
  await checkNumber(help, 20);
  const after = async (change, expected) => {
    await search(help, "charged");
    await help.evaluate(change);
    await ready(help);
    await twoPauses();
    assert.equal(await field(help).inputValue(), expected, String(change));
  };
  await after((it) => { it.query = "captcha"; it.messages = { yes: "Yes!" }; }, "captcha");
  await after((it) => { it.query = "past due"; it.kb = "../kb/"; }, "past due");
  await after((it) => { it.kb = "/kb/"; it.query = "captcha"; }, "captcha");
  await after(async (it) => {
    const parent = it.parentNode;
    it.remove();
    await null;
    await it.reset();
    parent.append(it);
  }, "");
  // What was cleared stays cleared, whatever the attribute says.
  await set(help, "query", "captcha");
  await search(help, "");
  await set(help, "lang", "nl");
  await ready(help);
  assert.equal(await field(help).inputValue(), "");
  await finish(page);
});

test("A method that is called while another knowledge base is on its way waits for it", async () => {
  const { page, help } = await opened({});
  await checkNumber(help, 20);
  const id = await help.evaluate(async (it) => {
    const opened = it.openEntry("billing-charged-twice");
    it.kb = "../kb/";
    await opened;
    const [hit] = await it.search("captcha", null);
    return hit.id;
  });
  assert.equal(id, "login-access-login-screen-says-captcha-failed");
  await checkOpenIs(help, "Charged twice");
  await finish(page);
});

test("One knowledge base that fails after another was given up is one error", async () => {
  const { page, help } = await opened({ loading: "interaction" });
  const release = await hold(page, /unstuck\.wasm/);
  const code = help.evaluate((it) => {
    const ready = it.ready.catch((code) => code);
    setTimeout(() => (it.kb = "/nowhere/"), 50);
    return ready;
  });
  await eventually(() => assert.ok(requests(page, /nowhere/).length));
  release();
  assert.equal(await code, "kb-not-found");
  await twoPauses();
  assert.deepEqual((await events(page, "error")).map((it) => it.detail.code), ["kb-not-found"]);
  // The widget for the manifest; the plain list for it, which names the file of the language, and for the answers.
  assert.deepEqual(requests(page, /nowhere/).slice(1), ["/nowhere/customer.json", "/nowhere/customer.entries.json"]);
  await finish(page, { console: [/Failed to load resource.*404/] });
});

test("A `kb` that is no address is an error, and can be put right", async () => {
  const { page, help } = await opened({ loading: "interaction" });
  assert.equal(await help.evaluate((it) => ((it.kb = "http://:/"), it.ready.catch((code) => code))), "kb-unreachable");
  await set(help, "kb", null);
  await checkNumber(help, 20);
  await finish(page);
});

test("`route` set while it loads is followed", async () => {
  const page = await own.open("/examples/blank.html#unstuck-help=billing-charged-twice", { prepare: async (page) => page.route(/none/, () => {}) });
  const release = await hold(page, /unstuck\.wasm/);
  const help = await add(page, { loading: "eager" });
  await eventually(() => assert.ok(requests(page, /unstuck\.wasm/).length));
  await set(help, "route", "hash");
  release();
  await checkOpenIs(help, "Charged twice");
  await finish(page);
});

test("A script that cannot be had at first is asked for again", async () => {
  const { page, help } = await opened({ loading: "interaction" });
  await page.route(/widget\.js/, (route) => route.abort(), { times: 1 });
  assert.equal(await help.evaluate((it) => it.ready.catch((code) => code)), "wasm-unreachable");
  assert.ok(await help.evaluate((it) => it.matches(":state(failed)")));
  assert.deepEqual((await events(page)).map((it) => it.name), ["unstuck-error"]);
  await ready(help);
  await checkNumber(help, 20);
  await finish(page, { console: [/Failed to load resource/] });
});
