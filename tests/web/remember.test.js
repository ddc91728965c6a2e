// What is remembered, and what happens where nothing can be.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PAGES, add, button, events, eventually, finish, openFound, ready, search, site, ticks } from "./harness.js";

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

const stored = (page, kind) => page.evaluate((kind) => Object.entries(globalThis[kind]), kind);

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
