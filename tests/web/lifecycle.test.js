// Coming and going: several elements on a page, moved, removed and added
// again, made in every way a page can make one, and nothing left behind.
import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import { test } from "node:test";
import {
  BILLING, LAZY, PAGES, add, answer, area, areas, checkArea, checkNumber, checkOpen, checkOpenIs, checkResults, copy,
  eventually, events, field, finish, focused, hold, openAnswer, ready, requests, results, search, site, twoPauses,
} from "./harness.js";

const own = site({ examples: PAGES });
const MEMBERS = ["Invited person never received email", "Can't add a member", "Member can't see calls"];
const CAPTCHA = "Login screen says captcha failed";

async function opened(attributes, options) {
  const page = await own.open("/examples/blank.html", options);
  return { page, help: await add(page, attributes) };
}

/** Every file that elements fetch was fetched once. */
function checkOneDownload(page) {
  const files = requests(page, /unstuck\.js|element\.js|widget\.js|unstuck\.wasm|\/kb\//).map((it) => it.replace(/[0-9a-f]{16}/, "*"));
  assert.deepEqual(files.toSorted(), ["/element.js", "/kb/*.bin", "/kb/customer.json", "/unstuck.js", "/unstuck.wasm", "/widget.js"]);
}

/** Takes an element out of the page and keeps hold of it. */
function remove(help) {
  return help.evaluate((it) => {
    globalThis.kept = it;
    globalThis.told = [];
    for (const name of ["ready", "search", "no-match", "entry-opened", "error"]) it.addEventListener(`unstuck-${name}`, () => globalThis.told.push(name));
    it.remove();
  });
}

/** What a removed element said after its removal. */
const told = (page) => page.evaluate(() => globalThis.told);

function putBack(page, where = "main") {
  return page.evaluate((where) => document.querySelector(where).append(globalThis.kept), where);
}

// --- several ---

test("Two elements are independent of each other and share one download of each file", async () => {
  const page = await own.open("/examples/two.html");
  const [one, two] = [page.locator("#one"), page.locator("#two")];
  await checkResults(one, BILLING);
  await checkResults(two, MEMBERS);
  await checkArea(one, "Billing");
  await checkArea(two, "Members");
  await search(one, "card");
  await openAnswer(two, MEMBERS[1]);
  await area(one, "All areas").click();
  await checkArea(one, "All areas");
  await checkArea(two, "Members");
  assert.equal(await field(two).inputValue(), "");
  await checkOpenIs(one, null);
  await openAnswer(one, "Invoice past due");
  await checkOpenIs(two, MEMBERS[1]);
  assert.deepEqual((await areas(two)).map((it) => it.replace(/ \d+$/, "")), ["All areas", "Members", "Playbook"]);
  // A slow machine may pause long enough for the word alone to be a search too.
  const whose = new Set((await events(page)).filter((it) => it.name !== "unstuck-ready").map((it) => `${it.at} ${it.name}`));
  assert.deepEqual([...whose].toSorted(), ["one unstuck-entry-opened", "one unstuck-search", "two unstuck-entry-opened"]);
  checkOneDownload(page);
  await finish(page);
});

test("Removing one of two leaves the other working", async () => {
  const page = await own.open("/examples/two.html");
  const [one, two] = [page.locator("#one"), page.locator("#two")];
  await checkResults(one, BILLING);
  await checkResults(two, MEMBERS);
  await remove(one);
  await search(two, "role");
  await openAnswer(two, "Member can't see calls");
  await finish(page);
});

test("Ten elements request every file once", async () => {
  const page = await own.open("/examples/ten.html");
  await eventually(async () => assert.equal((await events(page, "ready")).length, 10));
  for (const it of await page.locator("unstuck-help").all()) await checkNumber(it, 20);
  checkOneDownload(page);
  await finish(page);
});

test("An element added later needs no further request", async () => {
  const page = await own.open("/examples/two.html");
  await checkResults(page.locator("#one"), BILLING);
  await add(page, { area: "members", loading: "eager" });
  await checkResults(page.locator("#help"), MEMBERS);
  checkOneDownload(page);
  await finish(page);
});

test("Keys and presses leave nothing behind in the page", async () => {
  const { page, help } = await opened({});
  await checkNumber(help, 20);
  const devtools = await page.context().newCDPSession(page);
  /** How many functions the page has, once the collector has been. */
  const functions = async () => {
    for (let i = 0; i < 3; i++) {
      await devtools.send("HeapProfiler.collectGarbage");
      await page.evaluate(() => new Promise((done) => setTimeout(done, 50)));
    }
    const { result } = await devtools.send("Runtime.evaluate", { expression: "Function.prototype", objectGroup: "count" });
    const { objects } = await devtools.send("Runtime.queryObjects", { prototypeObjectId: result.objectId, objectGroup: "count" });
    const given = { objectId: objects.objectId, functionDeclaration: "function () { return this.length }", returnByValue: true };
    const n = (await devtools.send("Runtime.callFunctionOn", given)).result.value;
    await devtools.send("Runtime.releaseObjectGroup", { objectGroup: "count" });
    return n;
  };
  /** Types and deletes, opens and closes, each as a person does. */
  const use = () => help.evaluate(async (it) => {
    const rest = () => new Promise((done) => setTimeout(done, 20));
    const input = it.shadowRoot.querySelector("input");
    for (const query of Array.from({ length: 60 }, (_, n) => "charged twice".slice(0, n % 13))) {
      input.value = query;
      input.dispatchEvent(new Event("input"));
      await rest();
    }
    input.value = "";
    input.dispatchEvent(new Event("input"));
    await new Promise((done) => setTimeout(done, 1_000));
    for (let n = 0; n < 20; n++) {
      it.shadowRoot.querySelector(".toggle").click();
      await rest();
      it.shadowRoot.querySelector(".outcome > .button")?.click();
      await rest();
    }
  });
  await use();
  const before = await functions();
  await use();
  const after = await functions();
  assert.ok(after - before < 10, `${after - before} functions more`);
  await finish(page);
});

// --- moving ---

test("A moved element goes on where it was", async () => {
  const page = await own.open("/examples/two.html");
  const one = page.locator("#one");
  await search(one, "charged");
  await openAnswer(one, "Charged twice");
  const found = await results(one);
  await page.evaluate(() => document.querySelector("aside").append(document.querySelector("#one")));
  await checkOpen(one, "Charged twice");
  await checkResults(one, found);
  assert.equal(await field(one).inputValue(), "charged");
  // Once: neither the old interface nor its listeners are still there.
  assert.equal(await one.getByRole("status").count(), 1);
  await search(one, "captcha");
  await area(one, "All areas").click();
  await checkResults(one, [CAPTCHA]);
  await openAnswer(one, CAPTCHA);
  await twoPauses();
  assert.equal((await events(page, "entry-opened")).length, 2);
  checkOneDownload(page);
  await finish(page);
});

test("A pause that was waited for while the element is moved is reported once", async () => {
  const page = await own.open("/examples/two.html");
  const one = page.locator("#one");
  await checkResults(one, BILLING);
  await search(one, "charged");
  await page.evaluate(() => document.querySelector("aside").append(document.querySelector("#one")));
  await eventually(async () => assert.equal((await events(page, "search")).length, 1));
  await twoPauses();
  assert.equal((await events(page, "search")).length, 1);
  await finish(page);
});

test("A move that keeps the element connected keeps the focus", async () => {
  const page = await own.open("/examples/two.html");
  const one = page.locator("#one");
  await checkResults(one, BILLING);
  await answer(one, "Charged twice").focus();
  // New browsers have it; frameworks use it where it is.
  await page.evaluate(() => document.querySelector("aside").moveBefore(document.querySelector("#one"), null));
  assert.equal((await focused(page)).text, "Charged twice");
  await page.keyboard.press("Enter");
  await checkOpen(one, "Charged twice");
  await finish(page);
});

test("An element moved while it loads is ready where it arrives", async () => {
  let release;
  const page = await own.open("/examples/two.html", { prepare: async (page) => (release = await hold(page, "**/unstuck.wasm")) });
  await eventually(async () => assert.equal(requests(page, /unstuck\.wasm/).length, 1));
  await page.evaluate(() => document.querySelector("aside").append(document.querySelector("#one")));
  await search(page.locator("#one"), "charged");
  release();
  await answer(page.locator("#one"), "Charged twice").waitFor();
  await checkResults(page.locator("#two"), MEMBERS);
  await twoPauses();
  assert.deepEqual((await events(page, "ready")).map((it) => it.at).toSorted(), ["one", "two"]);
  await finish(page);
});

test("An element moved into another document works there", async () => {
  const { page, help } = await opened({ area: "billing" });
  await checkResults(help, BILLING);
  // An empty frame needs no source, so the policy has nothing to say about it.
  await page.evaluate(() => {
    const frame = document.createElement("iframe");
    document.body.append(frame);
    frame.contentDocument.body.append(document.querySelector("#help"));
  });
  const inside = page.frameLocator("iframe").locator("#help");
  await checkResults(inside, BILLING);
  await openAnswer(inside, "Charged twice");
  // A stylesheet of one document is not one of another's: there it needs its own.
  const { width } = await inside.getByRole("status").boundingBox();
  assert.ok(width <= 1, "the interface has lost its stylesheet");
  await finish(page);
});

// --- removal ---

test("An element that is removed and added again keeps what was typed, found and opened", async () => {
  const { page, help } = await opened({ area: "billing" });
  await checkResults(help, BILLING);
  await search(help, "charged");
  await openAnswer(help, "Charged twice");
  const found = await results(help);
  await remove(help);
  await twoPauses();
  await putBack(page);
  await checkResults(help, found);
  await checkOpenIs(help, "Charged twice");
  assert.equal(await field(help).inputValue(), "charged");
  await search(help, "refund");
  await checkResults(help, ["Charged twice"]);
  assert.equal((await events(page, "ready")).length, 1);
  checkOneDownload(page);
  await finish(page);
});

test("A removed element has no interface, and says nothing any more", async () => {
  const { page, help } = await opened({});
  await checkNumber(help, 20);
  await search(help, "qqqqqq");
  await help.getByText("No answer matches “qqqqqq”").first().waitFor();
  await remove(help);
  await twoPauses();
  assert.deepEqual(await told(page), []);
  const rest = await page.evaluate(() => globalThis.kept.shadowRoot.querySelectorAll("[role=status], [part~=results], [part~=areas]").length);
  assert.equal(rest, 0);
  // Its field is not listened to either: what a script does there is nobody's search.
  await page.evaluate(() => {
    const input = globalThis.kept.shadowRoot.querySelector("input");
    input.value = "captcha";
    input.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }));
    input.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
  });
  await twoPauses();
  assert.deepEqual(await told(page), []);
  await finish(page);
});

