// From an answer to a solved problem: steps that are ticked off, waits, the
// guide, and how it ends.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PAGES, add, button, checkEvents, checkNumber, checkOpenIs, events, eventually, finish, focused, openFound, ready, search, site, ticks } from "./harness.js";

const built = site();
const GUIDE = "Clearing a stuck contact";

/** The help centre with an answer open. */
async function opened(name, options) {
  const page = await built.open("/", options);
  await checkNumber(page, 20);
  await search(page, name);
  const row = await openFound(page, name);
  return { page, row };
}


/** The step that is current, by its text. */
const current = (row, text) => eventually(async () => assert.deepEqual(await row.locator("[aria-current=step] label").allTextContents(), text === null ? [] : [text]));

test("A step that is ticked off makes the next one current, and the host is told", async () => {
  const { page, row } = await opened("Not receiving emails");
  await current(row, "Check your email address in Settings.");
  await ticks(row).nth(0).check();
  await current(row, "If the address is wrong, correct it.");
  await checkEvents(page, [...(await events(page)).filter((it) => it.name !== "unstuck-step-done").map((it) => [it.name, it.detail]), ["unstuck-step-done", { id: "notifications-not-receiving-emails", step: 1, steps: 4 }]]);
  await ticks(row).nth(0).uncheck();
  await current(row, "Check your email address in Settings.");
  assert.equal((await events(page, "step-done")).length, 1, "what is undone is told to nobody");
  await finish(page);
});

test("A tick keeps the focus where it is", async () => {
  const { page, row } = await opened("Not receiving emails");
  await ticks(row).nth(1).focus();
  await page.keyboard.press("Space");
  await current(row, "Check your email address in Settings.");
  assert.equal((await focused(page)).tag, "input");
  assert.ok(await ticks(row).nth(1).isChecked());
  await finish(page);
});

test("What helped is said with one press, and can be taken back", async () => {
  const { page, row } = await opened("Charged twice");
  await button(row, "Yes").click();
  await row.getByText("Good that it works again.").waitFor();
  const [resolved] = await events(page, "resolved");
  assert.equal(resolved.detail.id, "billing-charged-twice");
  assert.equal(resolved.detail.steps, 0);
  assert.ok(resolved.detail.seconds >= 0 && resolved.detail.seconds < 60);
  await button(row, "Undo").click();
  await row.getByText("Did this fix it?").waitFor();
  await finish(page);
});

test("What did not help leads to the next likely answer", async () => {
  const page = await built.open("/");
  await checkNumber(page, 20);
  await search(page, "emails not arriving");
  const row = await openFound(page, "Not receiving emails");
  await button(row, "No").click();
  await row.getByText("Then this was not it.").waitFor();
  const next = row.getByRole("button", { name: /Email/ });
  const name = (await next.locator(".text").textContent()).trim();
  await next.click();
  await checkOpenIs(page, name);
  assert.deepEqual((await events(page, "not-resolved")).map((it) => it.detail.id), ["notifications-not-receiving-emails"]);
  await finish(page);
});

test("What is expected says so and ends well", async () => {
  const { page, row } = await opened("Caller phone shows as anonymous");
  await row.getByText("This is expected: nothing is broken.").waitFor();
  assert.equal(await ticks(row).count(), 0, "there is nothing to tick");
  await button(row, "All right").click();
  await row.getByText("Good that it works again.").waitFor();
  assert.equal((await events(page, "resolved")).length, 1);
  await finish(page);
});

// --- waits ---

const NOON = new Date("2026-01-15T12:00:00");

/** The page's clock, which stands until it is moved. */
async function withClock(page) {
  await page.clock.install({ time: NOON });
}

test("A wait counts down by the clock, says its end once and asks", async () => {
  const { page, row } = await opened("New calls not appearing", { prepare: withClock });
  await button(row, "Start the 15 minutes").click();
  await row.getByText("15:00 left").waitFor();
  await page.clock.runFor(61_000);
  await row.getByText("13:59 left").waitFor();
  await page.clock.runFor(14 * 60_000);
  await row.getByText("The wait is over. Is it there now?").waitFor();
  await page.getByRole("status").filter({ hasText: "The wait is over. Is it there now? New calls not appearing" }).waitFor({ state: "attached" });
  await button(row, "Not yet").click();
  await current(row, "If the call is still missing, contact support.");
  assert.deepEqual((await events(page, "step-done")).map((it) => it.detail.step), [1]);
  await finish(page);
});

