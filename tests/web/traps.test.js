// A module that stops in the middle of what it does, while people use it: the
// element says so, the widget starts once more, and nobody loses what they had.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  PAGES, add, area, breakAll, button, checkArea, checkNumber, checkOpen, checkOpenIs, checkResults, eventually, events, field, finish,
  openAnswer, reach, ready, requests, search, site, ticks,
} from "./harness.js";

const own = site({ examples: PAGES });

async function opened(attributes, path = "/examples/blank.html") {
  const page = await own.open(path, { prepare: (page) => page.addInitScript(reach) });
  const help = attributes && (await add(page, attributes));
  if (help) await ready(help);
  return { page, help };
}

async function checkTraps(page, n) {
  await eventually(async () => assert.deepEqual((await events(page, "error")).map((it) => it.detail.code), Array(n).fill("trap")));
}

test("Typing into a broken module: what was typed is searched by the next one, and the console is clean", async () => {
  const { page, help } = await opened({});
  await search(help, "charged");
  await checkOpenIs(help, null);
  await breakAll(page);
  await field(help).pressSequentially(" twice");
  await checkTraps(page, 1);
  await checkResults(help, ["Charged twice"]);
  assert.equal(await field(help).inputValue(), "charged twice");
  assert.equal((await events(page, "ready")).length, 2);
  // It goes on as if nothing had been.
  await search(help, "captcha");
  await openAnswer(help, "Login screen says captcha failed");
  await finish(page);
});

test("Area, open answer and steps done are there again", async () => {
  const { page, help } = await opened({});
  await area(help, "Billing").click();
  await openAnswer(help, "Invoice past due");
  await ticks(help).first().check();
  await breakAll(page);
  await ticks(help).nth(1).click();
  await checkTraps(page, 1);
  await checkArea(help, "Billing");
  await checkNumber(help, 4);
  await checkOpen(help, "Invoice past due");
  await eventually(async () => assert.equal(await ticks(help).first().isChecked(), true));
  assert.equal(await ticks(help).nth(1).isChecked(), false);
  await finish(page);
});

test("All elements of a page go on with one new module", async () => {
  const { page } = await opened(null, "/examples/two.html");
  const [one, two] = [page.locator("#one"), page.locator("#two")];
  await checkNumber(one, 4);
  await checkNumber(two, 3);
  await search(one, "refund");
  await breakAll(page);
  await search(two, "invited");
  await checkTraps(page, 2);
  await checkResults(two, ["Can't add a member", "Invited person never received email"]);
  await eventually(async () => assert.equal(await field(one).inputValue(), "refund"));
  await checkResults(one, ["Charged twice"]);
  assert.equal(requests(page, /widget\.js/).length, 2);
  assert.equal(requests(page, /unstuck\.wasm/).length, 2);
  await finish(page);
});

test("One that is out of the page while it happens goes on when it is back", async () => {
  const { page, help } = await opened({});
  await search(help, "charged twice");
  await checkResults(help, ["Charged twice"]);
  await page.evaluate(async () => {
    globalThis.out = document.querySelector("#help");
    globalThis.out.remove();
    await new Promise((done) => setTimeout(done));
  });
  await breakAll(page);
  await page.evaluate(() => document.querySelector("main").append(globalThis.out));
  await checkTraps(page, 1);
  await checkResults(help, ["Charged twice"]);
  await finish(page);
});

test("A method that traps rejects with `trap`; the next one is answered", async () => {
  const { page, help } = await opened({});
  await breakAll(page);
  const code = await help.evaluate((it) => it.search("captcha").then(() => "resolved", (reason) => reason.code));
  assert.equal(code, "trap");
  await checkTraps(page, 1);
  const ids = await help.evaluate((it) => it.search("captcha").then((hits) => hits.map((hit) => hit.id)));
  assert.equal(ids[0], "login-access-login-screen-says-captcha-failed");
  await finish(page);
});

