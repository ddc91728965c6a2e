// The ways in which the element stands in a page: a line that unfolds, a panel
// over the page, a dialog; and the keys and methods that open them.
import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { test } from "node:test";
import {
  BILLING, LAZY, PAGES, add, button, checkEvents, checkNumber, checkOpenIs, checkResults, copy, drawn, eventually, events, field, finish, hold,
  noteShifts, openAnswer, ready, requests, search, set, shifts, site, style, twoPauses,
} from "./harness.js";

const own = site({ examples: PAGES });
const LAUNCHED = ["compact", "panel", "dialog"];

async function opened(attributes, options) {
  const page = await own.open("/examples/blank.html", options);
  return { page, help: await add(page, { label: "Need help?", area: "billing", ...attributes }) };
}

const launcher = (scope) => button(scope, "Need help?");

/** Whether it is open, as the page's styles and a screen reader are told. */
function checkIsOpen(help, isOpen) {
  return eventually(async () => {
    const seen = await help.evaluate((it) => [it.matches(":state(open)"), it.shadowRoot.querySelector("[part=launcher]")?.ariaExpanded]);
    assert.deepEqual(seen, [isOpen, String(isOpen)]);
    assert.equal(await field(help).isVisible(), isOpen);
  });
}

/** What has the focus inside the element: its part or its tag. */
function focusedPart(page) {
  return page.evaluate(() => {
    let it = document.activeElement;
    while (it.shadowRoot?.activeElement) it = it.shadowRoot.activeElement;
    return it.getAttribute("part") ?? (it.id || it.localName);
  });
}

function checkFocusIn(page, expected) {
  return eventually(async () => assert.equal(await focusedPart(page), expected));
}

/** Whether something of the element is what a pointer would hit in the middle of a part. */
function isOnTop(help, part) {
  return help.evaluate((it, part) => {
    const { left, top, width, height } = it.shadowRoot.querySelector(`[part=${part}]`).getBoundingClientRect();
    return document.elementFromPoint(left + width / 2, top + height / 2) === it;
  }, part);
}

// --- each mode that opens ---

