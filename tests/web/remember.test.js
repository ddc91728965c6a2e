// What is remembered, and what happens where nothing can be.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PAGES, add, button, checkResults, events, eventually, field, finish, openFound, ready, search, set, site, ticks } from "./harness.js";

const built = site({ examples: PAGES });
const EMAILS = "Not receiving emails";
const CALLS = "New calls not appearing";

const blank = (options) => built.open("/examples/blank.html", options);

async function element(page, remember) {
  const element = await add(page, { loading: "eager", ...(remember && { remember }) });
  await ready(element);
  return element;
}

async function opened(element, name) {
  await search(element, name);
  return openFound(element, name);
}

/** What is stored but for recent searches, which have tests of their own. */
const stored = async (page, kind) => (await all(page, kind)).filter(([key]) => !key.endsWith(" recent"));
const all = (page, kind) => page.evaluate((kind) => Object.entries(globalThis[kind]), kind);

/** Leaves nothing for the end of the test to find. */
async function clear(page) {
  await page.evaluate(() => (localStorage.clear(), sessionStorage.clear()));
  await finish(page);
}

for (const [remember, kind] of [["session", "sessionStorage"], ["local", "localStorage"]]) {
  test(`\`remember=${remember}\` keeps ticks and place over a reload, and can forget`, async () => {
    const page = await blank();
    const row = await opened(await element(page, remember), EMAILS);
    await ticks(row).nth(0).check();
    await eventually(async () => assert.equal((await stored(page, kind)).length, 1));
    const [[key, text]] = await stored(page, kind);
    assert.match(key, /^unstuck\/1 \/kb\/ customer$/);
    assert.ok(text.length < 200, text);
    await page.reload();
    const again = await element(page, remember);
    // Nothing opens by itself; the way back is offered.
    const offer = again.locator(".offer").filter({ hasText: EMAILS });
    await again.getByText("Go on where you stopped:").waitFor();
    await offer.click();
    assert.ok(await ticks(again).nth(0).isChecked());
    assert.equal(await ticks(again).nth(1).isChecked(), false);
    await button(again, "Forget my progress").click();
    await eventually(async () => assert.deepEqual(await stored(page, kind), []));
    await eventually(async () => assert.equal(await ticks(again).nth(0).isChecked(), false));
    await field(again).press("Escape");
    await button(again, "Forget them").click();
    await finish(page);
  });
}

test("A wait that was remembered is right after a reload", async () => {
  const prepare = (page) => page.clock.install({ time: new Date("2026-01-15T12:00:00") });
  const page = await blank({ prepare });
  const row = await opened(await element(page, "local"), CALLS);
  await button(row, "Start the 15 minutes").click();
  await row.getByText("15:00 left").waitFor();
  await page.clock.runFor(60_000);
  await page.reload();
  await page.clock.fastForward(60_000);
  const again = await element(page, "local");
  await again.getByRole("button", { name: new RegExp(CALLS) }).first().click();
  await again.getByText(/^1[23]:\d\d left$/).waitFor();
  // It ended while nobody was there.
  await page.clock.fastForward(60 * 60_000);
  await again.getByText("The wait is over. Is it there now?").first().waitFor();
  await clear(page);
});

test("Two tabs know of each other's wait and ticks", async () => {
  const page = await blank({ prepare: (page) => page.clock.install({ time: new Date("2026-01-15T12:00:00") }) });
  const one = await opened(await element(page, "local"), CALLS);
  const other = await page.context().newPage();
  await other.goto(page.url());
  const two = await opened(await element(other, "local"), CALLS);
  await button(one, "Start the 15 minutes").click();
  await two.getByText(/^1[45]:\d\d left$/).waitFor();
  const left = async (row) => (await row.getByRole("timer").textContent()).split(" ")[0].split(":").reduce((sum, it) => 60 * sum + Number(it), 0);
  assert.ok(Math.abs((await left(one)) - (await left(two))) <= 1);
  // The clock is that of both.
  await page.clock.fastForward(5 * 60_000);
  for (const row of [one, two]) await row.getByText(/^(10:00|9:\d\d) left$/).waitFor();
  assert.ok(Math.abs((await left(one)) - (await left(two))) <= 1);
  await button(two, "Stop").click();
  await button(one, "Start the 15 minutes").waitFor();
  await ticks(two).nth(0).check();
  await eventually(async () => assert.ok(await ticks(one).nth(0).isChecked()));
  await other.close();
  await clear(page);
});

test("Without `remember` nothing is stored", async () => {
  const page = await blank();
  const row = await opened(await element(page), EMAILS);
  await ticks(row).nth(0).check();
  await finish(page);
});

test("A page that stops remembering keeps nothing", async () => {
  const page = await blank();
  const help = await element(page, "local");
  await ticks(await opened(help, EMAILS)).nth(0).check();
  await eventually(async () => assert.equal((await stored(page, "localStorage")).length, 1));
  await help.evaluate((it) => (it.remember = "none"));
  assert.ok(await ticks(help).nth(0).isChecked(), "what is on the page stays");
  await finish(page);
});

const BROKEN = {
  blocked: () => {
    for (const name of ["localStorage", "sessionStorage"]) {
      Object.defineProperty(globalThis, name, { get: () => { throw new DOMException("blocked", "SecurityError"); } });
    }
  },
  full: () => {
    Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
  },
  unreadable: () => {
    Storage.prototype.getItem = () => { throw new Error("broken"); };
  },
};

