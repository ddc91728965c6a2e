// Help beside the error: what the page says is read, and the answer that it is
// clearly about is offered.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  LAZY, PAGES, add, button, checkOpenIs, eventually, events, field, finish, focused, hold, ready, requests, search, set, site, style, twoPauses,
} from "./harness.js";

const built = site();
const own = site({ examples: PAGES });
const LOGIN = '"Invalid email or password"';

async function opened(attributes, options) {
  const page = await own.open("/examples/blank.html", options);
  return { page, help: await add(page, { watch: ".error", loading: "interaction", ...attributes }) };
}

/** Puts something into the page: a tag, its attributes, its text. */
function put(page, tag, attributes, text = "") {
  return page.evaluate(([tag, attributes, text]) => {
    const it = document.createElement(tag);
    for (const name in attributes) it.setAttribute(name, attributes[name]);
    it.textContent = text;
    document.querySelector("main").prepend(it);
  }, [tag, attributes, text]);
}

/** The answer that is offered; null for none. */
function checkOffer(help, symptom) {
  return eventually(async () => {
    const seen = await help.evaluate((it) => it.shadowRoot.querySelector(".suggestion .offer")?.textContent ?? null);
    assert.equal(seen, symptom);
  });
}

/** Nothing is offered, now and after a while. */
async function checkQuiet(page, help) {
  await twoPauses();
  await checkOffer(help, null);
  assert.deepEqual(await events(page, "suggested"), []);
}

/** What was offered, as the host is told. */
const suggested = async (page) => (await events(page, "suggested")).map((it) => it.detail);

// --- the example pages ---

test("Login: beside the refusal stands its answer; one press opens it, with its steps", async () => {
  const page = await built.open("/examples/login.html");
  const help = page.locator("unstuck-help");
  await checkOffer(help, null);
  await page.getByLabel("Email").fill("someone@example.com");
  await page.getByLabel("Password").fill("hunter2");
  await button(page, "Sign in").click();
  await checkOffer(help, LOGIN);
  assert.deepEqual(await suggested(page), [{ id: "login-access-invalid-email-or-password", text: "Invalid email or password" }]);
  // Politely: it is said, and nothing else happens.
  const line = help.getByRole("status").filter({ hasText: "This may help:" });
  assert.equal(await line.count(), 1);
  assert.equal((await focused(page)).text, "Sign in");
  await checkOpenIs(help, null);
  assert.deepEqual(await events(page, "entry-opened"), []);
  await button(help, LOGIN).first().click();
  await checkOpenIs(help, LOGIN);
  await eventually(async () => assert.equal((await focused(page)).text, LOGIN));
  assert.deepEqual((await events(page, "entry-opened")).map((it) => it.detail), [{ id: "login-access-invalid-email-or-password", from: "suggestion" }]);
  // The error is what was asked: whoever takes over can read it in the summary.
  assert.equal(await field(help).inputValue(), "Invalid email or password");
  await checkOffer(help, null);
  await finish(page);
});

test("Billing: an error of the card's form does the same", async () => {
  const page = await built.open("/examples/billing.html");
  const help = page.locator("unstuck-help");
  await page.getByLabel("Card number").fill("4000 0000 0000 0002");
  await button(page, "Save card and pay $412.00").click();
  await checkOffer(help, "Invoice past due");
  for (const [error, symptom] of [
    ["Your card's security code is incorrect.", "Can't add a payment method"],
    ["Your card number is incomplete.", "Can't add a payment method"],
    ["An error occurred while processing your card. Try again in a little bit.", "Can't add a payment method"],
    ["Your card has insufficient funds.", "Invoice past due"],
    ["Your card has expired.", "Invoice past due"],
    ["Thank you. Your invoice is paid.", null],
  ]) {
    await page.locator("#payment-error").evaluate((it, error) => (it.textContent = error), error);
    await checkOffer(help, symptom);
  }
  for (const { text } of await suggested(page)) assert.ok(!text.includes("4000"));
  await finish(page);
});

// --- what is read ---

test("An error that is there from the start, that appears, that changes, and that goes", async () => {
  const { page, help } = await opened();
  assert.deepEqual(requests(page, LAZY), []);
  await put(page, "p", { class: "error" }, "401 Unauthorized");
  await checkOffer(help, "401 Unauthorized");
  await page.locator(".error").evaluate((it) => (it.firstChild.data = "Your card was declined."));
  await checkOffer(help, "Invoice past due");
  await page.locator(".error").evaluate((it) => (it.hidden = true));
  await checkOffer(help, null);
  await page.locator(".error").evaluate((it) => (it.hidden = false));
  await checkOffer(help, "Invoice past due");
  await page.locator(".error").evaluate((it) => it.remove());
  await checkOffer(help, null);
  // An element that comes later finds what is there.
  await put(page, "p", { class: "error" }, "Login screen says captcha failed");
  await help.evaluate((it) => it.remove());
  const again = await add(page, { watch: ".error", loading: "interaction" });
  await checkOffer(again, "Login screen says captcha failed");
  await finish(page);
});