for (const mode of LAUNCHED) {
  test(`${mode}: one press opens it with the focus in the field; Escape clears, then closes, and the focus comes back`, async () => {
    const { page, help } = await opened({ mode });
    await launcher(help).waitFor();
    await checkIsOpen(help, false);
    assert.deepEqual(requests(page, LAZY), []);
    await page.keyboard.press("Tab");
    await checkFocusIn(page, "launcher");
    await page.keyboard.press("Enter");
    await checkIsOpen(help, true);
    await checkFocusIn(page, "input");
    await checkResults(help, BILLING);
    await page.keyboard.type("card");
    await page.keyboard.press("Escape");
    assert.equal(await field(help).inputValue(), "");
    await checkIsOpen(help, true);
    await page.keyboard.press("Escape");
    await checkIsOpen(help, false);
    await checkFocusIn(page, "launcher");
    assert.deepEqual((await events(page, "toggled")).map((it) => it.detail), [{ open: true }, { open: false }]);
    await finish(page);
  });

  test(`${mode}: it keeps what was found and opened while it is closed`, async () => {
    const { page, help } = await opened({ mode });
    await launcher(help).click();
    await search(help, "charged");
    await openAnswer(help, "Charged twice");
    await help.evaluate((it) => it.close());
    await checkIsOpen(help, false);
    await help.evaluate((it) => it.open());
    await checkIsOpen(help, true);
    assert.equal(await field(help).inputValue(), "charged");
    await checkOpenIs(help, "Charged twice");
    await finish(page);
  });

  test(`${mode}: typing before anything is loaded is kept`, async () => {
    const { page, help } = await opened({ mode });
    const release = await hold(page, /unstuck\.wasm/);
    await launcher(help).click();
    await page.keyboard.type("charged twice");
    release();
    await checkResults(help, ["Charged twice"]);
    await finish(page);
  });

  test(`${mode}: methods open and close it before and after loading, and tell nobody`, async () => {
    const { page, help } = await opened({ mode, loading: "interaction" });
    await help.evaluate((it) => it.toggle());
    await checkIsOpen(help, true);
    await checkFocusIn(page, "input");
    await checkResults(help, BILLING);
    await help.evaluate((it) => it.toggle());
    await checkIsOpen(help, false);
    await checkFocusIn(page, "launcher");
    await help.evaluate((it) => it.open());
    await help.evaluate((it) => it.open());
    await checkIsOpen(help, true);
    await help.evaluate((it) => it.close());
    await help.evaluate((it) => it.close());
    await checkIsOpen(help, false);
    assert.deepEqual(await events(page, "toggled"), []);
    await finish(page);
  });

  test(`${mode}: the focus goes back to where the page had it`, async () => {
    const { page, help } = await opened({ mode });
    await page.evaluate(() => {
      const own = document.createElement("button");
      own.id = "own";
      own.textContent = "Our own help button";
      own.onclick = () => document.querySelector("#help").open();
      document.querySelector("main").append(own);
    });
    await page.locator("#own").click();
    await checkFocusIn(page, "input");
    await page.keyboard.press("Escape");
    await checkFocusIn(page, "own");
    await finish(page);
  });

  test(`${mode}: moved while it is open it stays open; removed and added again too, unless it is a dialog`, async () => {
    const { page, help } = await opened({ mode });
    await launcher(help).click();
    await checkResults(help, BILLING);
    await page.evaluate(() => {
      const place = document.body.appendChild(document.createElement("section"));
      place.append(document.querySelector("#help"));
    });
    await checkIsOpen(help, true);
    await checkResults(help, BILLING);
    if (mode === "dialog") assert.ok(await help.evaluate((it) => it.shadowRoot.querySelector("dialog").matches(":modal")));
    await help.evaluate((it) => {
      it.remove();
      globalThis.kept = it;
    });
    await page.evaluate(() => new Promise((done) => setTimeout(done)));
    const focus = await page.evaluate(() => {
      const other = document.querySelector("main").appendChild(document.createElement("button"));
      other.focus();
      document.querySelector("main").append(globalThis.kept);
      return document.activeElement === other;
    });
    assert.ok(focus, "the focus stays where it was");
    await checkIsOpen(help, mode !== "dialog");
    if (mode === "dialog") await launcher(help).click();
    await checkResults(help, BILLING);
    await page.keyboard.press("Escape");
    if (mode !== "dialog") await field(help).press("Escape");
    await checkIsOpen(help, false);
    await finish(page);
  });

  test(`${mode}: it can become another and the flow of the page while it runs`, async () => {
    const { page, help } = await opened({ mode });
    await launcher(help).click();
    await search(help, "charged");
    await checkResults(help, ["Charged twice"]);
    for (const other of [...LAUNCHED.filter((it) => it !== mode), mode]) {
      await help.evaluate((it, other) => (it.mode = other), other);
      await checkIsOpen(help, false);
      await launcher(help).click();
      await checkIsOpen(help, true);
      await checkResults(help, ["Charged twice"]);
    }
    await help.evaluate((it) => (it.mode = "inline"));
    await checkResults(help, ["Charged twice"]);
    assert.ok(await field(help).isVisible());
    assert.equal(await launcher(help).count(), 0);
    assert.equal(await help.evaluate((it) => it.matches(":state(open)")), false);
    await finish(page);
  });

  test(`${mode}: where its script cannot be had, it stands in the flow of the page`, async () => {
    const site_ = site({ widget: () => copy((path) => rm(`${path}/frame.js`)), examples: PAGES });
    const page = await site_.open("/examples/blank.html");
    const help = await add(page, { mode, area: "billing" });
    await checkResults(help, BILLING);
    const errors = await events(page, "error");
    assert.deepEqual(errors.map((it) => it.detail.code), ["wasm-unreachable"]);
    await finish(page, { console: [/Failed to load resource.*404/] });
  });
}

test("A mode that is changed and opened in one go stays open, and nobody hears of it", async () => {
  const { page, help } = await opened({ mode: "dialog" });
  await launcher(help).click();
  await checkResults(help, BILLING);
  await help.evaluate((it) => {
    it.mode = "panel";
    return it.open();
  });
  await twoPauses();
  await checkIsOpen(help, true);
  assert.deepEqual((await events(page, "toggled")).map((it) => it.detail.open), [true]);
  await finish(page);
});

test("A link to an answer opens what it stands in", async () => {
  const page = await own.open("/examples/blank.html#unstuck-help=billing-charged-twice");
  const help = await add(page, { label: "Need help?", mode: "panel", route: "hash" });
  await checkOpenIs(help, "Charged twice");
  await checkIsOpen(help, true);
  assert.deepEqual(await events(page, "toggled"), []);
  await finish(page);
});

