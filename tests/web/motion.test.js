// What moves: what opens comes from where it was opened, and only where the
// person has not asked for less motion.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PAGES, add, button, eventually, finish, openAnswer, ready, search, set, site } from "./harness.js";

const built = site({ examples: PAGES });

/** Notes the names of all animations that begin in the element. */
async function element(page, attributes) {
  const help = await add(page, { loading: "eager", area: "billing", ...attributes });
  await ready(help);
  await help.evaluate((it) => {
    globalThis.moved = [];
    it.shadowRoot.addEventListener("animationstart", ({ animationName }) => globalThis.moved.push(animationName));
  });
  return help;
}

const moved = (page) => page.evaluate(() => globalThis.moved);
const running = (help) => help.evaluate((it) => it.shadowRoot.getAnimations().length);

test("An answer comes down from its row once, and not again at each key", async () => {
  const page = await built.open("/examples/blank.html", { reducedMotion: "no-preference" });
  const help = await element(page);
  await openAnswer(help, "Charged twice");
  await eventually(async () => assert.deepEqual(await moved(page), ["come"]));
  for (const text of ["charged", "charged tw", "charged twice"]) await search(help, text);
  await eventually(async () => assert.equal(await running(help), 0));
  assert.deepEqual(await moved(page), ["come"]);
  await finish(page);
});

test("A panel rises from its launcher", async () => {
  const page = await built.open("/examples/blank.html", { reducedMotion: "no-preference" });
  const help = await element(page, { mode: "panel" });
  await button(help, "Help").click();
  await eventually(async () => assert.deepEqual(await moved(page), ["rise"]));
  await finish(page);
});

test("Who asks for less motion sees none", async () => {
  const page = await built.open("/examples/blank.html", { reducedMotion: "reduce" });
  const help = await element(page);
  await openAnswer(help, "Charged twice");
  assert.equal(await running(help), 0);
  await set(help, "mode", "panel");
  await button(help, "Help").click();
  await help.getByRole("heading", { name: "Charged twice" }).waitFor();
  assert.equal(await running(help), 0);
  assert.deepEqual(await moved(page), []);
  await finish(page);
});
