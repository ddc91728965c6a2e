// The playground: whatever can be set is a control, and what it does is seen.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { findings, withAxe } from "./axe.js";
import { BILLING, button, checkNumber, checkResults, eventually, finish, openAnswer, site } from "./harness.js";

const built = site();
const { attributes, cssProperties } = JSON.parse(await readFile("src/element/custom-elements.json", "utf8")).modules[0].declarations[0];

async function opened(options) {
  const page = await built.open("/site/playground.html", options);
  const help = page.locator("#help");
  await checkNumber(help, 20);
  return { page, help };
}

const html = (page, expected) => eventually(async () => assert.match(await page.locator("#html").textContent(), expected));

test("There is a control for every attribute and every custom property, with what it means", async () => {
  const { page } = await opened();
  const names = (selector, key) => page.locator(selector).evaluateAll((all, key) => all.map((it) => it.dataset[key]), key);
  assert.deepEqual(await names("[data-attribute]", "attribute"), attributes.map((it) => it.name));
  assert.deepEqual(await names("[data-property]", "property"), cssProperties.map((it) => it.name));
  for (const { name, description } of attributes) {
    const hint = await page.locator(`[data-attribute="${name}"]`).evaluate((it) => document.getElementById(it.getAttribute("aria-describedby")).textContent);
    assert.ok(hint.startsWith(description.replaceAll("`", "")), name);
  }
  await finish(page);
});

test("An attribute takes effect at once, and stands in the HTML to copy", async () => {
  const { page, help } = await opened();
  await page.getByLabel("area", { exact: true }).fill("billing");
  await checkResults(help, BILLING);
  await page.getByLabel("mode", { exact: true }).selectOption("compact");
  await page.getByLabel("label", { exact: true }).fill('Our "help"');
  await page.getByLabel("private", { exact: true }).check();
  await html(page, /<unstuck-help area="billing" mode="compact" watch="#error" private label="Our &quot;help&quot;"><\/unstuck-help>$/);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await button(page, "Copy").first().click();
  await page.getByText("Copied.").waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await page.locator("#html").textContent());
  await button(page, "Start over").first().click();
  await checkNumber(help, 20);
  await html(page, /<unstuck-help watch="#error"><\/unstuck-help>$/);
  await finish(page);
});

test("Events are listed as they come, from the first on", async () => {
  const { page, help } = await opened();
  const seen = () => page.locator("#events p").allTextContents();
  await eventually(async () => assert.match((await seen()).join("\n"), /unstuck-ready {2}\{"entries":43,/));
  await openAnswer(help, "Can't get past the 2FA screen");
  await eventually(async () => assert.match((await seen())[0], /unstuck-entry-opened {2}\{"id":"login-access-cant-get-past-the-2fa-screen","from":"area"\}$/));
  await button(page, "Clear the list").click();
  assert.deepEqual(await seen(), []);
  await finish(page);
});

test("An error that is shown on the page is answered beside it", async () => {
  const { page, help } = await opened();
  await page.getByLabel("Error text").fill("Your account is not active");
  await button(page, "Show it").click();
  await help.locator(".suggestion .offer").getByText("Your account is not active").waitFor();
  await button(page, "Take it away").click();
  await help.locator(".suggestion .offer").waitFor({ state: "detached" });
  await finish(page);
});

test("Colours, darkness, width and direction are tried on the element alone", async () => {
  const { page, help } = await opened();
  await page.getByText("Colours and sizes").click();
  await page.getByLabel("--unstuck-accent", { exact: true }).fill("#7a1f6b");
  await html(page, /unstuck-help \{\n {2}--unstuck-accent: #7a1f6b;\n\}/);
  const color = () => help.getByRole("link", { name: "FAQ" }).evaluate((it) => getComputedStyle(it).color);
  await eventually(async () => assert.equal(await color(), "rgb(122, 31, 107)"));
  await page.getByLabel("Dark", { exact: true }).check();
  assert.equal(await help.evaluate((it) => getComputedStyle(it).colorScheme), "dark");
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), "dark");
  await page.getByLabel("Narrow, 240 pixels").check();
  assert.equal((await help.boundingBox()).width, 240);
  await page.getByLabel("From right to left").check();
  assert.equal(await help.evaluate((it) => getComputedStyle(it).direction), "rtl");
  await finish(page);
});

test("axe finds nothing in the playground and in the help centre, light and dark, wide and narrow", async () => {
  for (const path of ["/site/playground.html", "/"]) {
    const page = await built.open(path, { prepare: withAxe });
    await checkNumber(page.locator("#help"), 20);
    for (const colorScheme of ["light", "dark"]) {
      for (const width of [1200, 320]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 900 });
        assert.deepEqual(await findings(page), [], `${path} ${colorScheme} ${width}`);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${path} is wider than ${width} pixels`);
      }
    }
    await page.context().close();
  }
});