test("Inline is always open: the methods change nothing", async () => {
  const { page, help } = await opened({});
  await checkResults(help, BILLING);
  await help.evaluate(async (it) => {
    await it.close();
    await it.toggle();
  });
  assert.ok(await field(help).isVisible());
  assert.equal(await launcher(help).count(), 0);
  assert.deepEqual(requests(page, /frame\.js/), []);
  await finish(page);
});

test("A mode that does not exist is inline", async () => {
  const { page, help } = await opened({ mode: "constructor" });
  await checkResults(help, BILLING);
  assert.equal(await launcher(help).count(), 0);
  await finish(page);
});

test("Without a label its launcher is called Help", async () => {
  const { page, help } = await opened({ mode: "panel", label: "" });
  await button(help, "Help").click();
  await checkResults(help, BILLING);
  await help.evaluate((it) => (it.label = "Stuck?"));
  await button(help, "Stuck?").waitFor();
  assert.equal(await help.getByRole("dialog").getAttribute("aria-labelledby"), "launcher");
  await help.evaluate((it) => {
    it.label = "";
    it.messages = { launcher: "Hilfe", close: "Zu" };
  });
  await button(help, "Hilfe").waitFor();
  await button(help, "Zu").click();
  await checkIsOpen(help, false);
  await finish(page);
});

// --- where they stand ---

test("Where a page keeps room for a compact one's line, what stands below does not move when it comes", async () => {
  const page = await own.open("/examples/blank.html", { prepare: noteShifts });
  const release = await hold(page, /frame\.js/);
  await style(page, 'unstuck-help[mode="compact"] { min-block-size: 2.75rem }');
  const help = await add(page, { mode: "compact", label: "Need help?" });
  await page.evaluate(() => document.querySelector("main").append("What stands below"));
  await drawn(page);
  release();
  await launcher(page).waitFor();
  const { height } = await help.boundingBox();
  assert.ok(height >= 44, `${height}`);
  await ready(help);
  assert.equal((await help.boundingBox()).height, height);
  assert.deepEqual(await shifts(page), []);
  await finish(page);
});

test("Panel and launcher are above whatever counts to the highest z-index; the page stays usable beside the panel", async () => {
  const { page, help } = await opened({ mode: "panel" });
  await style(page, "#cover { position: fixed; inset: 0; z-index: 2147483647; background: beige } #cover button { margin: 2rem }");
  await page.evaluate(() => {
    const cover = document.createElement("div");
    cover.id = "cover";
    const own = document.createElement("button");
    own.textContent = "The page's own";
    own.onclick = () => (globalThis.pressed = true);
    cover.append(own);
    document.body.append(cover);
  });
  await launcher(help).waitFor();
  assert.ok(await isOnTop(help, "launcher"));
  await launcher(help).click();
  await checkResults(help, BILLING);
  assert.ok(await isOnTop(help, "panel"));
  await button(page, "The page's own").click();
  assert.ok(await page.evaluate(() => globalThis.pressed));
  await checkIsOpen(help, true);
  // Who works in the page keeps the focus there.
  await help.evaluate((it) => it.close());
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "The page's own");
  await finish(page);
});

test("A dialog makes the page inert, and a press beside it or on its cross closes it", async () => {
  const { page, help } = await opened({ mode: "dialog" });
  await launcher(help).click();
  await checkResults(help, BILLING);
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press("Tab");
    assert.ok(await page.evaluate(() => [document.body, document.querySelector("#help")].includes(document.activeElement)));
  }
  await button(help, "Close").click();
  await checkIsOpen(help, false);
  await launcher(help).click();
  await checkIsOpen(help, true);
  await page.mouse.click(5, 5);
  await checkIsOpen(help, false);
  assert.deepEqual((await events(page, "toggled")).map((it) => it.detail.open), [true, false, true, false]);
  await finish(page);
});

test("`placement` chooses the corner along the line, from right to left too", async () => {
  const { page, help } = await opened({ mode: "panel" }, { viewport: { width: 1000, height: 700 } });
  const sides = async () => {
    const boxes = [await launcher(help).boundingBox(), await help.getByRole("dialog").boundingBox()];
    return boxes.map((it) => (it.x + it.width / 2 > 500 ? "right" : "left"));
  };
  await launcher(help).click();
  await checkNumber(help, 4);
  assert.deepEqual(await sides(), ["right", "right"]);
  await set(help, "placement", "start");
  assert.deepEqual(await sides(), ["left", "left"]);
  await page.evaluate(() => (document.documentElement.dir = "rtl"));
  assert.deepEqual(await sides(), ["right", "right"]);
  await set(help, "placement", null);
  assert.deepEqual(await sides(), ["left", "left"]);
  await finish(page);
});

