// Finding an answer: by words as they are typed, by area, by browsing, and
// the way on where nothing fits.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import {
  PAUSE, answer, area, areas, checkArea, checkFocus, checkNumber, checkOpen, checkOpenIs, checkResults,
  eventually, field, finish, focused, openAnswer, results, search, site, steps, twoPauses,
} from "./harness.js";

const built = site();

/** All answers of the customer build, as the compiler lists them. */
const entries = JSON.parse(await readFile("dist/kb/customer.entries.json", "utf8")).entries;

/** The words that are highlighted in what is shown. */
async function marked(scope) {
  return [...new Set((await scope.locator("mark").allTextContents()).map((it) => it.toLowerCase()))];
}

/** The help centre, once it can be searched. */
async function helpCentre() {
  const page = await built.open("/");
  await checkNumber(page, 20);
  return page;
}

/** What is found for a text. */
async function check(text, expected) {
  const page = await helpCentre();
  await search(page, text);
  await checkResults(page, expected);
  await finish(page);
}

// --- searching ---

test("Answers follow every key that is pressed", async () => {
  const page = await helpCentre();
  const all = page.getByText("43 answers", { exact: true });
  await all.waitFor();
  await field(page).press("c");
  await all.waitFor({ state: "detached" });
  for (const key of "aptcha") {
    await field(page).press(key);
    await answer(page, "Login screen says captcha failed").waitFor();
  }
  await checkResults(page, ["Login screen says captcha failed"]);
  assert.equal(await field(page).inputValue(), "captcha");
  await finish(page);
});

test("The beginning of a word finds it", () => check("captc", ["Login screen says captcha failed"]));

test("A word with a typing mistake finds it", () => check("capthca", ["Login screen says captcha failed"]));

test("Capitals and spaces make no difference", () => check("  CAPTCHA ", ["Login screen says captcha failed"]));

test("A pasted code finds its entry", () => check("401", ["401 Unauthorized"]));

test("The words that matched are highlighted, in the symptom, the cause and the steps", async () => {
  const page = await helpCentre();
  await search(page, "captcha");
  await checkNumber(page, 1);
  assert.deepEqual(await marked(page), ["captcha"]);
  const row = await openAnswer(page, "Login screen says captcha failed");
  assert.equal(await steps(row).nth(1).locator("mark").textContent(), "captcha");
  // Without a query nothing is.
  await search(page, "");
  await checkNumber(page, 20);
  assert.deepEqual(await marked(page), []);
  await finish(page);
});

test("A highlighted answer reads as it did before", async () => {
  const page = await helpCentre();
  await search(page, "invoice");
  await eventually(async () => assert.deepEqual(await marked(page), ["invoice"]));
  await answer(page, "Invoice amount looks wrong").waitFor();
  const row = await openAnswer(page, "Invoice amount looks wrong");
  assert.match(await steps(row).first().textContent(), /Cross-reference the invoice with Calls\./);
  await finish(page);
});

test("A text of markup is a text", async () => {
  const page = await helpCentre();
  await search(page, "<img src=x onerror=alert(1)>");
  await page.getByText("No answer matches “<img src=x onerror=alert(1)>”").first().waitFor();
  assert.equal(await page.locator("unstuck-help").locator("img").count(), 0);
  await finish(page);
});

test("The way on is advice when a search finds nothing", async () => {
  const page = await helpCentre();
  await search(page, "qqqqqq");
  await checkNumber(page, 0);
  await page.getByText("Try other words, fewer words, or the exact text of the error.").waitFor();
  await page.getByRole("heading", { name: "When all else fails" }).waitFor();
  // Nothing is elsewhere either.
  assert.equal(await page.getByRole("button", { name: /in other areas/ }).isVisible(), false);
  await page.getByRole("button", { name: "Show all answers" }).click();
  await checkNumber(page, 20);
  assert.equal(await field(page).inputValue(), "");
  await finish(page);
});

test("The onward links are FAQ and Contact; the On-call Playbook is for staff", async () => {
  const page = await helpCentre();
  for (const text of ["", "captcha", "qqqqqq"]) {
    await search(page, text);
    const links = page.locator("unstuck-help").getByRole("link");
    await eventually(async () => assert.deepEqual(await links.allTextContents(), ["FAQ", "Contact"]));
    assert.match(await links.first().getAttribute("href"), /\/help\/faq$/);
    assert.match(await links.last().getAttribute("href"), /\/help\/contact$/);
  }
  assert.equal(await page.getByText("On-call Playbook").count(), 0);
  await finish(page);
});

// --- areas ---