test("A search that was typed right before a removal is not reported after it, but after the return", async () => {
  const { page, help } = await opened({});
  await checkNumber(help, 20);
  await search(help, "captcha");
  await remove(help);
  await twoPauses();
  assert.deepEqual(await told(page), []);
  await putBack(page);
  await checkResults(help, [CAPTCHA]);
  await finish(page);
});

test("An element removed while it loads says nothing and shows itself when it comes back", async () => {
  let release;
  const { page, help } = await opened({}, { prepare: async (page) => (release = await hold(page, "**/unstuck.wasm")) });
  await eventually(async () => assert.equal(requests(page, /unstuck\.wasm/).length, 1));
  await search(help, "captcha");
  await remove(help);
  release();
  await twoPauses();
  // That it is ready may be said; a search nobody waits for may not.
  assert.deepEqual((await told(page)).filter((it) => it !== "ready"), []);
  await putBack(page);
  await checkResults(help, [CAPTCHA]);
  assert.equal(await field(help).inputValue(), "captcha");
  await finish(page);
});

test("An element removed before it is seen loads nothing, and loads when it comes back into sight", async () => {
  const page = await own.open("/examples/below.html");
  const help = page.locator("#help");
  await field(help).waitFor();
  await remove(help);
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await twoPauses();
  assert.deepEqual(requests(page, LAZY), []);
  await putBack(page);
  await help.scrollIntoViewIfNeeded();
  await checkNumber(help, 20);
  await finish(page);
});

