// Readable when the widget is not: without script, without WebAssembly, and
// where what it needs cannot be had.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import {
  PAGES, POLICY, add, button, checkNumber, checkOpenIs, consoleOf, copy, drawn, eventually, events, field, finish, focused, ready, search, set, site,
} from "./harness.js";

const own = site({ examples: PAGES });
const built = site();

/** A browser that compiles nothing, and so has no WebAssembly: as in Lockdown Mode. */
const WITHOUT_WASM = { flags: ["--js-flags=--jitless"] };

const knowledge = JSON.parse(await readFile("dist/kb/customer.entries.json", "utf8"));
const N = 43;

/** What an answer says, as words: the marks of its text are not read. */
const said = (entry) =>
  [entry.symptom, ...entry.causes, ...entry.description, ...entry.after, ...entry.steps.flatMap((it) => [it.text, ...it.notes.map((note) => note.text)])].map((it) =>
    it.replace(/\x05[^\x06]*\x06/g, "").replace(/[\x01-\x07]/g, ""),
  );

/** Every answer can be opened and all of it read, among the `details` of a page or an element. */
async function checkAnswers(scope, entries) {
  const found = await scope.locator("details").evaluateAll((all) =>
    all.map((it) => {
      it.open = true;
      return { symptom: it.querySelector("summary").innerText, text: it.innerText.replace(/\s+/g, " "), isSeen: it.checkVisibility() };
    }),
  );
  for (const entry of entries) {
    const [symptom, ...rest] = said(entry);
    const answer = found.find((it) => it.symptom === symptom && rest.every((line) => it.text.includes(line.replace(/\s+/g, " "))));
    assert.ok(answer?.isSeen, `${symptom} cannot be read`);
  }
}

const list = (help) => help.locator(".rescue");
const summaries = (help) => list(help).locator("summary:visible").allInnerTexts();

for (const name of ["login", "billing", "portal"]) {
  test(`${name}: with JavaScript switched off, all ${N} answers can be reached and read`, async () => {
    const page = await built.open(`/examples/${name}.html`, { javaScriptEnabled: false });
    const help = page.locator("unstuck-help");
    const first = help.locator("summary").first();
    await first.click();
    assert.ok(await help.locator("details[open] p").first().isVisible());
    await help.getByRole("link", { name: "All answers on one page" }).click();
    assert.equal(await page.locator("summary:visible").count(), N);
    for (const entry of knowledge.entries) {
      const [symptom, ...rest] = said(entry);
      const answer = page.locator("details").filter({ has: page.locator("summary").getByText(symptom, { exact: true }) }).filter({ hasText: rest[0] });
      await answer.locator("summary").click();
      const text = (await answer.innerText()).replace(/\s+/g, " ");
      for (const line of rest) assert.ok(text.includes(line), `${symptom}: ${line}`);
    }
    for (const it of knowledge.areas) assert.ok(await page.getByRole("heading", { name: it.title, exact: true }).isVisible(), it.title);
    await page.context().close();
  });

  test(`${name}: with WebAssembly switched off, all ${N} answers can be reached and read`, async () => {
    const page = await built.open(`/examples/${name}.html`, WITHOUT_WASM);
    const help = page.locator("unstuck-help");
    await list(help).locator("summary").first().waitFor();
    assert.deepEqual((await events(page, "error")).map((it) => it.detail.code), ["wasm-refused"]);
    const areas = (await help.getAttribute("areas"))?.split(",");
    const here = knowledge.entries.filter((it) => !areas || areas.includes(knowledge.areas[it.area].id));
    assert.equal((await summaries(help)).length, here.length);
    await checkAnswers(list(help), here);
    // Its children are there too, and lead to the others.
    assert.ok(await help.locator("> details").first().isVisible());
    await finish(page, {});
    const again = await built.open(`/examples/${name}.html`, WITHOUT_WASM);
    await again.locator("unstuck-help").getByRole("link", { name: "All answers on one page" }).click();
    // The page is long, and comes in parts.
    await eventually(async () => assert.equal(await again.locator("details").count(), N));
    await checkAnswers(again, knowledge.entries);
    await again.context().close();
  });
}