test("One that comes after the trap goes on with the new module too, as its host asks", async () => {
  const { page, help } = await opened({});
  await breakAll(page);
  await search(help, "charged twice");
  await checkResults(help, ["Charged twice"]);
  const later = await page.evaluateHandle(() => {
    const help = document.createElement("unstuck-help");
    help.setAttribute("entry", "billing-invoice-past-due");
    help.setAttribute("area", "billing");
    document.querySelector("main").append(help);
    return help;
  });
  assert.equal(await later.evaluate((it) => it.ready.then(() => "ready", (code) => code)), "ready");
  await checkOpenIs(page.locator("unstuck-help").nth(1), "Invoice past due");
  await later.evaluate((it) => (it.lang = "de"));
  assert.equal(await later.evaluate((it) => it.ready.then(() => "ready", (code) => code)), "ready");
  await checkNumber(page.locator("unstuck-help").nth(1), 4);
  assert.equal(await page.locator("unstuck-help .rescue").count(), 0);
  await finish(page);
});

test("What is typed while an answer is open, and traps, is not lost to that answer", async () => {
  const { page, help } = await opened({});
  await search(help, "charged twice");
  await checkOpenIs(help, "Charged twice");
  await breakAll(page);
  await search(help, "captcha");
  await checkTraps(page, 1);
  await checkResults(help, ["Login screen says captcha failed"]);
  assert.equal(await field(help).inputValue(), "captcha");
  const ways = (await events(page, "entry-opened")).map((it) => it.detail.from);
  assert.ok(!ways.includes("route"), `${ways}`);
  await finish(page);
});

test("One that never was in the page goes on by its methods", async () => {
  const { page } = await opened(null);
  const ids = await page.evaluate(async () => {
    const help = document.createElement("unstuck-help");
    await help.ready;
    globalThis.memories.forEach((it) => new Uint8Array(it.buffer).fill(0xff));
    const said = [];
    for (let i = 0; i < 3; i++) said.push(await help.search("charged twice", { limit: 1 }).then(([it]) => it.id, (error) => error.code));
    return said;
  });
  assert.deepEqual(ids, ["trap", "billing-charged-twice", "billing-charged-twice"]);
  await finish(page);
});

test("One whose widget came at the second try is taken up as well when it traps", async () => {
  let down = true;
  const page = await own.open("/examples/blank.html", {
    prepare: async (page) => {
      await page.addInitScript(reach);
      await page.route(/widget\.js$/, (route) => (down ? route.abort("connectionfailed") : route.continue()));
    },
  });
  const help = await add(page, {});
  await button(help, "Try again").click();
  down = false;
  await search(help, "charged twice");
  await checkResults(help, ["Charged twice"]);
  await breakAll(page);
  await search(help, "charged");
  await checkResults(help, ["Charged twice"]);
  assert.equal((await events(page, "error")).at(-1).detail.code, "trap");
  await finish(page, { console: [/^error: Failed to load resource: net::ERR_/] });
});

test("A module that traps again gives way to the plain list, with what was typed", async () => {
  const { page, help } = await opened({});
  await breakAll(page);
  await search(help, "charged");
  await checkTraps(page, 1);
  await checkResults(help, ["Charged twice"]);
  await breakAll(page);
  await field(help).pressSequentially(" twice");
  await checkTraps(page, 2);
  await help.getByText("The search could not be started.").waitFor();
  await eventually(async () => assert.deepEqual(await help.locator("summary:visible").allInnerTexts(), ["Charged twice"]));
  assert.ok(await help.getByText("What we wrote ourselves").isVisible());
  assert.ok(await help.evaluate((it) => it.matches(":state(failed)")));
  assert.ok(await button(help, "Try again").isVisible());
  await finish(page);
});

test("While it waits: a wait that is on goes on", async () => {
  const { page, help } = await opened({ entry: "calls-new-calls-not-appearing" });
  await help.getByRole("button", { name: /15 minutes/ }).click();
  await breakAll(page);
  await checkTraps(page, 1);
  await eventually(async () => assert.match(await help.locator("[part~=timer]").innerText(), /1[45]:\d\d left/));
  await finish(page);
});