test("Elements that come and go a hundred times leave nothing behind", async () => {
  const { page, help } = await opened({ area: "billing" });
  await checkResults(help, BILLING);
  // Listeners and timers that are added to the page itself, less those taken away.
  await page.evaluate(async () => {
    const main = document.querySelector("main");
    globalThis.left = 0;
    for (const target of [globalThis, document]) {
      const { addEventListener, removeEventListener } = target;
      target.addEventListener = (...args) => {
        globalThis.left++;
        args[2]?.signal?.addEventListener("abort", () => globalThis.left--);
        addEventListener.apply(target, args);
      };
      target.removeEventListener = (...args) => (globalThis.left--, removeEventListener.apply(target, args));
    }
    for (let i = 0; i < 100; i++) {
      const element = document.createElement("unstuck-help");
      element.setAttribute("area", "members");
      element.setAttribute("query", "role");
      main.append(element);
      await element.ready;
      element.remove();
      await null;
    }
  });
  assert.equal(await page.evaluate(() => globalThis.left), 0);
  assert.equal(await page.locator("unstuck-help").count(), 1);
  await search(help, "refund");
  await checkResults(help, ["Charged twice"]);
  checkOneDownload(page);
  await finish(page);
});

test("A removed element can be collected", async () => {
  const { page, help } = await opened({ area: "billing" });
  await checkResults(help, BILLING);
  await search(help, "charged");
  // Not with the mouse: the browser itself holds on to what was pressed last.
  await help.evaluate((it) => it.openEntry("billing-charged-twice"));
  await checkOpen(help, "Charged twice");
  await page.evaluate(() => {
    globalThis.weak = new WeakRef(document.querySelector("#help"));
    globalThis.recordedEvents.length = 0;
    document.querySelector("#help").remove();
  });
  const devtools = await page.context().newCDPSession(page);
  await eventually(async () => {
    await devtools.send("HeapProfiler.collectGarbage");
    assert.ok(await page.evaluate(() => globalThis.weak.deref() === undefined), "something still holds it");
  });
  await finish(page);
});

