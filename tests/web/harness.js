// What the browser tests share: a server over the built files, a browser, and
// verbs in the words of a person who uses the widget.
//
// Every page that `open` gives is watched from its first byte; `finish` asks
// whether anything happened there that a host page would not want.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after } from "node:test";
import { promisify } from "node:util";
import { chromium, firefox } from "playwright-core";

/** The server and the compiler. */
export const UNSTUCK = resolve(process.env.UNSTUCK ?? "target/debug/unstuck");

/** What `cargo xtask package` packed. */
export const PACKAGE = resolve(process.env.PACKAGE ?? "target/package/unstuck-0.1.0.tgz");

/** Pages of our own, for what the example pages do not do. */
export const PAGES = "tests/web/pages";

/** The policy that every page here carries, to the letter. */
export const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; require-trusted-types-for 'script'";

/** What Chromium writes of a file whose hash is another. */
export const BLOCKED = /^error: (Failed to find a valid digest in the 'integrity' attribute|Fetch API cannot load )/;

/** Which browser: Chromium, or Firefox by what it speaks with any tool. */
export const IS_FIREFOX = process.env.BROWSER === "firefox";

/** The pause after which a search is reported and announced, in milliseconds: PAUSE_MS in src/ui/mod.rs. */
export const PAUSE = 600;

// How long anything may take before it counts as missing. A machine that
// builds at the same time needs some of it; a test that passes needs none.
const PATIENCE = 10_000;

// --- servers ---

const cleanups = [];
after(async () => {
  for (const it of cleanups.reverse()) await it();
});

