// Handing over: the person sees what goes out, changes it, and sends it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PAGES, add, answer, button, checkNumber, events, eventually, finish, openFound, ready, search, site } from "./harness.js";

const built = site({ examples: PAGES });
const summary = (scope) => scope.getByRole("textbox", { name: /^This is what they get/ });

/** An element with an answer open. */
async function opened(name, { attributes = {}, properties = {}, path = "/examples/blank.html", ...options } = {}) {
  const page = await built.open(path, options);
  const element = await add(page, { loading: "eager", ...attributes });
  await element.evaluate((it, properties) => Object.assign(it, properties), properties);
  await ready(element);
  await search(element, name);
  return { page, element, row: await openFound(element, name) };
}

test("The summary tells what was asked, done and when, and the page's path alone", async () => {
  const { page, row } = await opened("Can't get past the 2FA screen", {
    path: "/examples/blank.html?token=secret#private",
    properties: { context: { account: "A-17", plan: { seats: 4 } } },
  });
  await row.getByRole("checkbox").first().check();
  await button(row, "No").click();
  await button(row, "Hand over to Your admin").last().click();
  const text = await summary(row).inputValue();
  const [title, done, took, ...rest] = text.split("\n");
  assert.equal(title, "Can't get past the 2FA screen (Login & access)");
  assert.match(done, /^- \d+\/\d+\/\d+, \d{1,2}:\d{2}:\d{2}.* Enter a recovery code in place of the code from the app\.$/);
  assert.equal(took, "Took 1 minute");
  assert.deepEqual(rest, ["Searched for: Can't get past the 2FA screen", "Page: /examples/blank.html", "Language: en", "account: A-17", 'plan: {"seats":4}']);
  assert.ok(!/secret|private/.test(text));
  await finish(page);
});

test("What the person changed is what goes out, and the host can take it", async () => {
  const { page, element, row } = await opened("Charged twice", { properties: { context: { account: "A-17" } } });
  await element.evaluate((it) => it.addEventListener("unstuck-escalated", (event) => event.preventDefault()));
  await button(row, "Hand over to Support").first().click();
  await summary(row).fill("I was charged twice on Monday.");
  await button(row, "Copy").click();
  await row.getByText("Handed over. They take it from here.").waitFor();
  const [escalated] = await events(page, "escalated");
  assert.deepEqual(escalated.detail, {
    contact: "support",
    id: "billing-charged-twice",
    query: "Charged twice",
    summary: "I was charged twice on Monday.",
    context: { account: "A-17" },
  });
  assert.equal(await element.getByText("Copied.").count(), 0, "the host took it");
  assert.ok(await row.getByRole("checkbox").first().isChecked(), "the step that says so is done");
  await finish(page);
});

test("Typing in the summary does not lose the focus or the text", async () => {
  const { page, row } = await opened("Charged twice");
  await button(row, "Hand over to Support").first().click();
  await summary(row).focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.type(" One more thing.");
  assert.match(await summary(row).inputValue(), / One more thing\.$/);
  await button(row, "Cancel").click();
  await button(row, "Hand over to Support").first().waitFor();
  assert.deepEqual(await events(page, "escalated"), []);
  await finish(page);
});

test("A contact without an address offers the summary to copy", async () => {
  const { page, element, row } = await opened("Charged twice", { permissions: ["clipboard-read", "clipboard-write"] });
  await button(row, "Hand over to Support").first().click();
  assert.equal(await row.getByRole("link").count(), 0);
  await summary(row).fill("What I copied");
  await button(row, "Copy").click();
  await element.getByText("Copied.").waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "What I copied");
  await finish(page);
});

test("Copying works where the page has no clipboard", async () => {
  const prepare = (page) =>
    page.addInitScript(() => {
      Object.defineProperty(navigator, "clipboard", { value: undefined });
      document.addEventListener("copy", () => (globalThis.copied = document.activeElement?.shadowRoot?.activeElement?.value));
    });
  const { page, element, row } = await opened("Charged twice", { prepare });
  await button(row, "Hand over to Support").first().click();
  await summary(row).fill("What I copied");
  await button(row, "Copy").click();
  await element.getByText("Copied.").waitFor();
  assert.equal(await page.evaluate(() => globalThis.copied), "What I copied");
  await finish(page);
});

