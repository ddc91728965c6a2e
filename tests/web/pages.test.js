// The pages that are delivered: the help centre and the three example host
// pages, as anybody gets them, under the policy.
import assert from "node:assert/strict";
import { test } from "node:test";
import { POLICY, areas, checkArea, checkNumber, checkOpen, eventually, events, finish, openAnswer, search, site } from "./harness.js";

const built = site();

/** The page carries the policy, works under it, and leaves nothing behind. */
async function check(path, { number, works }) {
  const page = await built.open(path);
  const policies = await page.locator("meta[http-equiv='Content-Security-Policy']").evaluateAll((all) => all.map((it) => it.content));
  assert.deepEqual(policies, [POLICY]);
  // The element may stand below what is seen first, and wait for being seen.
  await page.locator("unstuck-help").scrollIntoViewIfNeeded();
  await checkNumber(page, number);
  await eventually(async () => assert.equal((await events(page, "ready")).length, 1));
  await works(page);
  await finish(page);
}

test("The help centre shows all areas and the first twenty answers", () =>
  check("/", {
    number: 20,
    async works(page) {
      assert.equal((await areas(page)).length, 1 + 13);
      await checkArea(page, "All areas");
      await search(page, "503");
      await openAnswer(page, "5xx errors");
    },
  }));

test("The help centre's cards, popular problems and guide lead into the widget", async () => {
  const page = await built.open("/");
  await checkNumber(page, 20);
  const cards = page.getByRole("navigation", { name: "Browse by area" }).getByRole("link");
  assert.equal(await cards.count(), 13);
  // Each with its picture.
  for (const it of await cards.locator("use").all()) assert.ok((await it.evaluate((it) => it.getBBox().width)) > 5);
  await cards.filter({ hasText: "Billing 4 answers" }).click();
  await checkArea(page, "Billing");
  await checkNumber(page, 4);
  await page.getByRole("navigation", { name: "Popular problems" }).getByRole("link", { name: "Export Failed" }).click();
  await checkOpen(page, "Export Failed");
  assert.match(page.url(), /=csv-exports-export-failed$/);
  await page.getByRole("navigation", { name: "Step by step" }).getByRole("link").click();
  await checkOpen(page, "Clearing a stuck contact");
  await finish(page);
});

test("Without scripts the help centre is readable, and its links lead to the answers", async () => {
  const page = await built.open("/", { javaScriptEnabled: false });
  await page.getByText("Charged twice").first().click();
  await page.getByText("Ask support to refund the second charge.").waitFor();
  assert.equal(await page.locator("main details").count(), 5);
  await page.getByRole("link", { name: "Billing 4 answers" }).click();
  await page.waitForURL(/customer\.html#area-billing$/);
  assert.ok(await page.getByRole("heading", { name: "Billing", exact: true }).isVisible());
  await page.goBack();
  await page.getByRole("link", { name: "FAQ" }).waitFor();
  assert.ok(await page.getByRole("link", { name: "FAQ" }).isVisible());
  await finish(page);
});

test("The help centre has no line too wide, from 320 pixels on", async () => {
  for (const width of [320, 640, 1280]) {
    const page = await built.open("/", { viewport: { width, height: 800 } });
    await checkNumber(page, 20);
    const wide = await page.evaluate(() => {
      const all = [...document.querySelectorAll("body *")].filter((it) => !it.closest(".skip"));
      return all.filter((it) => it.getBoundingClientRect().right > innerWidth + 1 || (it.closest("a") && it.scrollWidth > it.clientWidth + 1 && it.clientWidth)).map((it) => it.outerHTML.slice(0, 80));
    });
    assert.deepEqual(wide, [], `${width}`);
    await finish(page);
  }
});

test("The portal offers help for its own areas only", () =>
  check("/examples/portal.html", {
    number: 20,
    async works(page) {
      const names = (await areas(page)).map((it) => it.replace(/ \d+$/, ""));
      assert.deepEqual(names, ["All areas", "Calls", "Dashboard", "Notifications", "Members", "Playbook", "CSV exports", "API integrations"]);
      await search(page, "export pending");
      await openAnswer(page, "Export stuck in Pending");
    },
  }));

test("The login page helps with signing in, and its own form works beside it", () =>
  check("/examples/login.html", {
    number: 5,
    async works(page) {
      await openAnswer(page, "Can't get past the 2FA screen");
      // One area is no choice.
      assert.equal(await page.getByRole("group", { name: "Areas" }).isVisible(), false);
      await page.getByLabel("Email").fill("person@example.com");
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("alert").getByText("Invalid email or password").waitFor();
    },
  }));

test("The billing page begins with billing and leads to the rest", () =>
  check("/examples/billing.html", {
    number: 4,
    async works(page) {
      await checkArea(page, "Billing");
      await openAnswer(page, "Invoice past due");
      await page.getByLabel("Card number").fill("0000");
      await page.getByRole("button", { name: "Save card" }).click();
      await page.getByRole("alert").getByText("Your card was declined.").waitFor();
    },
  }));

test("The children of the element are gone once the answers are there", async () => {
  const page = await built.open("/examples/billing.html");
  await checkNumber(page, 4);
  assert.equal(await page.getByText("Common problems, and what to do about them:").isVisible(), false);
  await finish(page);
});