test("Every area has its number, and all of them the sum", async () => {
  const page = await helpCentre();
  assert.deepEqual(await areas(page), [
    "All areas 43", "Login & access 5", "Calls 5", "Dashboard 4", "Billing 4", "Notifications 3", "Members 3", "Playbook 3", "CSV exports 3",
    "API integrations 4", "Contact Center sign-in 3", "Stuck contact or agent 2", "Call refusals 3", "Stuck contacts 1",
  ]);
  await finish(page);
});

test("An area shows its answers only, and all areas show all again", async () => {
  const page = await helpCentre();
  await area(page, "Billing").click();
  await checkArea(page, "Billing");
  await checkResults(page, ["Invoice past due", "Invoice amount looks wrong", "Can't add a payment method", "Charged twice"]);
  await area(page, "All areas").click();
  await checkArea(page, "All areas");
  await checkNumber(page, 20);
  await finish(page);
});

test("The numbers shrink with the query, whatever area is chosen", async () => {
  const page = await helpCentre();
  await area(page, "Billing").click();
  await search(page, "captcha");
  const expected = (name) => (name === "All areas" || name === "Login & access" ? 1 : 0);
  await eventually(async () => {
    for (const it of await areas(page)) {
      const [, name, n] = /^(.+) (\d+)$/.exec(it);
      assert.equal(Number(n), expected(name), name);
    }
  });
  await checkArea(page, "Billing");
  await finish(page);
});

test("What an area does not have is offered from the other areas", async () => {
  const page = await helpCentre();
  await area(page, "Billing").click();
  await search(page, "captcha");
  await checkNumber(page, 0);
  await page.getByRole("button", { name: "Show 1 answer in other areas" }).click();
  await checkArea(page, "All areas");
  await checkResults(page, ["Login screen says captcha failed"]);
  assert.equal(await field(page).inputValue(), "captcha");
  await finish(page);
});

// --- browsing ---

test("All 43 answers are there, twenty at a time", async () => {
  const page = await helpCentre();
  await page.getByRole("button", { name: "Show 23 more" }).click();
  await checkNumber(page, 40);
  await page.getByRole("button", { name: "Show 3 more" }).click();
  await checkNumber(page, 43);
  assert.equal(await page.getByRole("button", { name: /^Show \d+ more$/ }).isVisible(), false);
  assert.deepEqual((await results(page)).toSorted(), entries.map((it) => it.symptom).toSorted());
  await finish(page);
});

test("Every answer can be opened by browsing, and says what to do", async () => {
  const page = await helpCentre();
  await page.getByRole("button", { name: "Show 23 more" }).click();
  await page.getByRole("button", { name: "Show 3 more" }).click();
  await checkNumber(page, 43);
  assert.equal(entries.length, 43);
  for (const { symptom, steps: { length } } of entries) {
    const row = await openAnswer(page, symptom);
    assert.ok(length >= 1, symptom);
    assert.equal(await steps(row).count(), length, symptom);
    for (const text of await steps(row).allTextContents()) assert.notEqual(text.trim(), "", symptom);
  }
  await finish(page);
});

test("A row shows the symptom, the likely cause and what to do before it is opened", async () => {
  const page = await helpCentre();
  await search(page, "captcha");
  await checkNumber(page, 1);
  const row = page.getByRole("listitem").filter({ has: answer(page, "Login screen says captcha failed") });
  await row.getByText("Likely cause").waitFor();
  await row.getByText("The browser is blocking the JavaScript that the captcha needs.").waitFor();
  await row.getByText("What to do").waitFor();
  await row.getByText("Disable your ad blocker on the login page.").waitFor();
  await finish(page);
});

test("One answer is open at a time, and a second press closes it", async () => {
  const page = await helpCentre();
  await openAnswer(page, "Can't get past the 2FA screen");
  await openAnswer(page, "New calls not appearing");
  await checkOpenIs(page, "New calls not appearing");
  await answer(page, "New calls not appearing").click();
  await checkOpenIs(page, null);
  await finish(page);
});

// --- the guide ---