// --- making one ---

test("An element made by script works, with its attributes set before or after it is added", async () => {
  const page = await own.open("/examples/blank.html");
  await page.evaluate(() => {
    const element = document.createElement("unstuck-help");
    // A constructor that set attributes would make this throw.
    if (element.attributes.length) throw new Error("it has attributes");
    document.querySelector("main").append(element);
    element.area = "billing";
  });
  await checkResults(page.locator("unstuck-help"), BILLING);
  await finish(page);
});

test("An element made with `new` works", async () => {
  const page = await own.open("/examples/blank.html");
  await page.evaluate(() => {
    const element = new (customElements.get("unstuck-help"))();
    element.area = "billing";
    document.querySelector("main").append(element);
  });
  await checkResults(page.locator("unstuck-help"), BILLING);
  await finish(page);
});

test("A clone has the attributes and children of its original, and a session of its own", async () => {
  const { page, help } = await opened({ area: "billing" });
  await checkResults(help, BILLING);
  await search(help, "charged");
  await openAnswer(help, "Charged twice");
  await page.evaluate(() => {
    const clone = document.querySelector("#help").cloneNode(true);
    clone.id = "clone";
    document.querySelector("main").append(clone);
  });
  const clone = page.locator("#clone");
  await checkResults(clone, BILLING);
  assert.equal(await field(clone).inputValue(), "");
  assert.equal(await clone.locator("p", { hasText: "What we wrote ourselves" }).count(), 1);
  await checkOpenIs(help, "Charged twice");
  await finish(page);
});

test("An element from a template works", async () => {
  const page = await own.open("/examples/blank.html");
  await page.evaluate(() => {
    const template = document.createElement("template");
    const element = document.createElement("unstuck-help");
    element.setAttribute("area", "billing");
    template.content.append(element.cloneNode(true));
    document.querySelector("main").append(document.importNode(template.content, true));
  });
  await checkResults(page.locator("unstuck-help"), BILLING);
  await finish(page);
});

