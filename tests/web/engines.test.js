// The main ways through, in three engines: Chromium, Firefox and WebKit. They
// are gone by pointer and keyboard; nothing but what is seen is used.
import assert from "node:assert/strict";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { copy, eventually, site } from "./harness.js";
import { atEngine } from "./person.js";

/** The workbench and the example pages, which keep what is said in them from their first line on, and an empty one. */
const recorded = site({
  widget: () =>
    copy(async (path) => {
      await cp("tests/web/pages/record.js", join(path, "record.js"));
      const file = join(path, "workbench.html");
      const html = await readFile(file, "utf8");
      await writeFile(file, html.replace("<title>", '<script src="record.js"></script><title>'));
    }),
  examples: () =>
    copy(async (path) => {
      await cp("tests/web/pages/record.js", join(path, "record.js"));
      await cp("tests/web/pages/blank.html", join(path, "blank.html"));
      for (const name of ["billing", "login", "portal", "blank"]) {
        const file = join(path, `${name}.html`);
        const html = await readFile(file, "utf8");
        await writeFile(file, html.replace("<title>", '<script src="record.js"></script><title>'));
      }
    }, "examples"),
});

/** Adds an element to the empty page. */
function add(person, attributes) {
  return person.evaluate((attributes) => {
    const element = document.createElement("unstuck-help");
    for (const name in attributes) element.setAttribute(name, attributes[name]);
    document.querySelector("main").append(element);
  }, attributes);
}

const GUIDE = "Clearing a stuck contact";