test("A wait is right after the computer slept", async () => {
  const { page, row } = await opened("New calls not appearing", { prepare: withClock });
  await button(row, "Start the 15 minutes").click();
  await row.getByText("15:00 left").waitFor();
  // Asleep: time passes, and not one timer fires until it is over.
  await page.clock.fastForward(10 * 60_000);
  await row.getByText(/^(5:00|4:59) left$/).waitFor();
  await page.clock.fastForward(3 * 60 * 60_000);
  await row.getByText("The wait is over. Is it there now?").waitFor();
  await button(row, "Yes, it works").click();
  const [resolved] = await events(page, "resolved");
  assert.equal(resolved.detail.steps, 1, "the wait was part of it");
  await finish(page);
});

test("A wait goes on while another answer is open, and leads back", async () => {
  const { page, row } = await opened("New calls not appearing", { prepare: withClock });
  await button(row, "Start the 15 minutes").click();
  await search(page, "captcha");
  const offer = page.getByRole("button", { name: /New calls not appearing/ });
  await offer.getByText("15:00 left").waitFor();
  await page.clock.runFor(15 * 60_000);
  await offer.getByText("The wait is over. Is it there now?").waitFor();
  await offer.click();
  await checkOpenIs(page, "New calls not appearing");
  await finish(page);
});

test("A wait can be stopped", async () => {
  const { page, row } = await opened("New calls not appearing");
  await button(row, "Start the 15 minutes").click();
  await button(row, "Stop").click();
  await button(row, "Start the 15 minutes").waitFor();
  await finish(page);
});

// --- the guide ---

test("The guide shows one step at a time, the way through the menus and how far one is", async () => {
  const { page, row } = await opened(GUIDE);
  const shown = () => row.locator(".step:visible label").allTextContents();
  assert.deepEqual(await shown(), ["Open RingCentral Contact Center."]);
  const path = row.getByRole("list", { name: "Where to click" });
  assert.deepEqual(await path.getByRole("listitem").allTextContents(), ["Reporting", "Prebuilt Reports", "Active Contacts", "Contact ID", "Contact Options", "Clear Contact", "OK"]);
  await button(row, "Done, next").click();
  await eventually(async () => assert.deepEqual(await shown(), ["Click Reporting in the menu on the left."]));
  await row.getByText("1 of 9 done").waitFor();
  assert.deepEqual(await path.locator("[data-here]").allTextContents(), ["Reporting"]);
  await button(row, "Back").click();
  await eventually(async () => assert.deepEqual(await shown(), ["Open RingCentral Contact Center."]));
  await row.getByText("1 of 9 done").waitFor();
  await button(row, "Next").click();
  await button(row, "All steps at once").click();
  await eventually(async () => assert.equal((await shown()).length, 9));
  await finish(page);
});

test("The guide keeps its place, and its last step leads to the outcome", async () => {
  const { page, row } = await opened(GUIDE);
  for (let step = 0; step < 4; step++) await button(row, "Done, next").click();
  await row.getByText("4 of 9 done").waitFor();
  await search(page, "captcha");
  await search(page, GUIDE);
  const again = await openFound(page, GUIDE);
  await again.getByText("4 of 9 done").waitFor();
  for (let step = 4; step < 9; step++) await button(again, "Done, next").click();
  await eventually(async () => assert.match((await focused(page)).text, /^Did this fix it\?/));
  await finish(page);
});

test("The warning stands before the step that ends the contact", async () => {
  const { page, row } = await opened(GUIDE);
  await button(row, "All steps at once").click();
  const last = row.locator(".step").last();
  const texts = await last.locator("> *").allTextContents();
  assert.match(texts[0], /^Warning This ends the contact/);
  assert.equal(texts[1], "Click OK.");
  await finish(page);
});

test("From the stuck queue to the guide and back", async () => {
  const { page, row } = await opened("Contact is stuck in Central Queue");
  await row.getByRole("link", { name: "Clear the stuck contact" }).click();
  await checkOpenIs(page, GUIDE);
  await button(page, "Back to: Contact is stuck in Central Queue").click();
  await checkOpenIs(page, "Contact is stuck in Central Queue");
  await finish(page);
});

test("Two elements on a page do not share what was done", async () => {
  const page = await site({ examples: PAGES }).open("/examples/blank.html");
  const rows = [];
  for (const id of ["one", "two"]) {
    await (await add(page, { loading: "eager" })).evaluate((it, id) => (it.id = id), id);
    const element = page.locator(`#${id}`);
    await ready(element);
    await search(element, "Not receiving emails");
    rows.push(await openFound(element, "Not receiving emails"));
  }
  await ticks(rows[0]).first().check();
  assert.equal(await ticks(rows[1]).first().isChecked(), false);
  await finish(page);
});
