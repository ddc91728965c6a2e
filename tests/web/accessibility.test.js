// What can be told of accessibility without a person: axe-core finds nothing
// in any state, light or dark, wide or narrow, in either direction.
import assert from "node:assert/strict";
import { test } from "node:test";
import { findings, withAxe } from "./axe.js";
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

/** What the page is like: colour, width, direction. */
const PLACES = [];
for (const colorScheme of ["light", "dark"]) {
  for (const width of [1000, 320]) for (const dir of ["ltr", "rtl"]) PLACES.push({ colorScheme, width, dir });
}

for (const [name, reach] of Object.entries(STATES)) {
  test(`axe finds nothing: ${name}`, async () => {
    const page = await own.open("/examples/blank.html", { prepare: withAxe });
    await style(page, ":root { color-scheme: light dark } body { background: Canvas }");
    await reach({ page });
    for (const { colorScheme, width, dir } of PLACES) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 800 });
      await page.evaluate((dir) => Object.assign(document.documentElement, { dir, lang: "en" }), dir);
      await drawn(page);
      assert.deepEqual(await findings(page, OF_THE_PAGE), [], `${colorScheme}, ${width} pixels, ${dir}`);
    }
    await page.context().close();
  });
}