test("Elements that the parser met before the definition work", async () => {
  const page = await own.open("/examples/late.html");
  await page.getByText("What we wrote ourselves").waitFor();
  await page.evaluate(() => import("/unstuck.js").then(() => undefined));
  await ready(page.locator("#help"));
  await checkNumber(page, 20);
  await finish(page);
});

// --- definition ---

test("Defining it twice does nothing, and a page can define it under another tag", async () => {
  const { page, help } = await opened({ area: "billing" });
  await checkResults(help, BILLING);
  await page.evaluate(async () => {
    const { UnstuckHelp } = await import("/element.js");
    const before = customElements.get("unstuck-help");
    UnstuckHelp.define();
    UnstuckHelp.define("unstuck-help");
    if (customElements.get("unstuck-help") !== before) throw new Error("another class");
    UnstuckHelp.define("other-help");
    UnstuckHelp.define("third-help", customElements);
    const classes = ["unstuck-help", "other-help", "third-help"].map((it) => customElements.get(it));
    if (new Set(classes).size !== 3) throw new Error("one class for two tags");
    const other = document.createElement("other-help");
    if (!(other instanceof UnstuckHelp)) throw new Error("not one of ours");
    other.id = "other";
    other.area = "members";
    document.querySelector("main").append(other);
  });
  await checkResults(page.locator("#other"), MEMBERS);
  checkOneDownload(page);
  await finish(page);
});

test("Two versions of it work on one page under two tags", async () => {
  // The second version is a folder of its own, as a host would have it.
  const pages = await copy((path) => cp("dist", `${path}/next`, { recursive: true }), PAGES);
  const page = await site({ examples: pages }).open("/examples/blank.html");
  const help = await add(page, { area: "billing", mode: "panel" });
  await page.evaluate(async () => {
    const { UnstuckHelp } = await import("/examples/next/element.js");
    UnstuckHelp.define();
    UnstuckHelp.define("unstuck-next");
    const next = document.createElement("unstuck-next");
    next.id = "next";
    next.setAttribute("area", "members");
    document.querySelector("main").append(next);
  });
  const next = page.locator("#next");
  await checkResults(next, MEMBERS);
  await help.evaluate((it) => it.open());
  await checkResults(help, BILLING);
  assert.equal(requests(page, /unstuck\.wasm/).length, 2);
  await search(next, "role");
  assert.equal(await field(help).inputValue(), "");
  await finish(page);
});

test("An element works in a shadow root, and moved into another", async () => {
  const page = await own.open("/examples/blank.html");
  await page.evaluate(() => {
    for (const id of ["one", "two"]) {
      const host = document.createElement("div");
      host.id = id;
      host.attachShadow({ mode: "open" });
      document.querySelector("main").append(host);
    }
    const help = document.createElement("unstuck-help");
    help.id = "help";
    help.setAttribute("area", "billing");
    document.querySelector("#one").shadowRoot.append(help);
  });
  const help = page.locator("#help");
  await checkResults(help, BILLING);
  await search(help, "charged");
  await openAnswer(help, "Charged twice");
  await page.evaluate(() => {
    const [one, two] = ["#one", "#two"].map((it) => document.querySelector(it).shadowRoot);
    two.append(one.querySelector("#help"));
  });
  await checkOpenIs(help, "Charged twice");
  assert.equal(await field(help).inputValue(), "charged");
  await finish(page);
});

test("Importing the class has no side effect", async () => {
  const page = await own.open("/examples/late.html");
  const defined = await page.evaluate(async () => {
    await import("/element.js");
    return customElements.get("unstuck-help") !== undefined;
  });
  assert.equal(defined, false);
  assert.deepEqual(requests(page, LAZY), []);
  await finish(page);
});

test("Importing the class outside a browser does not throw", async () => {
  const { UnstuckHelp } = await import("../../dist/element.js");
  assert.equal(typeof UnstuckHelp.define, "function");
});