for (const [name, breakIt] of Object.entries(BROKEN)) {
  test(`With storage ${name} everything works and nothing is thrown`, async () => {
    const page = await blank({ prepare: (page) => page.addInitScript(breakIt) });
    const help = await element(page, "local");
    const row = await opened(help, EMAILS);
    await ticks(row).nth(0).check();
    await ticks(row).nth(0).uncheck();
    await ticks(row).nth(1).check();
    await button(row, "Yes").click();
    await button(help, "Forget my progress").click();
    await help.evaluate((it) => (it.remember = "session"));
    await row.getByText("Did this fix it?").waitFor();
    assert.deepEqual(await events(page, "error"), []);
    // What is stored cannot be looked at here.
    if (name === "blocked") await page.evaluate(() => ["localStorage", "sessionStorage"].forEach((it) => Object.defineProperty(globalThis, it, { value: {} }))).catch(() => {});
    if (name === "blocked") await page.context().close();
    else await clear(page);
  });
}

for (const rubbish of ["{}", "unstuck 1\n\u0000\u0001", "unstuck 99\nx", "unstuck 1\nnotifications-not-receiving-emails 1 1 - - 0:1", "x".repeat(100_000), "unstuck 1\n" + "a b c d e f\n".repeat(5_000)]) {
  test(`With ${JSON.stringify(rubbish.slice(0, 24))} in the storage everything works`, async () => {
    const page = await blank();
    await page.evaluate((text) => localStorage.setItem("unstuck/1 /kb/ customer", text), rubbish);
    const row = await opened(await element(page, "local"), EMAILS);
    assert.equal(await ticks(row).nth(0).isChecked(), false);
    await ticks(row).nth(0).check();
    await eventually(async () => assert.match((await stored(page, "localStorage"))[0][1], /^unstuck 1\nnotifications-not-receiving-emails \d+ \d+ - - 0:\d+$/));
    await clear(page);
  });
}

const recent = (element) => element.getByRole("group", { name: "Recent searches" });
const offered = (element) => recent(element).getByRole("button").allTextContents();

/** Types something and rests until it counts as a search. */
async function searchAndRest(page, element, text) {
  const before = (await events(page, "search")).length;
  await search(element, text);
  await eventually(async () => assert.equal((await events(page, "search")).length, before + 1));
}

test("Recent searches are offered while the field is empty, found with one press, and can be forgotten", async () => {
  const page = await blank();
  const help = await element(page, "local");
  for (const text of ["invoi", "invoice", "captcha", "zzzz qqqq"]) await searchAndRest(page, help, text);
  assert.ok(await recent(help).isHidden(), "not while something is typed");
  await field(help).press("Escape");
  // The newest first; neither what was on the way to another nor what found nothing.
  assert.deepEqual(await offered(help), ["captcha", "invoice", "Forget them"]);
  await page.reload();
  const again = await element(page, "local");
  await button(recent(again), "captcha").click();
  await checkResults(again, ["Login screen says captcha failed"]);
  assert.ok(await field(again).evaluate((it) => it.getRootNode().activeElement === it), "the focus is in the field");
  await field(again).press("Escape");
  await button(recent(again), "Forget them").click();
  assert.ok(await field(again).evaluate((it) => it.getRootNode().activeElement === it), "the focus is in the field");
  assert.equal(await recent(again).count(), 0);
  assert.deepEqual(await all(page, "localStorage"), []);
  await finish(page);
});

test("At most five are kept, each once, and none that is as long as a log", async () => {
  const page = await blank();
  const help = await element(page, "session");
  for (const text of ["invoice", "captcha", "spam", "export", "webhook", "2fa", "captcha", `captcha ${"x".repeat(60)}`]) await searchAndRest(page, help, text);
  await field(help).press("Escape");
  const texts = (await offered(help)).slice(0, -1);
  assert.equal(texts[0], "captcha");
  assert.ok(texts.length <= 5 && new Set(texts).size === texts.length, texts.join());
  await clear(page);
});

test("Recent searches are nobody's business with `private`, without `remember`, and once a page stops remembering", async () => {
  const page = await blank();
  const help = await element(page, "local");
  await set(help, "private", "");
  await searchAndRest(page, help, "invoice");
  assert.deepEqual(await all(page, "localStorage"), []);
  await set(help, "private", null);
  await searchAndRest(page, help, "captcha");
  assert.equal((await all(page, "localStorage")).length, 1);
  await set(help, "remember", "session");
  await eventually(async () => assert.deepEqual([(await all(page, "localStorage")).length, (await all(page, "sessionStorage")).length], [0, 1]));
  await set(help, "remember", "none");
  await eventually(async () => assert.deepEqual(await all(page, "sessionStorage"), []));
  await field(help).press("Escape");
  assert.equal(await recent(help).count(), 0);
  await finish(page);
});

test("Recent searches of an earlier visit are there when a page that has a route begins to remember", async () => {
  const page = await blank();
  await searchAndRest(page, await element(page, "local"), "captcha");
  await page.reload();
  const help = await add(page, { loading: "eager", route: "hash" });
  await ready(help);
  assert.equal(await recent(help).count(), 0);
  await set(help, "remember", "local");
  await eventually(async () => assert.deepEqual(await offered(help), ["captcha", "Forget them"]));
  await clear(page);
});

for (const rubbish of ["{}", "null", "[1, null, {}, \"\"]", "[\"invoice\"", JSON.stringify(["x".repeat(1_000)])]) {
  test(`With ${rubbish.slice(0, 24)} for recent searches there are none, and nothing is thrown`, async () => {
    const page = await blank();
    await page.evaluate((text) => localStorage.setItem("unstuck/1 /kb/ customer recent", text), rubbish);
    const help = await element(page, "local");
    assert.equal(await recent(help).count(), 0);
    assert.deepEqual(await events(page, "error"), []);
    await clear(page);
  });
}
