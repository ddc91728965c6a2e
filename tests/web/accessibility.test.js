// What can be told of accessibility without a person: in every state, light
// and dark, wide and narrow, in either direction axe-core finds nothing, and
// nothing is cut off, beside the page or too small to hit; nor is it with wide
// letters, zoomed in four times, or in forced colours.
import assert from "node:assert/strict";
import { test } from "node:test";
import { findings, withAxe } from "./axe.js";
import { misplaced } from "./geometry.js";
import { checkLooks } from "./looks.js";
import { PAGES, add, button, checkNumber, drawn, field, hold, openAnswer, openFound, ready, search, site, style, ticks } from "./harness.js";

const own = site({ examples: PAGES });

/** What the page around the element is to blame for: it has a heading and landmarks of its own in a real one. */
const OF_THE_PAGE = ["page-has-heading-one", "region", "landmark-one-main"];

/** States, each reached as a person reaches it. */
const STATES = {
  async "before it is loaded"({ page }) {
    const help = await add(page, { loading: "interaction" });
    await field(help).waitFor();
    return help;
  },
  async loading({ page }) {
    await hold(page, /\.bin$/);
    const help = await add(page, { loading: "eager" });
    await search(help, "captcha");
    return help;
  },
  async "all areas"({ page }) {
    const help = await add(page);
    await checkNumber(help, 20);
    return help;
  },
  async "recent searches"({ page }) {
    const texts = ["invoice past due", "captcha", "GET /api/v1/calls 401 (Unauthorized) again and again", "503"];
    await page.evaluate((texts) => localStorage.setItem("unstuck/1 /kb/ customer recent", JSON.stringify(texts)), texts);
    const help = await add(page, { remember: "local" });
    await button(help, "Forget them").waitFor();
    await checkNumber(help, 20);
    return help;
  },
  async "no answer"({ page }) {
    const help = await add(page);
    await ready(help);
    await search(help, "xyzzy plugh");
    await checkNumber(help, 0);
    return help;
  },
  async "better elsewhere"({ page }) {
    const help = await add(page, { area: "calls" });
    await ready(help);
    await search(help, "charged twice");
    await help.getByText("A better answer in another area:").waitFor();
    return help;
  },
  async "an open answer, a step done"({ page }) {
    const help = await add(page, { area: "billing" });
    const row = await openAnswer(help, "Can't add a payment method");
    await ticks(row).first().check();
    return help;
  },
  async "highlighted words"({ page }) {
    const help = await add(page);
    await ready(help);
    await search(help, "export pending");
    await openFound(help, "Export stuck in Pending");
    return help;
  },
  async waiting({ page }) {
    const help = await add(page);
    await ready(help);
    await search(help, "Export stuck in Pending");
    const row = await openFound(help, "Export stuck in Pending");
    await row.getByRole("button", { name: /minutes$/ }).first().click();
    await row.getByText(/left/).first().waitFor();
    return help;
  },
  async solved({ page }) {
    const help = await add(page, { area: "billing" });
    const row = await openAnswer(help, "Invoice past due");
    await button(row, "Yes").click();
    return help;
  },
  async "not solved"({ page }) {
    const help = await add(page, { area: "billing" });
    const row = await openAnswer(help, "Invoice past due");
    await button(row, "No").click();
    return help;
  },
  async "handing over"({ page }) {
    const help = await add(page, { area: "billing" });
    const row = await openAnswer(help, "Charged twice");
    await button(row, "Hand over to Support").first().click();
    await button(row, "Copy").waitFor();
    return help;
  },
  async "a guide"({ page }) {
    const help = await add(page, { area: "stuck-contacts" });
    const row = await openAnswer(help, "Clearing a stuck contact");
    await button(row, "Done, next").click();
    return help;
  },
  async failed({ page }) {
    await page.route(/unstuck\.wasm/, (it) => it.abort());
    const help = await add(page, { loading: "eager", entry: "billing-charged-twice" });
    await help.locator("details").first().waitFor();
    return help;
  },
  async "a line, open"({ page }) {
    const help = await add(page, { mode: "compact", area: "billing" });
    await help.evaluate((it) => it.open());
    await checkNumber(help, 4);
    return help;
  },
  async "a panel, open"({ page }) {
    const help = await add(page, { mode: "panel", area: "billing" });
    await help.evaluate((it) => it.open());
    await checkNumber(help, 4);
    return help;
  },
  async "a dialog, open"({ page }) {
    const help = await add(page, { mode: "dialog", area: "billing" });
    await help.evaluate((it) => it.open());
    await checkNumber(help, 4);
    return help;
  },
  async "an offer beside an error"({ page }) {
    const help = await add(page, { watch: "#problem", loading: "interaction" });
    await page.evaluate(() => {
      const it = document.createElement("p");
      it.id = "problem";
      it.textContent = "Invalid email or password";
      document.querySelector("main").prepend(it);
    });
    await help.locator(".suggestion .offer").waitFor();
    return help;
  },
};

