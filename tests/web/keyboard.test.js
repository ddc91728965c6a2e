// Everything without a mouse: every test here presses keys and nothing else,
// and asks after each where the focus is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, button, checkArea, checkFocus, checkNumber, checkOpen, checkOpenIs, checkResults, eventually, field, finish, focused, press, site, tabTo } from "./harness.js";

const built = site();
const FIRST = "\"Invalid email or password\"";

/** The help centre with the focus in its field, got there by Tab: past the skip link. */
async function helpCentre() {
  const page = await built.open("/");
  await checkNumber(page, 20);
  await press(page, "Tab", "Tab");
  await checkFocus(page, "input");
  return page;
}

test("Tab leads into the field, and what is typed is searched", async () => {
  const page = await helpCentre();
  await page.keyboard.type("captcha");
  await checkResults(page, ["Login screen says captcha failed"]);
  await checkFocus(page, "input");
  await finish(page);
});

test("Down leads from the field into the answers, and up back to it", async () => {
  const page = await helpCentre();
  await press(page, "ArrowDown");
  await checkFocus(page, "button", FIRST);
  await press(page, "ArrowDown");
  await checkFocus(page, "button", "Can't get past the 2FA screen");
  await press(page, "ArrowUp");
  await checkFocus(page, "button", FIRST);
  await press(page, "ArrowUp");
  await checkFocus(page, "input");
  await finish(page);
});

test("Down on the last answer stays there", async () => {
  const page = await helpCentre();
  await page.keyboard.type("captcha");
  await checkNumber(page, 1);
  await press(page, "ArrowDown", "ArrowDown");
  await checkFocus(page, "button", "Login screen says captcha failed");
  await finish(page);
});

test("Enter opens an answer and Enter closes it", async () => {
  const page = await helpCentre();
  await press(page, "ArrowDown", "Enter");
  await checkOpen(page, FIRST);
  await checkFocus(page, "button", FIRST);
  await press(page, "Enter");
  await checkOpenIs(page, null);
  await checkFocus(page, "button", FIRST);
  await finish(page);
});

test("Down goes from an open answer to the next", async () => {
  const page = await helpCentre();
  await press(page, "ArrowDown", "Enter");
  await checkOpen(page, FIRST);
  await press(page, "ArrowDown");
  await checkFocus(page, "button", "Can't get past the 2FA screen");
  await finish(page);
});

test("Escape clears the field and stays in it", async () => {
  const page = await helpCentre();
  await page.keyboard.type("captcha");
  await checkNumber(page, 1);
  await press(page, "Escape");
  await checkNumber(page, 20);
  assert.equal(await field(page).inputValue(), "");
  await checkFocus(page, "input");
  await finish(page);
});

test("Escape in an empty field is the page's", async () => {
  const page = await helpCentre();
  await page.evaluate(() => document.addEventListener("keydown", (it) => (globalThis.escaped = it.key === "Escape" && !it.defaultPrevented)));
  await page.keyboard.type("c");
  await press(page, "Escape");
  assert.equal(await page.evaluate(() => globalThis.escaped), false, "the first clears the field");
  await eventually(async () => assert.equal(await field(page).inputValue(), ""));
  await press(page, "Escape");
  assert.equal(await page.evaluate(() => globalThis.escaped), true);
  await finish(page);
});

test("Tab and Space choose an area", async () => {
  const page = await helpCentre();
  await tabTo(page, /^Billing \d+$/);
  await press(page, "Space");
  await checkArea(page, "Billing");
  await checkResults(page, ["Invoice past due", "Invoice amount looks wrong", "Can't add a payment method", "Charged twice"]);
  await checkFocus(page, "button", "Billing 4");
  await finish(page);
});

