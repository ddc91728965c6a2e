// Every entry, worked from the search to its end by keyboard alone: solved, or
// handed over to the contact that it names.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { checkNumber, eventually, events, finish, focused, site } from "./harness.js";

const built = site();
const { entries, contacts } = JSON.parse(await readFile("dist/kb/customer.entries.json", "utf8"));
const plain = (rich) => rich.replace(/\u0005[^\u0006]*\u0006/g, "").replace(/[\u0001-\u0007]/g, "");

async function press(page, ...keys) {
  for (const it of keys) await page.keyboard.press(it);
}

/** Tab until the focus is where `fits` says. */
async function tabTo(page, fits, what) {
  // What had the focus may be about to give it away.
  await eventually(async () => assert.notEqual((await focused(page)).tag, "body"));
  for (let presses = 0; presses < 60; presses++) {
    const it = await focused(page);
    if (fits(it)) return assert.ok(it.visible, `the focus on ${what} cannot be seen`);
    assert.notEqual(it.tag, "body", `the focus left the page before it came to ${what}`);
    await press(page, "Tab");
  }
  assert.fail(`Tab does not lead to ${what}`);
}

const isButton = (text) => (it) => (it.tag === "button" || it.tag === "a") && it.text === text;

for (const [n, entry] of entries.entries()) {
  const symptom = plain(entry.symptom);
  test(`By keyboard: ${symptom}`, async () => {
    const page = await built.open("/", { prepare: (page) => page.clock.install() });
    await checkNumber(page, 20);
    await press(page, "Tab", "Tab");
    await page.keyboard.type(symptom);
    // Its own symptom finds it first.
    const first = page.getByRole("heading").getByRole("button").first();
    await eventually(async () => assert.equal((await first.textContent()).trim(), symptom));
    await page.clock.runFor(2_000);
    await press(page, "ArrowDown");
    await eventually(async () => assert.equal((await focused(page)).text, symptom));
    // A clear answer is open by now.
    if ((await first.getAttribute("aria-expanded")) !== "true") await press(page, "Enter");
    await eventually(async () => assert.equal(await first.getAttribute("aria-expanded"), "true"));

    if (entry.guide) {
      for (let step = 0; step < entry.steps.length; step++) {
        await tabTo(page, isButton("Done, next"), "the next step");
        await press(page, "Enter");
        await eventually(async () => assert.equal((await events(page, "step-done")).length, step + 1));
      }
    } else {
      let done = 0;
      for (const { kind } of entry.steps) {
        if (kind === "info") continue;
        if (kind.wait) {
          await tabTo(page, isButton(`Start the ${kind.wait.minutes} minutes`), "the wait");
          await press(page, "Enter");
          await eventually(async () => assert.equal((await focused(page)).text, "Stop"));
          await page.clock.runFor(kind.wait.minutes * 60_000 + 1_000);
          await tabTo(page, isButton("Not yet"), "the answer to the wait");
          await press(page, "Enter");
          // The next step has the focus, or the question after the last.
          await eventually(async () => assert.ok(["input", "div"].includes((await focused(page)).tag)));
        } else {
          await tabTo(page, (it) => it.tag === "input" && it.step === done, "the tick");
          await press(page, "Space");
        }
        done += 1;
        await eventually(async () => assert.equal((await events(page, "step-done")).length, done));
      }
    }

    const named = entry.steps.find((it) => it.kind.escalate)?.kind.escalate.contact ?? entry.contact;
    const [end, expected] = n % 2 === 0 || entry.steps.at(-1).kind === "info" ? ["Yes", "resolved"] : ["No", "escalated"];
    const yes = entry.steps.at(-1).kind === "info" ? "All right" : end;
    await tabTo(page, isButton(yes), yes);
    await press(page, "Enter");
    await eventually(async () => assert.equal((await focused(page)).tag, "div"));
    if (expected === "escalated") {
      await tabTo(page, isButton(`Hand over to ${contacts[named].label}`), "the hand-over");
      await press(page, "Enter");
      await eventually(async () => assert.equal((await focused(page)).tag, "textarea"));
      await page.clock.runFor(100);
      await tabTo(page, isButton("Copy"), "the way to send it");
      await press(page, "Enter");
    }
    await eventually(async () => assert.equal((await events(page, expected)).length, 1));
    const [{ detail }] = await events(page, expected);
    assert.equal(detail.id, entry.id);
    if (expected === "escalated") assert.equal(detail.contact, contacts[named].id);
    await finish(page);
  });
}