/** The command of the package for npm, as it is installed: a program and its first arguments. */
let installing;
export function installed() {
  return (installing ??= (async () => {
    const project = await folder();
    await writeFile(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
    // It needs no other package, so nothing is asked of anybody.
    await promisify(execFile)("npm", ["install", "--offline", "--no-fund", "--no-audit", PACKAGE], { cwd: project });
    return { project, command: [process.execPath, join(project, "node_modules/unstuck/unstuck-command.js")] };
  })());
}

/** A folder that is gone when the tests of the file are over. */
export async function folder() {
  const path = await mkdtemp(join(tmpdir(), "unstuck-"));
  cleanups.push(() => rm(path, { recursive: true, force: true }));
  return path;
}

/**
 * A copy of a folder, `dist` unless told, with a change made to it. A copy in
 * any case: a build under way cannot change the files under a running test.
 */
export async function copy(change = () => {}, of = "dist") {
  const path = join(await folder(), "copy");
  await cp(of, path, { recursive: true });
  await change(path);
  return path;
}

/** Compiles a knowledge base. */
export async function build(kb, out, ...args) {
  await promisify(execFile)(UNSTUCK, ["build", kb, "--out", out, ...args]);
}

const TEXT = "Look at the list of calls, choose the one in question, read what it says about its state, and write it down before going on. ";

/** A copy of the widget over a knowledge base of 300 entries, whose steps come in blocks, with a change made to it. */
export function large(change = () => {}) {
  return copy(async (dist) => {
    const kb = await folder();
    const rows = Array.from({ length: 300 }, (_, at) => `| Trouble number ${at} with part ${at % 7} | ${TEXT.repeat(4)}Then part ${at} works. |\n`);
    await writeFile(join(kb, "parts.md"), `# Parts\n\n| Symptom | Fix |\n|---|---|\n${rows.join("")}`);
    await rm(join(dist, "kb"), { recursive: true });
    await build(kb, join(dist, "kb"));
    await change(dist);
  });
}

/**
 * A site: the widget at `/`, pages at `/examples/`. Started when the first
 * page is opened. `widget` and `examples` are paths, or functions that make them.
 * With `kb` it is a live preview of that knowledge base instead. `command` is
 * the server; without `widget` it takes its own.
 */
export function site({ widget = () => copy(), examples = "examples", kb, command = [UNSTUCK] } = {}) {
  const path = (it) => (typeof it === "function" ? it() : it);
  let server;
  const start = async () => {
    const shown = kb ? [await path(kb)] : ["--examples", await path(examples)];
    const [program, ...first] = command;
    const args = [...first, "serve", ...shown, ...(widget ? ["--widget", await path(widget)] : []), "--port", "0"];
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
    const ended = new Promise((done) => child.once("exit", done));
    const stop = () => (child.kill(), ended);
    cleanups.push(stop);
    const origin = await new Promise((found, failed) => {
      let said = "";
      child.stdout.on("data", (chunk) => {
        said += chunk;
        const address = /http:\/\/127\.0\.0\.1:\d+(?=\/(preview\/)?\s)/.exec(said);
        if (address) found(address[0]);
      });
      child.once("error", failed);
      child.once("exit", () => failed(new Error(`the server ended, having said: ${said}`)));
    });
    return { origin, stop };
  };
  const started = () => (server ??= start());
  return {
    origin: async () => (await started()).origin,
    /** Ends the server, as when the connection is lost. */
    stop: async () => (await started()).stop(),
    open: async (path, options) => open((await started()).origin, path, options),
  };
}

/** A port that nobody listens on. */
export async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

// --- pages ---

const browsers = new Map();
const watched = new WeakMap();

export function launchChromium(flags) {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", ...flags] });
}

/** As it is installed, by the protocol that it speaks with any tool. */
export function launchFirefox(firefoxUserPrefs) {
  return firefox.launch({ channel: "moz-firefox", executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr", firefoxUserPrefs });
}

/** A browser with these flags, started when it is first wanted. */
function launch(flags) {
  const key = flags.join(" ");
  if (!browsers.has(key)) {
    const started = IS_FIREFOX ? launchFirefox() : launchChromium(flags);
    cleanups.push(async () => (await started).close());
    browsers.set(key, started);
  }
  return browsers.get(key);
}

/** A page at an address of another server. */
export function visit(address, options) {
  const { protocol, host, pathname } = new URL(address);
  return open(`${protocol}//${host}`, pathname, options);
}

/**
 * A page in a browser of its own (nothing is shared with another test), and
 * all that it does is recorded. `prepare` is called before anything is loaded;
 * `flags` are those of the browser. Nothing moves there, unless a test asks for
 * motion: what is measured or compared halfway says nothing.
 */
async function open(origin, path, { prepare = () => {}, flags = [], ...options } = {}) {
  const context = await (await launch(flags)).newContext({ colorScheme: "light", reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  // A file has none of its own.
  const seen = { origin: new URL(origin + path).origin, console: [], errors: [], requests: [] };
  watched.set(page, seen);
  page.on("console", (it) => seen.console.push(`${it.type()}: ${it.text()}`));
  page.on("pageerror", (it) => seen.errors.push(String(it.stack ?? it)));
  context.on("request", (it) => seen.requests.push(it.url()));
  await page.addInitScript(record);
  await prepare(page);
  await page.goto(origin + path);
  return page;
}

/** Runs in the page before all of its scripts. */
export function record() {
  const names = ["ready", "search", "no-match", "entry-opened", "step-done", "resolved", "not-resolved", "escalated", "navigate", "suggested", "toggled", "error"];
  const events = [];
  const policy = [];
  // On the document: what arrives here has bubbled, and has left the shadow root.
  for (const name of names) {
    document.addEventListener(`unstuck-${name}`, (it) => events.push({ name: it.type, detail: it.detail, at: it.target.id }));
  }
  document.addEventListener("securitypolicyviolation", (it) => policy.push(`${it.effectiveDirective}: ${it.blockedURI}`));
  Object.assign(globalThis, { recordedEvents: events, recordedPolicy: policy });
}

/** The `unstuck-*` events that reached the document: name, detail, and the id of the element. */
export function events(page, name) {
  return page.evaluate((name) => globalThis.recordedEvents.filter((it) => !name || it.name === `unstuck-${name}`), name);
}

/** The events as pairs of name and detail, once there are as many as expected. */
export async function checkEvents(page, expected) {
  await eventually(async () => {
    const seen = (await events(page)).map(({ name, detail }) => [name, detail]);
    assert.deepEqual(seen, expected);
  });
}

/** Addresses that the page requested, without the origin. */
export function requests(page, pattern = /./) {
  const { origin, requests } = watched.get(page);
  return requests.map((it) => it.replace(origin, "")).filter((it) => pattern.test(it));
}

/** What stands in the console. */
export function consoleOf(page) {
  return watched.get(page).console;
}

/** The files that an element fetches when it is about to be used. */
export const LAZY = /widget\.js|unstuck\.wasm|\/kb\//;

/**
 * The end of every test: nothing in the console, no error, no policy report,
 * no request to anybody else, nothing stored. `except` names what the browser
 * itself says about a failure that the test made: every line must be there; and
 * `stored` the keys of what a page keeps as long as its tab is open.
 */
export async function finish(page, except = {}) {
  const { origin, console, errors, requests } = watched.get(page);
  const expected = (seen, patterns, what) => {
    const rest = seen.filter((it) => !patterns.some((pattern) => pattern.test(it)));
    assert.deepEqual(rest, [], what);
    for (const pattern of patterns) assert.ok(seen.some((it) => pattern.test(it)), `${what}: ${pattern} is not among ${JSON.stringify(seen)}`);
  };
  assert.deepEqual(errors, [], "page errors");
  expected(console, except.console ?? [], "console");
  expected(await page.evaluate(() => globalThis.recordedPolicy), except.policy ?? [], "policy reports");
  assert.deepEqual(requests.filter((it) => !it.startsWith("data:") && new URL(it).origin !== origin), [], "requests to another origin");
  assert.deepEqual(await page.context().cookies(), [], "cookies");
  const stored = await page.evaluate(async () => ({
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    databases: await indexedDB.databases(),
    caches: await caches.keys(),
  }));
  assert.deepEqual(stored, { local: [], session: except.stored ?? [], databases: [], caches: [] }, "storage");
  await page.context().close();
}

/** Tries until it holds: the widget brings the page up to date a moment later. */
export async function eventually(check) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((done) => setTimeout(done, 20));
    }
  }
}

/**
 * Waits where absence is asserted: what has not happened after two pauses is
 * not going to.
 */
export function twoPauses() {
  return new Promise((done) => setTimeout(done, 2 * PAUSE));
}

/** Keeps the answer to a request back until it is released. */
export async function hold(page, pattern) {
  let release;
  const released = new Promise((done) => (release = done));
  await page.route(pattern, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

/** Adds a stylesheet to a page, as its policy allows. */
export function style(page, css) {
  return page.evaluate((css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }, css);
}

/** For `prepare`: notes how far things move in the page, see `shifts`. */
export function noteShifts(page) {
  return page.addInitScript(() => {
    globalThis.recordedShifts = [];
    const note = (list) => globalThis.recordedShifts.push(...list.getEntries().map((it) => it.value));
    new PerformanceObserver(note).observe({ type: "layout-shift", buffered: true });
  });
}

/** How far things moved, each time that something did. */
export function shifts(page) {
  return page.evaluate(() => globalThis.recordedShifts);
}

/** Waits until the page has been drawn. */
export function drawn(page) {
  return page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** For `addInitScript`: keeps the memory of every module, which nothing else can reach. */
export function reach() {
  const { instantiate } = WebAssembly;
  const memories = (globalThis.memories = []);
  WebAssembly.instantiate = async (...given) => {
    const made = await instantiate.apply(WebAssembly, given);
    memories.push((made.instance ?? made).exports.memory);
    return made;
  };
}

/** Breaks all that the modules of a page with `reach` know: whatever they do next is out of bounds. */
export function breakAll(page) {
  return page.evaluate(() => globalThis.memories.forEach((it) => new Uint8Array(it.buffer).fill(0xff)));
}

// --- elements ---

/** Adds an element to a page by script, the way a host without a framework does. */
export async function add(page, attributes = {}, children = ["What we wrote ourselves"]) {
  await page.evaluate(
    ([attributes, children]) => {
      const element = document.createElement("unstuck-help");
      element.id = "help";
      for (const name in attributes) element.setAttribute(name, attributes[name]);
      for (const text of children) {
        const child = document.createElement("p");
        child.textContent = text;
        element.append(child);
      }
      document.querySelector("main").append(element);
    },
    [attributes, children],
  );
  return page.locator("#help");
}

/** Sets an attribute; `null` takes it away. */
export function set(element, name, value) {
  return element.evaluate((it, [name, value]) => (value === null ? it.removeAttribute(name) : it.setAttribute(name, value)), [name, value]);
}

/** Starts the loading and waits for the end of it. */
export function ready(element) {
  return element.evaluate((it) => it.ready.then(() => undefined));
}

/** The symptoms of the area Billing, in their order. */
export const BILLING = ["Invoice past due", "Invoice amount looks wrong", "Can't add a payment method", "Charged twice"];

// --- what a person does and sees; `scope` is a page or an element ---

/** The search field. */
export function field(scope) {
  return scope.getByRole("searchbox", { name: "Search for a problem or paste an error" });
}

/** Puts a text into the search field. */
export async function search(scope, text) {
  await field(scope).fill(text);
}

/** The rows: buttons in headings, which open the answer under them. */
export function rows(scope) {
  return scope.getByRole("heading").getByRole("button");
}

/** The symptoms of the answers that are shown. */
export function results(scope) {
  return rows(scope).allTextContents();
}

/** The answers shown are these, in this order. */
export function checkResults(scope, expected) {
  return eventually(async () => assert.deepEqual(await results(scope), expected));
}

/** As many answers are shown. */
export function checkNumber(scope, n) {
  return eventually(async () => assert.equal((await results(scope)).length, n));
}

/** The button of an answer, by its symptom. */
export function answer(scope, name) {
  return rows(scope).filter({ hasText: new RegExp(`^${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`) });
}

/** Opens an answer and gives its row. */
export async function openAnswer(scope, name) {
  await answer(scope, name).click();
  return checkOpen(scope, name);
}

/** A button, by its whole name. */
export function button(scope, name) {
  return scope.getByRole("button", { name, exact: true });
}

/** The boxes of the steps that are shown. */
export function ticks(scope) {
  return scope.getByRole("checkbox");
}

/** Opens an answer that may open by itself when nobody types any more. Its row. */
export async function openFound(scope, name) {
  const row = answer(scope, name);
  await row.waitFor();
  await eventually(async () => {
    if ((await row.getAttribute("aria-expanded")) === "false") await row.click();
    assert.equal(await row.getAttribute("aria-expanded"), "true");
  });
  return checkOpen(scope, name);
}

/** The answer is open and tells what to do. Its row. */
export async function checkOpen(scope, name) {
  const row = scope.getByRole("listitem").filter({ has: answer(scope.page?.() ?? scope, name) });
  await row.getByRole("button", { expanded: true }).waitFor();
  await row.getByRole("listitem").first().waitFor();
  return row;
}

/** The answer that is open, by its symptom; null where none is. */
export function checkOpenIs(scope, name) {
  return eventually(async () => {
    const open = scope.getByRole("heading").getByRole("button", { expanded: true });
    assert.deepEqual(await open.allTextContents(), name === null ? [] : [name]);
  });
}

/** The steps of an open answer, those of a guide that are not shown included. */
export function steps(row) {
  return row.locator("ol[part~=steps]").getByRole("listitem", { includeHidden: true });
}

/** The areas, as `["Billing 4", …]`. */
export async function areas(scope) {
  const texts = await scope.getByRole("group", { name: "Areas" }).getByRole("button").allTextContents();
  return texts.map((it) => it.trim());
}

/** The button of an area, whatever its number. */
export function area(scope, name) {
  return scope.getByRole("group", { name: "Areas" }).getByRole("button", { name: new RegExp(`^${name} \\d+$`) });
}

/** The area that is chosen. */
export async function checkArea(scope, name) {
  await eventually(async () => {
    const pressed = scope.getByRole("group", { name: "Areas" }).getByRole("button", { pressed: true });
    assert.deepEqual((await pressed.allTextContents()).map((it) => it.replace(/ \d+$/, "")), [name]);
  });
}

/** What has the focus, through shadow roots: its role or tag, and its text. */
export function focused(page) {
  return page.evaluate(() => {
    let it = document.activeElement;
    while (it?.shadowRoot?.activeElement) it = it.shadowRoot.activeElement;
    const style = getComputedStyle(it);
    return {
      tag: it.localName,
      text: it.textContent.trim(),
      inside: it.getRootNode().host?.id ?? null,
      step: Number(/^step-(\d+)$/.exec(it.id)?.[1] ?? -1),
      visible: it.matches(":focus-visible") && style.outlineStyle !== "none" && style.outlineWidth !== "0px",
    };
  });
}

/** The focus is there, and can be seen. */
export function checkFocus(page, tag, text) {
  return eventually(async () => {
    const { inside, step, ...seen } = await focused(page);
    const expected = { tag, text: text ?? seen.text, visible: true };
    assert.deepEqual(seen, expected);
  });
}

/** Presses keys, one after the other. */
export async function press(page, ...keys) {
  for (const it of keys) await page.keyboard.press(it);
}

/** Tab until the focus is where its text fits. Fails where it never gets there, or leaves the page. */
export async function tabTo(page, text, key = "Tab") {
  for (let presses = 0; presses < 150; presses++) {
    await press(page, key);
    const it = await focused(page);
    assert.notEqual(it.tag, "body", `the focus left the page before it came to ${text}`);
    if (text.test(it.text)) {
      assert.ok(it.visible, `the focus on "${it.text}" cannot be seen`);
      return;
    }
  }
  assert.fail(`${key} does not lead to ${text}`);
}