test("Tab goes through the areas, the answers and the ways on, always in sight", async () => {
  const page = await helpCentre();
  await page.keyboard.type("captcha");
  await checkNumber(page, 1);
  await checkOpen(page, "Login screen says captcha failed");
  const stops = [];
  for (;;) {
    await press(page, "Tab");
    const it = await focused(page);
    if (it.inside !== "help") break;
    assert.ok(it.visible, it.text);
    stops.push(it.text);
  }
  // What clears the field comes first, and shows no text.
  assert.equal(stops.shift(), "");
  // So clear an answer is open: its two steps, how it ended, what can be done with it.
  const open = ["", "", "Yes", "No", "Print", "Copy as text", "Copy as Markdown"];
  assert.deepEqual(stops, ["All areas 1", "Login & access 1", "Login screen says captcha failed", ...open, "FAQ", "Contact"]);
  await finish(page);
});

test("An arrow or Escape in the host page is not touched", async () => {
  const page = await built.open("/examples/login.html");
  await checkNumber(page, 5);
  await page.evaluate(() => document.addEventListener("keydown", (it) => (globalThis.prevented ||= it.defaultPrevented)));
  await page.getByLabel("Email").focus();
  await press(page, "ArrowDown", "Escape", "ArrowUp");
  await checkFocus(page, "input", "");
  assert.ok(!(await page.evaluate(() => globalThis.prevented)));
  await finish(page);
});

// Buttons that vanish by being pressed: the focus must go somewhere that makes
// sense, not to the top of the page.

test("The focus stays in the answers when the last \"Show more\" is used up", async () => {
  const page = await helpCentre();
  await tabTo(page, /^Show 23 more$/);
  await press(page, "Enter");
  await checkNumber(page, 40);
  assert.notEqual((await focused(page)).tag, "body");
  if (!/^Show 3 more$/.test((await focused(page)).text)) await tabTo(page, /^Show 3 more$/);
  await press(page, "Enter");
  await checkNumber(page, 43);
  await checkInside(page);
  await finish(page);
});

test("The focus stays in the widget when all answers are shown again", async () => {
  const page = await helpCentre();
  await page.keyboard.type("qqqqqq");
  await button(page, "Show all answers").waitFor();
  await tabTo(page, /^Show all answers$/);
  await press(page, "Enter");
  await checkNumber(page, 20);
  await checkInside(page);
  await finish(page);
});

test("The focus stays in the widget when the answers of other areas are shown", async () => {
  const page = await helpCentre();
  await tabTo(page, /^Billing \d+$/);
  await press(page, "Space");
  await checkNumber(page, 4);
  await field(page).focus();
  await page.keyboard.type("captcha");
  await button(page, "Show 1 answer in other areas").waitFor();
  await tabTo(page, /^Show 1 answer in other areas$/);
  await press(page, "Enter");
  await checkNumber(page, 1);
  await checkInside(page);
  await finish(page);
});

test("The focus stays in the widget when a link inside an answer is followed", async () => {
  const page = await helpCentre();
  await page.keyboard.type("central queue");
  await answer(page, "Contact is stuck in Central Queue").waitFor();
  await eventually(async () => {
    // The answers change with every key: press only once they are those of the whole query.
    assert.equal(await page.locator("mark", { hasText: /^Queue$/ }).count() > 0, true);
  });
  await tabTo(page, /^Contact is stuck in Central Queue$/);
  // So clear an answer opens by itself when nobody types any more.
  if ((await answer(page, "Contact is stuck in Central Queue").getAttribute("aria-expanded")) === "false") await press(page, "Enter");
  await checkOpen(page, "Contact is stuck in Central Queue");
  await tabTo(page, /^Clear the stuck contact$/);
  await press(page, "Enter");
  await checkOpen(page, "Clearing a stuck contact");
  await checkFocus(page, "button", "Clearing a stuck contact");
  await finish(page);
});

/** The focus is on something in the widget, and can be seen. */
async function checkInside(page) {
  await eventually(async () => {
    const it = await focused(page);
    assert.equal(it.inside, "help", `the focus is on <${it.tag}> of the page`);
    assert.ok(it.visible, `the focus on "${it.text}" cannot be seen`);
  });
}