test("The plain list begins with the area that the element is about, says how many there are, and is shortened by what is typed", async () => {
  const page = await own.open("/examples/blank.html", WITHOUT_WASM);
  const help = await add(page, { area: "billing" });
  await list(help).getByRole("status").getByText(`${N} answers`).waitFor();
  assert.equal((await list(help).getByRole("heading").allInnerTexts())[0], "Billing");
  await search(help, "charged TWICE");
  await list(help).getByRole("status").getByText("1 answer", { exact: false }).waitFor();
  assert.deepEqual(await summaries(help), ["Charged twice"]);
  assert.deepEqual(await list(help).getByRole("heading").allInnerTexts(), ["Billing"]);
  await search(help, "xyzzy");
  assert.deepEqual(await summaries(help), []);
  await search(help, "");
  assert.equal((await summaries(help)).length, N);
  await finish(page);
});

test("It has what was typed before, the areas that exist, the open answer, the page's words, contacts and heading level", async () => {
  const page = await own.open("/examples/blank.html", WITHOUT_WASM);
  const help = await add(page, { areas: "billing,members", entry: "billing-charged-twice", "heading-level": "4", loading: "interaction" });
  await help.evaluate((it) => {
    it.messages = { failed: "Keine Suche.", retry: null, answersMany: undefined };
    it.contacts = { support: { label: "Kundendienst", href: "mailto:help@portal.example" } };
  });
  await field(help).pressSequentially("charg");
  await list(help).locator("details[open]").waitFor();
  assert.deepEqual(await summaries(help), ["Charged twice"]);
  await list(help).getByText("Keine Suche.").waitFor();
  assert.equal(await list(help).getByRole("heading", { level: 4 }).count(), 1);
  const link = list(help).locator("details[open]").getByRole("link", { name: "Kundendienst" });
  assert.equal(await link.getAttribute("href"), "mailto:help@portal.example");
  await search(help, "");
  assert.equal((await summaries(help)).length, 7);
  assert.ok(await button(help, "Try again").isVisible());
  await finish(page);
});

test("A link from one answer to another opens that one, and the address of the page stays", async () => {
  const page = await own.open("/examples/blank.html", WITHOUT_WASM);
  const help = await add(page, { area: "billing" });
  const link = list(help).locator('a[href^="#"]').first();
  await link.evaluate((it) => (it.closest("details").open = true));
  const id = (await link.getAttribute("href")).slice(1);
  await link.click();
  assert.ok(await list(help).locator(`[id="${id}"] li`).first().isVisible());
  assert.equal(await page.evaluate(() => location.hash), "");
  await finish(page);
});

test("Where the audience changes, so does the list", async () => {
  const page = await own.open("/examples/blank.html", WITHOUT_WASM);
  const help = await add(page, { area: "billing" });
  await list(help).locator("summary").first().waitFor();
  await set(help, "audience", "nobody");
  await eventually(async () => assert.equal(await list(help).locator("summary").count(), 0));
  // The old list goes before the new one is looked for.
  await eventually(() => assert.ok(consoleOf(page).length > 0));
  await finish(page, { console: [/^error: Failed to load resource: the server responded with a status of 404/] });
});

test("By keyboard: from the field to an answer and its steps", async () => {
  const page = await own.open("/examples/blank.html", WITHOUT_WASM);
  const help = await add(page, { area: "billing" });
  await list(help).locator("summary").first().waitFor();
  await field(help).focus();
  await page.keyboard.type("charged twice");
  await page.keyboard.press("Tab");
  assert.equal((await focused(page)).text, "Try again");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await list(help).getByText("Ask support to refund the second charge.").waitFor();
  await finish(page);
});

test("`Try again` brings the widget once it can be had, with what was typed, and the focus goes to the field", async () => {
  let down = true;
  const page = await own.open("/examples/blank.html", {
    prepare: (page) => page.route("**/unstuck.wasm", (route) => (down ? route.abort("connectionfailed") : route.continue())),
  });
  const help = await add(page, {});
  await search(help, "charged twice");
  await eventually(async () => assert.deepEqual(await summaries(help), ["Charged twice"]));
  await button(help, "Try again").click();
  await eventually(async () => assert.deepEqual((await events(page, "error")).map((it) => it.detail.code), ["wasm-unreachable", "wasm-unreachable"]));
  assert.equal(await list(help).count(), 1);
  down = false;
  await button(help, "Try again").click();
  await checkNumber(help, 1);
  assert.equal(await list(help).count(), 0);
  assert.equal((await focused(page)).id ?? "query", "query");
  assert.ok(await help.evaluate((it) => it.matches(":state(ready)") && !it.matches(":state(failed)")));
  await finish(page, { console: [/^error: Failed to load resource: net::ERR_/] });
});

