// One person at one browser, whichever it is: what they see is found in the
// page by role and name, through shadow roots that are open, and what they do
// goes through the browser's own pointer and keyboard.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after } from "node:test";
import { Builder, Capabilities, Key, Origin } from "selenium-webdriver";
import { eventually, freePort, launchChromium, launchFirefox, twoPauses } from "./harness.js";

/** Runs in the page: where the middle of an element is, in pixels of the viewport, and what state it is in; null where there is none. */
function locate(role, name, index) {
  const selectors = { button: "button,summary", box: "input[type=checkbox]", field: "input[type=search]", heading: "h1,h2,h3,h4,h5,h6", input: "input,textarea", text: "p,li,[role=status]" };
  const roots = [document];
  const found = [];
  const plain = (it) => (it ?? "").replace(/\s+/g, " ").trim();
  const named = (it) => it.ariaLabel || plain(it.labels?.[0]?.textContent) || plain(it.textContent);
  for (const root of roots) {
    for (const it of root.querySelectorAll("*")) if (it.shadowRoot) roots.push(it.shadowRoot);
    for (const it of root.querySelectorAll(selectors[role])) if (it.checkVisibility() && (!name || named(it) === name)) found.push(it);
  }
  const it = found.at(index);
  if (!it) return null;
  it.scrollIntoView({ block: "center", behavior: "instant" });
  const { x, y, width, height } = it.getBoundingClientRect();
  return {
    x: Math.round(x + width / 2),
    y: Math.round(y + height / 2),
    isExpanded: it.ariaExpanded === "true" || Boolean(it.parentElement?.open),
    isChecked: it.checked,
    value: it.value,
    hasFocus: it.getRootNode().activeElement === it,
    number: found.length,
  };
}

/** A person at a browser that can be told to `go` to a path, `evaluate` in the page, `clickAt` a place, `type` a text, `key` a key, and `leave`. */
export class Person {
  #browser;

  constructor(browser) {
    this.#browser = browser;
  }

  open(path) {
    return this.#browser.go(path);
  }

  evaluate(...given) {
    return this.#browser.evaluate(...given);
  }

  /** Waits until it is there. What is known of it. */
  see(role, name, index = 0) {
    return eventually(async () => {
      const it = await this.evaluate(locate, role, name, index);
      assert.ok(it, `no ${role} ${name ?? ""}`);
      return it;
    });
  }

  async press(role, name, index) {
    const { x, y } = await this.see(role, name, index);
    await this.#browser.clickAt(x, y);
  }

  type(text) {
    return this.#browser.type(text);
  }

  key(name) {
    return this.#browser.key(name);
  }

  leave() {
    return this.#browser.leave();
  }

  /** Into the search field, as a person gets there. */
  async search(text) {
    // A page that is still being laid out has moved on where somebody is quick.
    await eventually(async () => {
      await this.press("field");
      assert.ok((await this.see("field")).hasFocus);
    });
    await this.type(text);
  }

  /** Waits until an element can be searched. */
  ready() {
    return eventually(async () => assert.ok((await this.events("ready")).length));
  }

  /** Opens an answer, where it has not opened by itself. */
  async openAnswer(name) {
    await eventually(async () => {
      if (!(await this.see("button", name)).isExpanded) await this.press("button", name);
      // Answers that are still being found may have moved away under the pointer.
      await twoPauses();
      assert.ok((await this.see("button", name)).isExpanded, `${name} is closed`);
    });
  }

  /** The events of a name that have come. */
  events(name) {
    return this.evaluate((name) => globalThis.recorded.events.filter((it) => it.name === name).map((it) => it.detail), name);
  }

  /** What anybody said in the console, what was thrown, and what a policy refused. */
  said() {
    return this.evaluate(() => globalThis.recorded.said);
  }
}

// --- browsers, each started when it is first wanted and ended with the file ---

const ended = [];
after(async () => {
  for (const it of ended.reverse()) await it();
});

/** Makes something once for each key. */
function once(make) {
  const made = new Map();
  return (key) => {
    if (!made.has(key)) made.set(key, make(key));
    return made.get(key);
  };
}

/** Ended with the file too. */
const launched = (launch) =>
  once(async (hasWasm) => {
    const browser = await launch(hasWasm);
    ended.push(() => browser.close());
    return browser;
  });

const playwright = {
  Chromium: launched((hasWasm) => launchChromium(hasWasm ? [] : ["--js-flags=--jitless"])),
  Firefox: launched((hasWasm) => launchFirefox({ "javascript.options.wasm": hasWasm })),
};

function start(program, args, env = {}) {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "inherit", "pipe"] });
  const over = new Promise((done) => child.once("close", done));
  ended.push(() => (child.kill(), over));
  return child;
}

/** A screen for browsers that want one. Its name. */
const screen = once(() => {
  return new Promise((found, failed) => {
    // Without `-noreset` it begins anew after each browser, and the next may come just then.
    const child = start(process.env.XVFB ?? "Xvfb", ["-displayfd", "3", "-noreset", "-screen", "0", "1280x1024x24"]);
    child.once("error", failed);
    child.stdio[3].once("data", (it) => found(`:${String(it).trim()}`));
  });
});

/** The address of WebKit's driver. */
const webkit = once(async (hasWasm) => {
  const port = await freePort();
  start(process.env.WEBKIT_DRIVER ?? "WebKitWebDriver", [`--port=${port}`], { DISPLAY: await screen(), ...(hasWasm ? {} : { JSC_useWasm: "0" }) });
  const address = `http://127.0.0.1:${port}`;
  await eventually(async () => assert.ok((await fetch(`${address}/status`)).ok));
  return address;
});

/** A person at an engine, with nothing that another left there. */
export async function atEngine(engine, origin, { hasWasm = true } = {}) {
  if (engine !== "WebKit") {
    const browser = await playwright[engine](hasWasm);
    const context = await browser.newContext();
    const page = await context.newPage();
    return new Person({
      go: (path) => page.goto(origin + path),
      evaluate: (code, ...given) => page.evaluate(`(${code}).apply(null, ${JSON.stringify(given)})`),
      clickAt: (x, y) => page.mouse.click(x, y),
      type: (text) => page.keyboard.type(text),
      key: (name) => page.keyboard.press(name),
      leave: () => context.close(),
    });
  }
  const binary = process.env.WEBKIT_BROWSER ?? "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser";
  const capabilities = new Capabilities({ browserName: "MiniBrowser", "webkitgtk:browserOptions": { binary, args: ["--automation"] } });
  const driver = await new Builder().usingServer(await webkit(hasWasm)).withCapabilities(capabilities).build();
  await driver.manage().window().setRect({ x: 0, y: 0, width: 1200, height: 900 });
  const does = (change) => change(driver.actions({ async: true })).perform();
  return new Person({
    go: (path) => driver.get(origin + path),
    evaluate: (code, ...given) => driver.executeScript(`return (${code}).apply(null, arguments)`, ...given),
    clickAt: (x, y) => does((it) => it.move({ x, y, origin: Origin.VIEWPORT }).click()),
    type: (text) => does((it) => it.sendKeys(text)),
    key: (name) => does((it) => it.sendKeys({ Enter: Key.ENTER, Escape: Key.ESCAPE }[name] ?? name)),
    leave: () => driver.quit(),
  });
}
