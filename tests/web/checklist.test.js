// An entry as a checklist: on paper, as text, as Markdown.
import assert from "node:assert/strict";
import { test } from "node:test";
import { button, checkNumber, eventually, finish, openFound, search, site } from "./harness.js";

const built = site();
const GUIDE = "Clearing a stuck contact";

async function opened(name, options) {
  const page = await built.open("/", options);
  await checkNumber(page, 20);
  await search(page, name);
  return { page, row: await openFound(page, name) };
}

test("Copied as text and as Markdown: every step with its box, ticked where it is done", async () => {
  const { page, row } = await opened("Not receiving emails", { permissions: ["clipboard-read", "clipboard-write"] });
  await row.getByRole("checkbox").first().check();
  const copied = async (name) => {
    await page.evaluate(() => navigator.clipboard.writeText(""));
    await button(row, name).click();
    await eventually(async () => assert.notEqual(await page.evaluate(() => navigator.clipboard.readText()), ""));
    return page.evaluate(() => navigator.clipboard.readText());
  };
  assert.equal(
    await copied("Copy as text"),
    "Not receiving emails\n\n[x] Check your email address in Settings.\n[ ] If the address is wrong, correct it.\n[ ] Check your spam folder.\n[ ] If the emails are there, mark them as not spam.\n",
  );
  assert.equal(
    await copied("Copy as Markdown"),
    "# Not receiving emails\n\n- [x] Check your email address in **Settings**.\n- [ ] If the address is wrong, correct it.\n- [ ] Check your spam folder.\n- [ ] If the emails are there, mark them as not spam.\n",
  );
  await finish(page);
});

/** What a person reads on the paper: the text and the place of each visible element. */
function printed() {
  const host = document.querySelector(".unstuck-print");
  const root = host.shadowRoot;
  const seen = (it) => it.checkVisibility() && it.getBoundingClientRect().height > 0;
  const texts = (selector) => [...root.querySelectorAll(selector)].filter(seen).map((it) => it.textContent.trim());
  return {
    title: texts("h1, h2, h3"),
    steps: texts(".step label"),
    boxes: [...root.querySelectorAll(".tick")].filter(seen).map((it) => it.checked),
    controls: texts("button:not(.toggle), textarea, .path, progress"),
    page: [...document.body.children].some(seen),
    wide: [...root.querySelectorAll("*")].filter(seen).some((it) => it.getBoundingClientRect().right > document.documentElement.clientWidth + 1),
  };
}

test("Printed, the guide has all its steps with boxes, no controls and nothing else of the page", async () => {
  const { page, row } = await opened(GUIDE, { prepare: (page) => page.addInitScript(() => (globalThis.print = () => (globalThis.isPrinted = true))) });
  await button(row, "Done, next").click();
  await button(row, "Print").click();
  await page.waitForFunction(() => globalThis.isPrinted);
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize({ width: 700, height: 1000 });
  const seen = await page.evaluate(printed);
  assert.deepEqual(seen.title, [GUIDE]);
  assert.equal(seen.steps.length, 9);
  assert.equal(seen.steps[8], "Click OK.");
  assert.deepEqual(seen.boxes, [true, ...Array(8).fill(false)]);
  assert.deepEqual(seen.controls, []);
  assert.equal(seen.page, false, "nothing else of the page");
  assert.equal(seen.wide, false, "nothing is cut");
  const breaks = await page.evaluate(() => [...document.querySelector(".unstuck-print").shadowRoot.querySelectorAll(".step")].map((it) => getComputedStyle(it).breakInside));
  assert.deepEqual(new Set(breaks), new Set(["avoid"]));
  await page.emulateMedia({ media: null });

  // To a real PDF: two pages at most, after which the page is as it was.
  const pdf = await page.pdf({ format: "A4" });
  const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length;
  assert.ok(pages >= 1 && pages <= 2, `${pages} pages`);
  await eventually(async () => assert.equal(await page.locator(".unstuck-print").count(), 0));
  assert.deepEqual(await page.evaluate(() => document.adoptedStyleSheets.length), 0);
  await finish(page);
});