/** Of which states there is a reference picture; pages that style everything have theirs in `hosts.test.js`. */
const LOOKS = { "no answer": "state-no-answer", "highlighted words": "state-highlighted", "handing over": "state-handing-over", "a guide": "state-guide" };

/** What the page is like: colour, width, direction. */
const PLACES = [];
for (const colorScheme of ["light", "dark"]) {
  for (const width of [1000, 320]) for (const dir of ["ltr", "rtl"]) PLACES.push({ colorScheme, width, dir });
}

for (const [name, reach] of Object.entries(STATES)) {
  test(`axe finds nothing: ${name}`, async () => {
    const page = await own.open("/examples/blank.html", { prepare: withAxe });
    await style(page, ":root { color-scheme: light dark } body { background: Canvas }");
    const help = await reach({ page });
    await drawn(page);
    if (name in LOOKS) await checkLooks(page, help, LOOKS[name]);
    for (const { colorScheme, width, dir } of PLACES) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 800 });
      await page.evaluate((dir) => Object.assign(document.documentElement, { dir, lang: "en" }), dir);
      await drawn(page);
      assert.deepEqual(await findings(page, OF_THE_PAGE), [], `${colorScheme}, ${width} pixels, ${dir}`);
      assert.deepEqual(await misplaced(page), [], `${colorScheme}, ${width} pixels, ${dir}`);
    }
    // 1280 × 1024 at 400 %, and 240 pixels of a side bar.
    for (const [width, height] of [[320, 256], [240, 800]]) {
      await page.setViewportSize({ width, height });
      await drawn(page);
      assert.deepEqual(await misplaced(page), [], `${width} × ${height}`);
    }
    // WCAG 1.4.12, as far as it reaches into a shadow root.
    await style(page, "body { letter-spacing: 0.12em; word-spacing: 0.16em; line-height: 1.5 }");
    for (const width of [1000, 320]) {
      await page.setViewportSize({ width, height: 800 });
      await drawn(page);
      assert.deepEqual(await misplaced(page), [], `text spacing, ${width} pixels`);
    }
    await page.context().close();
  });
}

test("In forced colours the chosen area, the open answer and the focus can be told", async () => {
  const page = await own.open("/examples/blank.html", { forcedColors: "active" });
  const help = await STATES["an open answer, a step done"]({ page });
  const color = (locator, name) => locator.evaluate((it, name) => getComputedStyle(it)[name], name);
  const chosen = help.getByRole("button", { pressed: true });
  const other = help.getByRole("group", { name: "Areas" }).getByRole("button", { pressed: false }).first();
  assert.notEqual(await color(chosen, "backgroundColor"), await color(other, "backgroundColor"));
  const toggle = help.locator(".toggle[aria-expanded=true]");
  await page.keyboard.press("Tab");
  await toggle.focus();
  assert.notEqual(await color(toggle, "outlineStyle"), "none");
  assert.notEqual(await color(help.locator(".outcome"), "borderTopStyle"), "none");
  // A tick is the system's own.
  assert.equal(await ticks(help).first().isChecked(), true);
  await page.context().close();
});

test("What is open stays open, and where it is, when the screen is turned", async () => {
  const page = await own.open("/examples/blank.html", { viewport: { width: 740, height: 360 } });
  const help = await STATES["an open answer, a step done"]({ page });
  await search(help, "payment");
  const row = await openFound(help, "Can't add a payment method");
  await ticks(row).nth(1).check();
  await page.setViewportSize({ width: 360, height: 740 });
  await drawn(page);
  assert.equal(await field(help).inputValue(), "payment");
  assert.deepEqual(await ticks(row).evaluateAll((all) => all.map((it) => it.checked)), [true, true, false]);
  assert.ok(await ticks(row).nth(1).evaluate((it) => it.getRootNode().activeElement === it || it.isConnected));
  await page.context().close();
});
