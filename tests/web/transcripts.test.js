// The five main ways through, by keyboard alone, and what a screen reader is
// given on each: the accessibility tree at every station is kept in
// tests/web/transcripts/. UPDATE_TRANSCRIPTS=1 keeps what is there now; read it.
import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { PAGES, add, checkEvents, checkFocus, checkNumber, checkOpenIs, checkResults, eventually, events, finish, press, ready, site, tabTo, twoPauses } from "./harness.js";

const built = site();
const own = site({ examples: PAGES });
const FOLDER = new URL("transcripts/", import.meta.url);

/** Compares what is read out on a way, station by station, with what was kept. */
function transcript(name) {
  const stations = [];
  return {
    /** What the element is, as the accessibility tree tells it. */
    async note(help, title) {
      // What is said after a pause is said by then.
      await twoPauses();
      const tree = await help.ariaSnapshot();
      // The day and the hour of a step that is done.
      stations.push(`## ${title}\n\n${tree.replace(/\d+\/\d+\/\d+, \d+:\d+:\d+\s[AP]M/g, "DATE")}\n`);
    },
    async check() {
      const file = new URL(`${name}.md`, FOLDER);
      const now = stations.join("\n");
      if (process.env.UPDATE_TRANSCRIPTS === "1") {
        await mkdir(FOLDER, { recursive: true });
        await writeFile(file, now);
      }
      assert.equal(now, await readFile(file, "utf8"), `${name}.md: read what is new, and keep it with UPDATE_TRANSCRIPTS=1`);
    },
  };
}

test("By keyboard: half a sentence, the steps, and it is fixed", async () => {
  const page = await built.open("/examples/billing.html");
  const help = page.locator("unstuck-help");
  const { note, check } = transcript("fixed");
  await checkNumber(help, 4);
  await tabTo(page, /^$/);
  await help.evaluate((it) => it.shadowRoot.querySelector("input").focus());
  await note(help, "Four answers about billing");
  await page.keyboard.type("past due");
  await checkResults(help, ["Invoice past due"]);
  await press(page, "ArrowDown");
  await checkFocus(page, "button", "Invoice past due");
  await press(page, "Enter");
  await checkOpenIs(help, "Invoice past due");
  await note(help, "An answer is open");
  await press(page, "Tab", "Space", "Tab", "Space");
  await tabTo(page, /^Yes$/);
  await press(page, "Enter");
  await eventually(async () => assert.equal((await events(page, "resolved")).length, 1));
  await note(help, "Both steps done, and solved");
  await check();
  await finish(page);
});

test("By keyboard: an error from a log opens its answer by itself", async () => {
  const page = await own.open("/examples/blank.html");
  const help = await add(page, { loading: "eager" });
  const { note, check } = transcript("pasted");
  await ready(help);
  await press(page, "Tab");
  await page.keyboard.insertText('[2026-11-20T08:14:02Z] ERROR GET /api/v1/calls 401 (Unauthorized)');
  await checkOpenIs(help, "401 Unauthorized");
  await checkFocus(page, "input");
  await note(help, "The answer is open, the focus still in the field");
  await press(page, "ArrowDown");
  await checkFocus(page, "button", "401 Unauthorized");
  await press(page, "Tab");
  assert.equal(await page.evaluate(() => document.querySelector("#help").shadowRoot.activeElement.type), "checkbox");
  await check();
  await finish(page);
});

test("By keyboard: the page's own error, and the answer beside it", async () => {
  const page = await built.open("/examples/login.html");
  const help = page.locator("unstuck-help");
  const { note, check } = transcript("offered");
  await checkNumber(help, 5);
  await page.getByLabel("Email").focus();
  await page.keyboard.type("person@example.com");
  await press(page, "Enter");
  await help.getByText("This may help:").waitFor();
  await note(help, "An answer is offered");
  await tabTo(page, /^"Invalid email or password"$/);
  await press(page, "Enter");
  await checkOpenIs(help, '"Invalid email or password"');
  await checkFocus(page, "button", '"Invalid email or password"');
  await note(help, "It is open");
  await check();
  await finish(page);
});

test("By keyboard: the guide, step by step", async () => {
  const page = await own.open("/examples/blank.html");
  const help = await add(page, { area: "stuck-contacts" });
  const { note, check } = transcript("guide");
  await checkNumber(help, 1);
  await press(page, "Tab", "ArrowDown", "Enter");
  await checkOpenIs(help, "Clearing a stuck contact");
  await note(help, "The first step");
  await tabTo(page, /^Done, next$/);
  await press(page, "Enter", "Enter");
  await eventually(async () => assert.equal((await events(page, "step-done")).length, 2));
  await note(help, "The third step");
  await tabTo(page, /^All steps at once$/, "Shift+Tab");
  await press(page, "Enter");
  await note(help, "All steps at once");
  await check();
  await finish(page);
});

test("By keyboard: steps that do not help lead to somebody", async () => {
  const page = await own.open("/examples/blank.html");
  const help = await add(page, { area: "billing" });
  const { note, check } = transcript("handed-over");
  await help.evaluate((it) => it.addEventListener("unstuck-escalated", (event) => event.preventDefault()));
  await checkNumber(help, 4);
  await press(page, "Tab", "ArrowDown", "ArrowDown", "Enter");
  await checkOpenIs(help, "Invoice amount looks wrong");
  await tabTo(page, /^No$/);
  await press(page, "Enter");
  await eventually(async () => assert.equal((await events(page, "not-resolved")).length, 1));
  await note(help, "It did not help");
  await tabTo(page, /^Hand over to /);
  await press(page, "Enter");
  await help.getByRole("textbox", { name: /^This is what they get/ }).waitFor();
  await note(help, "The summary");
  await tabTo(page, /^Copy$/);
  await press(page, "Enter");
  await eventually(async () => assert.equal((await events(page, "escalated")).length, 1));
  await note(help, "Handed over");
  await check();
  await finish(page);
});
