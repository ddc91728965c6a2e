// Links to an answer: the fragment of the page's address, back and forward.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PAGES, add, answer, checkNumber, checkOpenIs, events, eventually, finish, openFound, ready, search, set, site } from "./harness.js";

const built = site({ examples: PAGES });
const GUIDE = "Clearing a stuck contact";
const GUIDE_ID = "stuck-contacts-clearing-a-stuck-contact";

/** The portal page with one element that has a route. */
async function routed(fragment = "", attributes = {}) {
  const page = await built.open(`/examples/blank.html${fragment}`);
  const element = await add(page, { loading: "eager", route: "hash", ...attributes });
  await ready(element);
  return { page, element };
}

const hash = (page) => page.evaluate(() => location.hash);
const checkHash = (page, expected) => eventually(async () => assert.equal(await hash(page), expected));

test("An answer that is opened is in the address, and back and forward go through them", async () => {
  const { page, element } = await routed();
  await search(element, "Charged twice");
  await openFound(element, "Charged twice");
  await checkHash(page, "#unstuck-help=billing-charged-twice");
  await search(element, "captcha");
  await checkHash(page, "");
  await openFound(element, "Login screen says captcha failed");
  await checkHash(page, "#unstuck-help=login-access-login-screen-says-captcha-failed");
  await page.goBack();
  await checkOpenIs(element, null);
  await page.goBack();
  await checkOpenIs(element, "Charged twice");
  await checkHash(page, "#unstuck-help=billing-charged-twice");
  await page.goForward();
  await page.goForward();
  await checkOpenIs(element, "Login screen says captcha failed");
  await finish(page);
});

test("A link opens its answer at its step, whatever loading says", async () => {
  const page = await built.open(`/examples/blank.html#unstuck-help=${GUIDE_ID}/4`);
  const element = await add(page, { route: "hash", loading: "interaction" });
  await checkOpenIs(element, GUIDE);
  await element.locator(".step:visible label").filter({ hasText: "Click Active Contacts in the list of reports." }).waitFor();
  assert.deepEqual((await events(page, "entry-opened")).map((it) => it.detail), [{ id: GUIDE_ID, from: "route" }]);
  assert.equal(await hash(page), `#unstuck-help=${GUIDE_ID}/4`);
  await finish(page);
});

test("A link without an id is the first element's", async () => {
  const { page, element } = await routed("#unstuck=billing-charged-twice");
  await checkOpenIs(element, "Charged twice");
  await finish(page);
});

test("What else is in the fragment stays", async () => {
  const { page, element } = await routed("#tab=2&x");
  await search(element, "Charged twice");
  await openFound(element, "Charged twice");
  await checkHash(page, "#tab=2&x&unstuck-help=billing-charged-twice");
  await answer(element, "Charged twice").click();
  await checkHash(page, "#tab=2&x");
  await finish(page);
});

test("Two elements do not fight", async () => {
  const { page, element } = await routed("#unstuck-help=billing-charged-twice&unstuck-two=calls-new-calls-not-appearing");
  await page.evaluate(() => {
    const two = document.createElement("unstuck-help");
    Object.assign(two, { id: "two", route: "hash", loading: "eager" });
    document.querySelector("main").append(two);
  });
  const two = page.locator("#two");
  await checkOpenIs(element, "Charged twice");
  await checkOpenIs(two, "New calls not appearing");
  await answer(two, "New calls not appearing").click();
  await checkOpenIs(two, null);
  await checkOpenIs(element, "Charged twice");
  await checkHash(page, "#unstuck-help=billing-charged-twice");
  await finish(page);
});

test("A link that leads nowhere says so, to the person and to the host", async () => {
  const { page, element } = await routed("#unstuck-help=no-such-answer");
  await element.getByText("A link leads to “no-such-answer”, which is not here.").waitFor();
  const [error] = await events(page, "error");
  assert.equal(error.detail.code, "unknown-entry");
  await finish(page);
});

test("A fragment that is no link of ours breaks nothing", async () => {
  const { page, element } = await routed("#unstuck-help=%E0%A4%A/x&=&%");
  await checkNumber(element, 20);
  await finish(page);
});

test("An address that changes while the page is open is followed", async () => {
  const { page, element } = await routed();
  await page.evaluate(() => (location.hash = "unstuck-help=billing-charged-twice"));
  await checkOpenIs(element, "Charged twice");
  await page.evaluate(() => (location.hash = ""));
  await checkOpenIs(element, null);
  await finish(page);
});

test("Without the attribute the address is nobody's business", async () => {
  const page = await built.open("/examples/blank.html#unstuck-help=billing-charged-twice");
  const element = await add(page, { loading: "eager" });
  await ready(element);
  await checkOpenIs(element, null);
  await search(element, "captcha");
  await openFound(element, "Login screen says captcha failed");
  assert.equal(await hash(page), "#unstuck-help=billing-charged-twice");
  await set(element, "route", "hash");
  await checkOpenIs(element, "Charged twice");
  await finish(page);
});

test("The address stays that of the page where the page has another base", async () => {
  const { page, element } = await routed();
  await page.evaluate(() => {
    const base = document.createElement("base");
    base.href = "/elsewhere/";
    document.head.append(base);
  });
  await search(element, "Charged twice");
  await openFound(element, "Charged twice");
  await checkHash(page, "#unstuck-help=billing-charged-twice");
  assert.equal(await page.evaluate(() => location.pathname), "/examples/blank.html");
  await finish(page);
});