test("The host's words stand over those of the knowledge base, and a mail has the summary in it", async () => {
  const { page, element, row } = await opened("Charged twice", {
    properties: { contacts: { support: { label: "Billing desk", href: "mailto:desk@example.org?cc=lead@example.org" } } },
  });
  await button(row, "Hand over to Billing desk").first().click();
  await summary(row).fill("Twice & twice\nsecond line");
  const mail = row.getByRole("link", { name: "Write a mail" });
  // The mail program is not the browser's to open here: only the address is looked at.
  await element.evaluate((it) => it.shadowRoot.addEventListener("click", (event) => {
    const link = event.target.closest?.("a");
    if (link) (globalThis.followed = { href: link.href, left: !event.defaultPrevented }), event.preventDefault();
  }));
  await mail.click();
  const { href, left } = await page.evaluate(() => globalThis.followed);
  assert.ok(left, "nobody took it, so the browser follows the link");
  assert.equal(href, "mailto:desk@example.org?cc=lead@example.org&subject=Twice%20%26%20twice&body=Twice%20%26%20twice%0Asecond%20line");
  await finish(page);
});

test("Whoever finds nothing can hand over what they asked", async () => {
  const page = await built.open("/");
  await checkNumber(page, 20);
  await search(page, "zzz qqq");
  await button(page, "Hand over to Support").click();
  assert.match(await summary(page).inputValue(), /^Searched for: zzz qqq\n/);
  await button(page, "Copy").click();
  await eventually(async () => assert.equal((await events(page, "escalated")).length, 1));
  const [{ detail }] = await events(page, "escalated");
  assert.deepEqual([detail.contact, detail.id, detail.query], ["support", null, "zzz qqq"]);
  await finish(page);
});

test("An address that a host sets and that could run something is no link", async () => {
  const { page, row } = await opened("Charged twice", { properties: { contacts: { support: { href: "javascript:alert(1)" }, nobody: { label: "X" } } } });
  await button(row, "Hand over to Support").first().click();
  await summary(row).waitFor();
  assert.equal(await row.getByRole("link").count(), 0);
  await finish(page);
});

test("What could not be copied is not lost", async () => {
  const prepare = (page) =>
    page.addInitScript(() => {
      Object.defineProperty(navigator, "clipboard", { value: undefined });
      document.execCommand = () => false;
    });
  const { page, element, row } = await opened("Charged twice", { prepare });
  await button(row, "Hand over to Support").first().click();
  await summary(row).fill("What I wrote");
  await button(row, "Copy").click();
  await element.getByText("This browser did not allow copying.").waitFor();
  assert.equal(await summary(row).inputValue(), "What I wrote");
  await finish(page);
});

test("Contacts that are taken back are those of the knowledge base again", async () => {
  const { page, element, row } = await opened("Charged twice", { properties: { contacts: { support: { label: "Billing desk" }, admin: null } } });
  await button(row, "Hand over to Billing desk").first().waitFor();
  await element.evaluate((it) => (it.contacts = {}));
  await button(row, "Hand over to Support").first().waitFor();
  await finish(page);
});

test("Any other address is followed, with the summary in the clipboard", async () => {
  const { page, row } = await opened("Charged twice", {
    permissions: ["clipboard-read", "clipboard-write"],
    properties: { contacts: { support: { label: "Help desk", href: "#desk" } } },
  });
  await button(row, "Hand over to Help desk").first().click();
  await summary(row).fill("What I wrote");
  await row.getByRole("link", { name: "Copy and open Help desk" }).click();
  await eventually(async () => assert.equal(await page.evaluate(() => location.hash), "#desk"));
  await eventually(async () => assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "What I wrote"));
  await finish(page);
});

test("Whoever finds nothing is told when the page takes it", async () => {
  const page = await built.open("/");
  await checkNumber(page, 20);
  await page.evaluate(() => addEventListener("unstuck-escalated", (event) => event.preventDefault()));
  await search(page, "zzz qqq");
  await button(page, "Hand over to Support").click();
  await button(page, "Copy").click();
  await page.getByText("Handed over. They take it from here.").waitFor();
  await finish(page);
});