for (const mode of ["panel", "dialog"]) {
  test(`${mode}: on a narrow and low screen nothing of it is out of reach`, async () => {
    const { page, help } = await opened({ mode }, { viewport: { width: 320, height: 400 } });
    await launcher(help).click();
    await checkResults(help, BILLING);
    const { x, y, width, height } = await help.getByRole("dialog").boundingBox();
    assert.ok(x >= 0 && y >= 0 && x + width <= 320 && y + height <= 400, JSON.stringify({ x, y, width, height }));
    const scrolls = await help.evaluate((it) => it.shadowRoot.querySelector("dialog").scrollWidth - it.shadowRoot.querySelector("dialog").clientWidth);
    assert.equal(scrolls, 0);
    await help.getByRole("link", { name: "Contact" }).scrollIntoViewIfNeeded();
    await finish(page);
  });
}

// --- the shortcut ---

test("`shortcut` opens it and goes into the field, in every mode", async () => {
  for (const mode of ["inline", ...LAUNCHED]) {
    const { page, help } = await opened({ mode, shortcut: "/" });
    await help.getByRole(mode === "inline" ? "searchbox" : "button").first().waitFor();
    // The file that listens comes a moment after what is seen.
    await eventually(async () => {
      await page.keyboard.press("/");
      assert.equal(await focusedPart(page), "input");
    });
    assert.equal(await field(help).inputValue(), "");
    await checkResults(help, BILLING);
    await finish(page);
  }
});

test("`shortcut` is ignored where something is typed or chosen by keys, in other shadow roots too", async () => {
  const { page, help } = await opened({ mode: "panel", shortcut: "/" });
  await launcher(help).waitFor();
  await page.evaluate(() => {
    const main = document.querySelector("main");
    for (const tag of ["input", "textarea", "select", "div", "own-field"]) {
      const it = document.createElement(tag);
      if (tag === "div") it.contentEditable = "true";
      if (tag === "own-field") it.attachShadow({ mode: "open" }).append(document.createElement("input"));
      main.append(it);
    }
  });
  for (const tag of ["input", "textarea", "select", "div[contenteditable]", "own-field input"]) {
    await page.locator(`main > ${tag}`).focus();
    await page.keyboard.press("/");
    await checkIsOpen(help, false);
  }
  const typed = await page.locator("main > input").inputValue();
  assert.equal(typed, "/");
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("/");
  await checkIsOpen(help, true);
  await finish(page);
});

test("`shortcut` wants its keys and no others, and can be changed while it runs", async () => {
  const { page, help } = await opened({ mode: "panel", shortcut: "Control+k" });
  await launcher(help).waitFor();
  await ready(help);
  for (const [keys, opens] of [["k", false], ["Alt+Control+k", false], ["Control+Shift+K", false], ["Control+K", false], ["Control+k", true]]) {
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press(keys.replace("Control+K", "Shift+k"));
    await checkIsOpen(help, opens);
  }
  await help.evaluate((it) => it.close());
  await set(help, "shortcut", null);
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("Control+k");
  await twoPauses();
  await checkIsOpen(help, false);
  await finish(page);
});

test("`shortcut` with a modifier that is none opens nothing, and an element that is hidden does not hear it", async () => {
  const { page, help } = await opened({ mode: "dialog", shortcut: "Ctrl+k" });
  await launcher(help).waitFor();
  await page.keyboard.press("k");
  await page.keyboard.press("Control+k");
  await set(help, "shortcut", "/");
  await set(help, "hidden", "");
  await page.keyboard.press("/");
  await twoPauses();
  await checkEvents(page, []);
  await set(help, "hidden", null);
  // What a browser fills in comes as a key without a name.
  await page.evaluate(() => document.body.dispatchEvent(new Event("keydown", { bubbles: true })));
  await page.keyboard.press("/");
  await checkIsOpen(help, true);
  await finish(page);
});

test("A removed element does not hear its shortcut any more", async () => {
  const { page, help } = await opened({ mode: "panel", shortcut: "/" });
  await launcher(help).waitFor();
  await help.evaluate((it) => it.remove());
  const prevented = await page.evaluate(() => new Promise((done) => setTimeout(() => {
    const event = new KeyboardEvent("keydown", { key: "/", bubbles: true, cancelable: true });
    document.body.dispatchEvent(event);
    done(event.defaultPrevented);
  })));
  assert.equal(prevented, false);
  await checkEvents(page, []);
  await finish(page);
});