const WAYS = {
  async "half a sentence, the steps, and it is fixed"(person) {
    await person.open("/examples/billing.html");
    await person.search("invoice pst due");
    await person.openAnswer("Invoice past due");
    const { number } = await person.see("box");
    for (let at = 0; at < number; at++) await person.press("box", undefined, at);
    await eventually(async () => assert.ok((await person.see("box", undefined, number - 1)).isChecked));
    await person.press("button", "Yes");
    await eventually(async () => assert.deepEqual((await person.events("resolved")).map((it) => it.id), ["billing-invoice-past-due"]));
  },

  async "an error from a log opens its answer by itself"(person) {
    await person.open("/examples/portal.html");
    await person.search("GET /api/v1/calls 401 (Unauthorized)");
    await eventually(async () => assert.ok((await person.see("button", "401 Unauthorized")).isExpanded));
    await person.see("box");
  },

  async "the page's own error is answered beside it"(person) {
    await person.open("/examples/login.html");
    await person.press("input", "Email");
    await person.type("person@example.com");
    await person.press("button", "Sign in");
    await eventually(async () => assert.equal((await person.events("suggested")).length, 1));
    const [{ id }] = await person.events("suggested");
    assert.equal(id, "login-access-invalid-email-or-password");
    await person.press("button", '"Invalid email or password"', 0);
    await eventually(async () => assert.equal((await person.events("entry-opened")).at(-1)?.id, id));
  },

  async "a guide is gone through step by step, and is where it was after a reload"(person) {
    await person.open("/examples/blank.html");
    const attributes = { id: "help", remember: "local", route: "hash", entry: "stuck-contacts-clearing-a-stuck-contact" };
    await add(person, attributes);
    await person.see("button", GUIDE);
    await person.press("button", "Done, next");
    await person.press("button", "Done, next");
    const current = () => person.evaluate(() => location.hash);
    await eventually(async () => assert.match(await current(), /\/3$/));
    const hash = await current();
    await person.open(`/examples/blank.html?again${hash}`);
    await add(person, { ...attributes, entry: "" });
    await person.see("button", GUIDE);
    await eventually(async () => assert.equal((await person.evaluate(() => [...document.querySelector("unstuck-help").shadowRoot.querySelectorAll(".tick")].filter((it) => it.checked).length)), 2));
    await person.evaluate(() => localStorage.clear());
  },

  async "steps that do not help lead to somebody, with a summary"(person) {
    await person.open("/examples/billing.html");
    await person.ready();
    await person.openAnswer("Charged twice");
    await person.press("button", "Hand over to Support");
    const { value } = await person.see("input", undefined, -1);
    await person.evaluate(() => document.addEventListener("unstuck-escalated", (it) => it.preventDefault()));
    await person.press("button", "Copy");
    await eventually(async () => {
      const [escalated] = await person.events("escalated");
      assert.equal(escalated?.contact, "support");
      assert.match(escalated.summary, /^Charged twice \(Billing\)\n/);
    });
    assert.ok(value !== undefined);
  },

  async "a panel is opened, used and left by keyboard, and gives the focus back"(person) {
    await person.open("/examples/blank.html");
    await add(person, { mode: "panel", shortcut: "/", area: "billing" });
    await person.see("button", "Help");
    await person.evaluate(() => {
      const button = document.querySelector("main").appendChild(document.createElement("button"));
      button.textContent = "Of the page";
      button.focus();
    });
    await person.key("/");
    await eventually(async () => assert.ok((await person.see("field")).hasFocus));
    await person.type("twice");
    await person.see("button", "Charged twice");
    await eventually(async () => assert.equal((await person.see("field")).value, "twice"));
    await person.key("Escape");
    await person.key("Escape");
    await eventually(async () => assert.ok((await person.see("button", "Of the page")).hasFocus));
    assert.deepEqual((await person.events("toggled")).map((it) => it.open), [true, false]);
  },

  async "what is written in the workbench is checked and shown"(person) {
    await person.open("/workbench.html");
    await person.see("button", "Nothing comes out of the printer");
    await person.press("button", "Start empty");
    await eventually(async () => assert.ok((await person.see("input", "Text of answers.md")).hasFocus));
    const write = (text) =>
      person.evaluate((text) => {
        const editor = document.querySelector("#text");
        editor.value = text;
        editor.dispatchEvent(new Event("input"));
      }, text);
    const table = "# Tea\n\n| Symptom | What to do |\n|---|---|\n| The tea is cold | Heat it. |\n";
    await write(table);
    await person.see("button", "The tea is cold");
    await write(`${table}| The tea is bitter | |\n`);
    await person.see("text", "1 error keeps it from being built: this is the last version without errors.");
    await person.press("button", "answers.md:6:1");
    await eventually(async () => assert.ok((await person.see("input", "Text of answers.md")).hasFocus));
    // What was written is not to be asked about when this ends.
    await person.press("button", "Start empty");
    await person.see("button", "Put it back");
  },

  async "nothing fits: the way on"(person) {
    await person.open("/examples/billing.html");
    await person.search("how tall is the tower");
    await person.see("heading", "When all else fails");
    await eventually(async () => assert.equal((await person.events("no-match")).length, 1));
  },
};

for (const engine of ["Chromium", "Firefox", "WebKit"]) {
  for (const [name, go] of Object.entries(WAYS)) {
    test(`${engine}: ${name}`, { timeout: 120_000 }, async () => {
      const person = await atEngine(engine, await recorded.origin());
      try {
        await go(person);
        assert.deepEqual(await person.said(), []);
      } finally {
        await person.leave();
      }
    });
  }

  test(`${engine}: without WebAssembly all 43 answers are there`, { timeout: 120_000 }, async () => {
    const person = await atEngine(engine, await recorded.origin(), { hasWasm: false });
    try {
      await person.open("/examples/billing.html");
      await person.see("button", "Login screen says captcha failed");
      assert.equal(await person.evaluate(() => typeof WebAssembly), "undefined");
      assert.equal(await person.evaluate(() => document.querySelector("unstuck-help").shadowRoot.querySelectorAll("details").length), 43);
      assert.deepEqual((await person.events("error")).map((it) => it.code), ["wasm-refused"]);
      await person.press("button", "Login screen says captcha failed");
      await eventually(async () => assert.ok((await person.see("button", "Login screen says captcha failed")).isExpanded));
      assert.deepEqual(await person.said(), []);
    } finally {
      await person.leave();
    }
  });
}