test("The guide shows its nine numbered steps with note, warning and two captions", async () => {
  const page = await helpCentre();
  await area(page, "Stuck contacts").click();
  await checkResults(page, ["Clearing a stuck contact"]);
  await page.getByText("Guide, 9 steps").waitFor();
  const row = await openAnswer(page, "Clearing a stuck contact");
  assert.equal(await steps(row).count(), 9);
  // An ordered list: its numbers are drawn by the stylesheet and told by the browser.
  await row.getByRole("button", { name: "All steps at once" }).click();
  const list = row.locator("[part~=guide]");
  assert.equal(await list.evaluate((it) => it.localName), "ol");
  const numbered = await steps(row).evaluateAll((all) => all.map((it) => it.dataset.number));
  assert.deepEqual(numbered, ["1", "2", "3", "4", "5", "6", "7", "8", "9"]);
  const texts = await steps(row).allTextContents();
  for (const [i, text] of [
    [0, "Log in with your credentials."], [1, "Click Reporting in the menu on the left."], [3, "Active Contacts in Prebuilt Reports"],
    [4, "Note What counts as stuck depends on what your customers expect."], [5, "Contact ID"], [6, "Contact Options in Prebuilt Reports"],
    [7, "Click Clear Contact."], [8, "Warning This ends the contact"],
  ]) assert.ok(texts[i].includes(text), `step ${i + 1}: ${texts[i]}`);
  assert.equal(await row.locator("figcaption").count(), 2);
  // The pictures are there, and have loaded.
  for (const picture of await row.locator("img").all()) {
    await picture.scrollIntoViewIfNeeded();
    await eventually(async () => assert.ok(await picture.evaluate((it) => it.complete && it.naturalWidth > 0)));
  }
  assert.equal(await row.locator("img").count(), 2);
  // The six reasons, what clearing does for the customer, and the fall-back.
  for (const text of ["Two contacts came in at the same time", "server rollover", "system drop", "internet outage", "LOOP", "invalid skill", "The customer can now redial", "Professional Services"]) {
    await row.getByText(text).first().waitFor();
  }
  await finish(page);
});

test("The link in \"Contact is stuck in Central Queue\" opens the guide and takes the focus there", async () => {
  const page = await helpCentre();
  await search(page, "central queue");
  const row = await openAnswer(page, "Contact is stuck in Central Queue");
  await row.getByRole("link", { name: "Clear the stuck contact" }).focus();
  await page.keyboard.press("Enter");
  await checkOpen(page, "Clearing a stuck contact");
  await checkOpenIs(page, "Clearing a stuck contact");
  await checkFocus(page, "button", "Clearing a stuck contact");
  // The address is the element's, which tells what is open, and not the link's.
  assert.match(page.url(), /#unstuck-help=stuck-contacts-clearing-a-stuck-contact$/);
  await finish(page);
});

test("The link finds the guide where query and area hide it", async () => {
  const page = await helpCentre();
  await area(page, "Stuck contact or agent").click();
  await search(page, "Central Queue");
  const row = await openAnswer(page, "Contact is stuck in Central Queue");
  await row.getByRole("link", { name: "Clear the stuck contact" }).click();
  await checkOpenIs(page, "Clearing a stuck contact");
  await eventually(async () => assert.equal((await focused(page)).text, "Clearing a stuck contact"));
  await checkArea(page, "All areas");
  await finish(page);
});

// --- saying the number ---

/** Notes everything that the status says, and when. */
async function listen(page) {
  const status = page.getByRole("status");
  await status.waitFor({ state: "attached" });
  await status.evaluate((it) => {
    globalThis.said = [];
    const say = () => it.textContent && globalThis.said.push({ text: it.textContent, at: performance.now() });
    new MutationObserver(say).observe(it, { childList: true, characterData: true, subtree: true });
  });
  return () => page.evaluate(() => globalThis.said);
}

test("The number of answers is said once, after a pause", async () => {
  const page = await helpCentre();
  assert.equal(await page.getByRole("status").textContent(), "");
  const said = await listen(page);
  await field(page).focus();
  await page.evaluate(() => document.addEventListener("input", () => (globalThis.lastKey = performance.now()), true));
  await field(page).pressSequentially("captcha", { delay: 60 });
  await eventually(async () => assert.notEqual((await said()).length, 0));
  await twoPauses();
  const heard = await said();
  assert.deepEqual(heard.map((it) => it.text), ["1 answer"]);
  const waited = heard[0].at - (await page.evaluate(() => globalThis.lastKey));
  assert.ok(waited >= PAUSE - 50, `said ${waited} ms after the last key`);
  await finish(page);
});

test("That there is no answer is said as well", async () => {
  const page = await helpCentre();
  const said = await listen(page);
  await search(page, "qqqqqq");
  await eventually(async () => assert.deepEqual((await said()).map((it) => it.text), ["No answer matches “qqqqqq”"]));
  await finish(page);
});

test("Choosing an area says its number", async () => {
  const page = await helpCentre();
  const said = await listen(page);
  await area(page, "Billing").click();
  await eventually(async () => assert.deepEqual((await said()).map((it) => it.text), ["4 answers"]));
  await finish(page);
});

test("Nothing is said to somebody who did nothing", async () => {
  // The area of the login page is set by the page, not chosen by the person,
  // who is busy with the form.
  const page = await built.open("/examples/login.html");
  await checkNumber(page, 5);
  await twoPauses();
  const said = await page.getByRole("status").allTextContents();
  assert.equal(said.join(""), "");
  await finish(page);
});