test("Nothing is loaded before there is something to read", async () => {
  const { page, help } = await opened();
  await put(page, "p", { class: "other" }, "401 Unauthorized");
  await put(page, "p", { class: "error" });
  await checkQuiet(page, help);
  assert.deepEqual(requests(page, /widget\.js|unstuck\.wasm|\/kb\//), []);
  await finish(page);
});

test("It stays quiet when nothing matches well", async () => {
  const { page, help } = await opened();
  for (const text of ["Saved.", "This field is required", "Please enter a valid email address", "You have 3 new notifications", "Something happened", "…"]) {
    await put(page, "p", { class: "error" }, text);
  }
  await checkQuiet(page, help);
  await finish(page);
});

test("`role=alert` that comes and `aria-invalid` that is set are read, the field itself never", async () => {
  const { page, help } = await opened({ watch: "[role=alert], [aria-invalid]" });
  await put(page, "div", { role: "alert" }, "Your card was declined.");
  await checkOffer(help, "Invoice past due");
  await page.locator("[role=alert]").evaluate((it) => it.remove());
  await checkOffer(help, null);
  // What describes the mistake of a field, by either way of saying so.
  await put(page, "p", { id: "why" }, "Captcha failed on the login screen");
  await put(page, "input", { id: "code", "aria-errormessage": "why", value: "401 Unauthorized" });
  await twoPauses();
  await checkOffer(help, null);
  await set(page.locator("#code"), "aria-invalid", "true");
  await checkOffer(help, "Login screen says captcha failed");
  await set(page.locator("#code"), "aria-invalid", "false");
  await checkOffer(help, null);
  await page.locator("#code").evaluate((it) => {
    it.removeAttribute("aria-errormessage");
    it.setAttribute("aria-describedby", "nobody why");
    it.setAttribute("aria-invalid", "true");
  });
  await checkOffer(help, "Login screen says captcha failed");
  for (const { text } of await suggested(page)) assert.ok(!text.includes("401"));
  await finish(page);
});

test("What is typed or chosen in a form is never read", async () => {
  const { page, help } = await opened({ watch: "form, input, textarea, select, [contenteditable]", loading: "eager" });
  await ready(help);
  await page.evaluate(() => {
    const text = "401 Unauthorized";
    const form = document.createElement("form");
    const make = (tag, properties) => form.appendChild(Object.assign(document.createElement(tag), properties));
    make("input", { value: text });
    make("input", { defaultValue: text });
    make("textarea", { textContent: text });
    make("select").append(new Option(text, text, true, true));
    make("div", { contentEditable: "true", textContent: text });
    make("output", { hidden: true, textContent: text });
    document.querySelector("main").append(form);
  });
  for (const tag of ["input", "textarea"]) await page.locator(tag).first().fill("Charged twice");
  await page.locator("input").first().evaluate((it) => it.setAttribute("aria-invalid", "true"));
  await checkQuiet(page, help);
  // What the form says is.
  await page.evaluate(() => document.querySelector("form").append("Your card was declined."));
  await checkOffer(help, "Invoice past due");
  assert.deepEqual((await suggested(page)).map((it) => it.text), ["Your card was declined."]);
  await finish(page);
});

test("Nor what is typed into an editor of the page, or what a field is described by where that is a field", async () => {
  const { page, help } = await opened({ watch: ".error, [aria-invalid]" });
  await page.evaluate(() => {
    const main = document.querySelector("main");
    const editor = Object.assign(document.createElement("div"), { contentEditable: "true" });
    const token = Object.assign(document.createElement("span"), { className: "error", textContent: "401 Unauthorized" });
    editor.append(token);
    const note = Object.assign(document.createElement("textarea"), { id: "note", textContent: "401 Unauthorized" });
    const field = document.createElement("input");
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", "note");
    main.append(editor, note, field);
  });
  await checkQuiet(page, help);
  await finish(page);
});

test("What nobody sees is not read, what stands in a wrapper without a box is", async () => {
  const { page, help } = await opened();
  await style(page, ".unseen { visibility: hidden } .wrapper { display: contents }");
  await put(page, "p", { class: "error unseen" }, "401 Unauthorized");
  await checkQuiet(page, help);
  await page.evaluate(() => {
    const wrapper = Object.assign(document.createElement("div"), { className: "error wrapper" });
    const inner = Object.assign(document.createElement("span"), { className: "wrapper", textContent: "Your card was declined." });
    wrapper.append(inner);
    document.querySelector("main").append(wrapper);
  });
  await checkOffer(help, "Invoice past due");
  await finish(page);
});

test("An error that counts seconds is offered once, keeps the focus, and stays away when it was sent away", async () => {
  const { page, help } = await opened();
  const count = (n) => page.locator(".error").evaluate((it, n) => (it.textContent = `401 Unauthorized. Try again in ${n} seconds.`), n);
  await put(page, "p", { class: "error" });
  await count(9);
  await checkOffer(help, "401 Unauthorized");
  await button(help, "401 Unauthorized").focus();
  await count(8);
  await twoPauses();
  assert.equal((await focused(page)).text, "401 Unauthorized");
  assert.equal((await suggested(page)).length, 1);
  await button(help, "Close").click();
  await count(7);
  await twoPauses();
  await checkOffer(help, null);
  assert.equal((await suggested(page)).length, 1);
  await finish(page);
});

test("Another error takes the place of the first, and the focus goes with it; one that vanishes hides no other", async () => {
  const { page, help } = await opened();
  const release = await hold(page, /unstuck\.wasm/);
  await put(page, "p", { class: "error", id: "second" }, "Your card was declined.");
  await put(page, "p", { class: "error", id: "first" }, "401 Unauthorized");
  await eventually(() => assert.ok(requests(page, /unstuck\.wasm/).length));
  await page.locator("#first").evaluate((it) => it.remove());
  await twoPauses();
  release();
  await checkOffer(help, "Invoice past due");
  await button(help, "Invoice past due").first().focus();
  await put(page, "p", { class: "error" }, "Login screen says captcha failed");
  await checkOffer(help, "Login screen says captcha failed");
  assert.equal((await focused(page)).text, "Login screen says captcha failed");
  await finish(page);
});

test("Other areas, and another knowledge base, are asked again", async () => {
  const { page, help } = await opened();
  await put(page, "p", { class: "error" }, "401 Unauthorized");
  await checkOffer(help, "401 Unauthorized");
  await set(help, "areas", "billing");
  await checkOffer(help, null);
  await set(help, "areas", null);
  await checkOffer(help, "401 Unauthorized");
  await finish(page);
});

test("Changing the mode or the shortcut offers nothing again", async () => {
  const { page, help } = await opened();
  await put(page, "p", { class: "error" }, "401 Unauthorized");
  await checkOffer(help, "401 Unauthorized");
  await set(help, "mode", "panel");
  await set(help, "shortcut", "/");
  await button(help, "401 Unauthorized").waitFor();
  assert.equal((await suggested(page)).length, 1);
  await finish(page);
});

test("In a page that is scrolled, the offer of a closed panel is in sight; removed with an offer in it, nothing is thrown", async () => {
  const { page, help } = await opened({ mode: "panel", label: "Need help?" }, { viewport: { width: 800, height: 500 } });
  await style(page, "body { block-size: 3000px }");
  await put(page, "p", { class: "error" }, "401 Unauthorized");
  await page.evaluate(() => scrollTo(0, 1500));
  await checkOffer(help, "401 Unauthorized");
  const { y, height } = await button(help, "401 Unauthorized").evaluate((it) => it.getBoundingClientRect().toJSON());
  assert.ok(y >= 0 && y + height <= 500, `${y}`);
  await button(help, "Need help?").click();
  await page.evaluate(() => document.querySelector("#help").remove());
  await twoPauses();
  await finish(page);
});

test("It goes on where the page swaps its body or its contents, as Turbo, pjax and single-page apps do", async () => {
  const { page, help } = await opened();
  await put(page, "p", { class: "error" }, "401 Unauthorized");
  await checkOffer(help, "401 Unauthorized");
  // Contents replaced around it.
  await page.evaluate(() => {
    const section = document.createElement("section");
    const error = section.appendChild(document.createElement("p"));
    error.className = "error";
    error.textContent = "Your card was declined.";
    document.querySelector(".error").replaceWith(section);
  });
  await checkOffer(help, "Invoice past due");
  // The whole body replaced, with an element like it in the new one, and one that is carried over.
  for (const isCarried of [false, true]) {
    await page.evaluate((isCarried) => {
      const body = document.createElement("body");
      const main = body.appendChild(document.createElement("main"));
      const before = document.querySelector("#help");
      main.append(isCarried ? before : before.cloneNode(true));
      document.body = body;
    }, isCarried);
    await checkOffer(page.locator("#help"), null);
    await put(page, "p", { class: "error" }, "Login screen says captcha failed");
    await checkOffer(page.locator("#help"), "Login screen says captcha failed");
  }
  await finish(page);
});

// --- the attribute ---

test("`watch` can be changed and taken away while it runs, and a selector that is none finds nothing", async () => {
  const { page, help } = await opened({ watch: "p[" });
  await put(page, "p", { class: "error" }, "401 Unauthorized");
  await put(page, "p", { class: "other" }, "Your card was declined.");
  await checkQuiet(page, help);
  await set(help, "watch", ".error");
  await checkOffer(help, "401 Unauthorized");
  await set(help, "watch", ".other");
  await checkOffer(help, "Invoice past due");
  await set(help, "watch", null);
  await checkOffer(help, null);
  assert.equal(await help.evaluate((it) => it.shadowRoot.querySelector("[part=suggestion]")), null);
  await finish(page);
});

test("With `private` the text is left out", async () => {
  const { page, help } = await opened({ private: "" });
  await put(page, "p", { class: "error" }, "401 Unauthorized");
  await checkOffer(help, "401 Unauthorized");
  assert.deepEqual(await suggested(page), [{ id: "api-integrations-401-unauthorized" }]);
  await finish(page);
});

test("`areas` holds for what is offered", async () => {
  const { page, help } = await opened({ areas: "billing" });
  await put(page, "p", { class: "error" }, "401 Unauthorized");
  await checkQuiet(page, help);
  await put(page, "p", { class: "error" }, "Your card was declined.");
  await checkOffer(help, "Invoice past due");
  await finish(page);
});

test("Two errors: the first that has an answer is offered, and said once", async () => {
  const { page, help } = await opened();
  await put(page, "p", { class: "error" }, "Your card was declined.");
  await put(page, "p", { class: "error" }, "This could not be done");
  await checkOffer(help, "Invoice past due");
  await page.evaluate(() => document.querySelector("main").append("Something else on the page changes"));
  await twoPauses();
  assert.equal((await suggested(page)).length, 1);
  await finish(page);
});

test("What was sent away stays away until the error comes again", async () => {
  const { page, help } = await opened();
  await put(page, "p", { class: "error" }, "401 Unauthorized");
  await checkOffer(help, "401 Unauthorized");
  await button(help, "Close").click();
  await checkOffer(help, null);
  // The focus does not fall out of the page with the button.
  assert.equal((await focused(page)).inside, "help");
  await page.evaluate(() => document.querySelector("main").append("Something else on the page changes"));
  await twoPauses();
  await checkOffer(help, null);
  await page.locator(".error").evaluate((it) => (it.hidden = true));
  await twoPauses();
  await page.locator(".error").evaluate((it) => (it.hidden = false));
  await checkOffer(help, "401 Unauthorized");
  await finish(page);
});

test("A removed element reads nothing, one that came back does, and a moved one keeps its offer", async () => {
  const { page, help } = await opened();
  await put(page, "p", { class: "error" }, "401 Unauthorized");
  await checkOffer(help, "401 Unauthorized");
  await page.evaluate(() => document.body.append(document.querySelector("#help")));
  await checkOffer(help, "401 Unauthorized");
  assert.equal((await suggested(page)).length, 1);
  await help.evaluate((it) => {
    globalThis.kept = it;
    // The document does not hear it any more.
    it.addEventListener("unstuck-suggested", () => (globalThis.heard = true));
    it.remove();
  });
  await page.locator(".error").evaluate((it) => (it.textContent = "Your card was declined."));
  await twoPauses();
  assert.equal(await page.evaluate(() => globalThis.heard), undefined);
  await page.evaluate(() => document.body.append(globalThis.kept));
  await checkOffer(help, "Invoice past due");
  await finish(page);
});

test("A person's own search is not touched by an offer", async () => {
  const { page, help } = await opened({ loading: "eager" });
  await search(help, "refund");
  await put(page, "p", { class: "error" }, "401 Unauthorized");
  await checkOffer(help, "401 Unauthorized");
  assert.equal(await field(help).inputValue(), "refund");
  await finish(page);
});

for (const mode of ["compact", "panel", "dialog"]) {
  test(`${mode}: it is offered in sight while that is closed, opened by one press, and in it while it is open`, async () => {
    const { page, help } = await opened({ mode, label: "Need help?" });
    await put(page, "p", { class: "error" }, "401 Unauthorized");
    const offer = button(help, "401 Unauthorized");
    await offer.waitFor();
    assert.equal(await help.evaluate((it) => it.matches(":state(open)")), false);
    if (mode !== "compact") {
      const [line, opener] = [await help.locator(".suggestion").boundingBox(), await button(help, "Need help?").boundingBox()];
      assert.ok(line.y + line.height <= opener.y, "it covers what opens it");
    }
    // Opened in another way, it is in there.
    await button(help, "Need help?").click();
    await offer.first().waitFor();
    await button(help, "Close").first().waitFor();
    await help.evaluate((it) => it.close());
    await offer.click();
    await checkOpenIs(help, "401 Unauthorized");
    assert.ok(await help.evaluate((it) => it.matches(":state(open)")));
    await eventually(async () => assert.equal((await focused(page)).text, "401 Unauthorized"));
    await checkOffer(help, null);
    await finish(page);
  });
}