test("Without the widget's own script there is the same list, and the same way to try again", async () => {
  let down = true;
  const page = await own.open("/examples/blank.html", {
    prepare: (page) => page.route(/widget\.js/, (route) => (down ? route.abort("connectionfailed") : route.continue())),
  });
  const help = await add(page, { area: "billing" });
  await list(help).locator("summary").first().waitFor();
  assert.equal((await summaries(help)).length, N);
  assert.equal(await help.evaluate((it) => it.ready.then(() => "ready", (code) => code)), "wasm-unreachable");
  down = false;
  await button(help, "Try again").click();
  await ready(help);
  await checkNumber(help, 4);
  await set(help, "query", "refund");
  await checkNumber(help, 1);
  await finish(page, { console: [/^error: Failed to load resource: net::ERR_/] });
});

for (const mode of ["compact", "panel", "dialog"]) {
  test(`${mode}: the list is in it`, async () => {
    const page = await own.open("/examples/blank.html", WITHOUT_WASM);
    const help = await add(page, { mode, area: "billing" });
    await button(help, "Help").click();
    await list(help).locator("summary").first().click();
    assert.ok(await list(help).locator("details[open] li").first().isVisible());
    await finish(page);
  });
}

test("A link in what is remembered of an answer is no script", async () => {
  const widget = () =>
    copy(async (dist) => {
      const path = `${dist}/kb/customer.entries.json`;
      const changed = JSON.parse(await readFile(path, "utf8"));
      changed.entries[0].symptom = "\x05javascript:alert(1)\x06Click\x07 \x01me \x02both\x07";
      changed.contacts[0].href = " javascript:alert(1)";
      await writeFile(path, JSON.stringify(changed));
    });
  const page = await site({ widget, examples: PAGES }).open("/examples/blank.html", WITHOUT_WASM);
  const help = await add(page, {});
  await list(help).getByText("Click me both").waitFor();
  assert.equal(await list(help).locator("a[href*=javascript]").count(), 0);
  await finish(page);
});

test("Where its files are damaged too, the children are what there is, and the console says nothing", async () => {
  for (const text of ["<!doctype html>", "null", "{}", '{"entries":[{}],"areas":[{}],"contacts":[]}']) {
    const widget = () =>
      copy(async (dist) => {
        await writeFile(`${dist}/kb/customer.entries.json`, text);
      });
    const page = await site({ widget, examples: PAGES }).open("/examples/blank.html", WITHOUT_WASM);
    const help = await add(page, {});
    await list(help).getByText("The search could not be started.").waitFor();
    await drawn(page);
    assert.ok(await help.getByText("What we wrote ourselves").isVisible());
    await checkOpenIs(help, null);
    await finish(page);
  }
});

test("A policy without 'wasm-unsafe-eval' is the same", async () => {
  const page = await site({
    examples: () =>
      copy(async (pages) => {
        const html = await readFile(`${pages}/blank.html`, "utf8");
        assert.ok(html.includes(POLICY));
        await writeFile(`${pages}/blank.html`, html.replace(" 'wasm-unsafe-eval'", ""));
      }, PAGES),
  }).open("/examples/blank.html");
  const help = await add(page, { area: "billing" });
  await list(help).locator("summary").first().waitFor();
  assert.equal((await summaries(help)).length, N);
  await finish(page, { policy: [/^script-src: wasm-eval$/] });
});

test("A browser from before `:state()` shows what stands inside the element, and says why once", async () => {
  const page = await own.open("/examples/blank.html", {
    prepare: (page) => page.addInitScript(() => {
      const { add } = CustomStateSet.prototype;
      CustomStateSet.prototype.add = function (name) {
        if (!name.startsWith("--")) throw new SyntaxError("must start with '--'");
        return add.call(this, name);
      };
    }),
  });
  const thrown = [];
  page.on("pageerror", (it) => thrown.push(it.message));
  const help = await add(page, { area: "billing" });
  await eventually(() => assert.deepEqual(thrown, ["must start with '--'"]));
  assert.ok(await help.getByText("What we wrote ourselves").isVisible());
  await page.context().close();
});
