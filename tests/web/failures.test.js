// What goes wrong outside the widget: files that are missing, damaged or of
// another version, a lost connection, a stricter policy. Always the same: the
// documented code, the page unharmed, its own words readable.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import {
  BLOCKED, PAGES, POLICY, add, build, checkNumber, checkResults, copy, events, eventually, field, finish, folder, hold, ready, requests, results, search, set, site,
  twoPauses,
} from "./harness.js";

// What Chromium itself writes about a request that failed. Nothing else may be in the console.
const MISSING = /^error: Failed to load resource: the server responded with a status of 404 \(Not Found\)$/;
const BROKEN = /^error: Failed to load resource: the server responded with a status of 500/;
const UNREACHABLE = /^error: Failed to load resource: net::ERR_/;

const CHILDREN = "Trouble signing in? Find what you see:";

/** The login page, where the element fails with this code. */
async function check(code, { widget, examples, prepare, before = () => {}, console = [], policy = [] }) {
  const page = await site({ widget, examples }).open("/examples/login.html", { prepare });
  const help = page.locator("unstuck-help");
  await before(page, help);
  await eventually(async () => assert.notEqual((await events(page, "error")).length, 0));
  await checkFailed(page, help, code);
  await finish(page, { console, policy });
}

/** The element says so with its code, and everything else is as if it were not there. */
async function checkFailed(page, help, code) {
  for (const { detail } of await events(page, "error")) {
    assert.deepEqual(Object.keys(detail).toSorted(), ["code", "message"]);
    assert.equal(detail.code, code, detail.message);
    assert.notEqual(detail.message, "");
  }
  assert.equal(await help.evaluate((it) => it.ready.then(() => "resolved", (reason) => reason)), code);
  assert.deepEqual(await events(page, "ready"), []);
  assert.deepEqual(await results(help), []);
  // The children are there and do what they do.
  await help.getByText(CHILDREN).waitFor();
  await help.locator("> details").getByText("Login screen says captcha failed").click();
  await help.locator("> details").getByText("Turn off your ad blocker for this page, or try a different browser.").waitFor();
  // The form beside it works.
  await page.getByLabel("Password").fill("secret");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").getByText("Invalid email or password").waitFor();
}

// --- the files as the host has them ---

/** The index in the page's language. */
const bin = async (dist) => {
  const { languages } = JSON.parse(await readFile(manifest(dist), "utf8"));
  return join(dist, "kb", languages.en.file);
};

/** A build with one file changed. */
const changed = (find, change) => () =>
  copy(async (dist) => {
    const path = await find(dist);
    await writeFile(path, await change(await readFile(path)));
  });

/** A build with another index, which its manifest knows of: what is wrong with it only the engine sees. */
const sealed = (change) => () =>
  copy(async (dist) => {
    const path = await bin(dist);
    const bytes = change(await readFile(path));
    await writeFile(path, bytes);
    const known = JSON.parse(await readFile(manifest(dist), "utf8"));
    known.languages.en.integrity = `sha256-${createHash("sha256").update(bytes).digest("base64")}`;
    await writeFile(manifest(dist), JSON.stringify(known));
  });

const removed = (find) => () => copy(async (dist) => rm(await find(dist)));

const wasm = (dist) => join(dist, "unstuck.wasm");
const script = (dist) => join(dist, "widget.js");
const manifest = (dist) => join(dist, "kb/customer.json");
const half = (bytes) => bytes.subarray(0, bytes.length / 2);
const page = () => "<!doctype html><title>Portal</title><p>You are looking for something that is not here.";
const json = (change) => (bytes) => JSON.stringify(change(JSON.parse(bytes)));
const flip = (at) => (bytes) => {
  const copy = Buffer.from(bytes);
  copy[at < 0 ? copy.length + at : at] ^= 0x40;
  return copy;
};

test("Without widget.js: wasm-unreachable", () => check("wasm-unreachable", { widget: removed(script), console: [MISSING] }));

test("Without unstuck.wasm: wasm-unreachable", () => check("wasm-unreachable", { widget: removed(wasm), console: [MISSING, BLOCKED] }));

test("With a truncated unstuck.wasm: wasm-corrupt", () => check("wasm-corrupt", { widget: changed(wasm, half), console: [BLOCKED] }));

test("With an empty unstuck.wasm: wasm-corrupt", () => check("wasm-corrupt", { widget: changed(wasm, () => ""), console: [BLOCKED] }));

test("With a page in place of unstuck.wasm: wasm-corrupt", () => check("wasm-corrupt", { widget: changed(wasm, page), console: [BLOCKED] }));

test("With the WASM of another program: wasm-corrupt", () =>
  // Sound, and not ours: eight bytes are a module without anything in it.
  check("wasm-corrupt", { widget: changed(wasm, () => Buffer.from("\0asm\x01\0\0\0", "latin1")), console: [BLOCKED] }));

test("Without the manifest: kb-not-found", () => check("kb-not-found", { widget: removed(manifest), console: [MISSING] }));

test("With a page in place of the manifest: kb-corrupt", () => check("kb-corrupt", { widget: changed(manifest, page) }));

test("With a truncated manifest: kb-corrupt", () => check("kb-corrupt", { widget: changed(manifest, half) }));

for (const text of ["null", "[]", "{}", "7", "{\"format\":1}", "{\"format\":1,\"default\":\"en\",\"languages\":{}}", "{\"format\":1,\"default\":\"en\",\"languages\":{\"en\":{\"file\":7}}}"]) {
  test(`With ${text} as manifest: a code of the knowledge base's`, async () => {
    const page = await site({ widget: changed(manifest, () => text) }).open("/examples/login.html");
    const help = page.locator("unstuck-help");
    await eventually(async () => assert.notEqual((await events(page, "error")).length, 0));
    const [{ detail }] = await events(page, "error");
    assert.match(detail.code, /^kb-(corrupt|version|not-found)$/, `${detail.code}: ${detail.message}`);
    await checkFailed(page, help, detail.code);
    await finish(page, { console: detail.code === "kb-not-found" ? [MISSING] : [] });
  });
}

test("With a manifest of another version: kb-version", () =>
  check("kb-version", { widget: changed(manifest, json((it) => ({ ...it, format: it.format + 1 }))) }));

test("Without the .bin: kb-not-found", () => check("kb-not-found", { widget: removed(bin), console: [MISSING, BLOCKED] }));

test("With a truncated .bin: kb-corrupt", () => check("kb-corrupt", { widget: changed(bin, half), console: [BLOCKED] }));

test("With an empty .bin: kb-corrupt", () => check("kb-corrupt", { widget: changed(bin, () => ""), console: [BLOCKED] }));

test("With a page in place of the .bin: kb-corrupt", () => check("kb-corrupt", { widget: changed(bin, page), console: [BLOCKED] }));

test("With one flipped bit in the .bin: kb-corrupt", async () => {
  // In the magic, in the checksum, in the table, in the middle, at the end.
  for (const at of [0, 17, 40, 9000, -1]) {
    await check("kb-corrupt", { widget: changed(bin, flip(at)), console: [BLOCKED] });
    await check("kb-corrupt", { widget: sealed(flip(at)) });
  }
});

test("With a .bin of another version: kb-version", () =>
  check("kb-version", {
    widget: sealed((bytes) => {
      const copy = Buffer.from(bytes);
      copy.writeUInt32LE(copy.readUInt32LE(8) + 1, 8);
      return copy;
    }),
  }));

// --- the way there ---

const abort = (pattern) => ({ prepare: (page) => page.route(pattern, (route) => route.abort("connectionfailed")), console: [UNREACHABLE] });
const broken = (pattern) => ({ prepare: (page) => page.route(pattern, (route) => route.fulfill({ status: 500 })), console: [BROKEN] });

test("A script that cannot be reached: wasm-unreachable", () => check("wasm-unreachable", abort("**/widget.js*")));

test("A WASM that cannot be reached: wasm-unreachable", () => check("wasm-unreachable", abort("**/unstuck.wasm")));

test("A manifest that cannot be reached: kb-unreachable", () => check("kb-unreachable", abort("**/kb/customer.json")));

test("A .bin that cannot be reached: kb-unreachable", () => check("kb-unreachable", abort("**/kb/*.bin")));

test("A server that fails with the WASM: wasm-unreachable", () => {
  const { prepare, console } = broken("**/unstuck.wasm");
  return check("wasm-unreachable", { prepare, console: [...console, BLOCKED] });
});

test("A server that fails with the knowledge base: kb-unreachable", () => check("kb-unreachable", broken("**/kb/customer.json")));

test("A server that is gone when help is needed: wasm-unreachable", async () => {
  const own = site({ examples: PAGES });
  const page = await own.open("/examples/late.html");
  await page.evaluate(() => import("/unstuck.js").then(() => undefined));
  const help = page.locator("#help");
  await own.stop();
  await field(help).focus();
  await eventually(async () => assert.deepEqual((await events(page, "error")).map((it) => it.detail.code), ["wasm-unreachable"]));
  await help.getByText("What we wrote ourselves").waitFor();
  await finish(page, { console: [UNREACHABLE] });
});

test("A policy without 'wasm-unsafe-eval': wasm-refused", () =>
  check("wasm-refused", {
    examples: () =>
      copy(async (examples) => {
        const path = join(examples, "login.html");
        const html = await readFile(path, "utf8");
        assert.ok(html.includes(POLICY));
        await writeFile(path, html.replace(" 'wasm-unsafe-eval'", ""));
      }, "examples"),
    // The browser reports the refusal to the page.
    policy: [/^script-src: wasm-eval$/],
  }));

test("A policy that lets nothing be fetched: wasm-unreachable or kb-unreachable", async () => {
  const strict = () =>
    copy(async (examples) => {
      const path = join(examples, "login.html");
      const html = await readFile(path, "utf8");
      await writeFile(path, html.replace("connect-src 'self'", "connect-src 'none'"));
    }, "examples");
  const page = await site({ examples: strict }).open("/examples/login.html");
  await eventually(async () => assert.notEqual((await events(page, "error")).length, 0));
  const [{ detail }] = await events(page, "error");
  assert.match(detail.code, /^(wasm|kb)-unreachable$/);
  await page.getByText(CHILDREN).waitFor();
  // Chromium says which request its policy refused, and why.
  await finish(page, { console: [/Content Security Policy|violates/], policy: [/^connect-src: /] });
});

// --- afterwards ---

test("What failed is tried again when it is asked for again", async () => {
  const own = site({ examples: PAGES });
  let down = true;
  const page = await own.open("/examples/blank.html", {
    prepare: (page) => page.route("**/kb/customer.json", (route) => (down ? route.abort("connectionfailed") : route.continue())),
  });
  const help = await add(page, {});
  await eventually(async () => assert.equal((await events(page, "error")).length, 1));
  down = false;
  await ready(help);
  await checkNumber(help, 20);
  assert.equal(await help.getByText("What we wrote ourselves").isVisible(), false);
  assert.equal(requests(page, /unstuck\.wasm/).length, 1);
  await finish(page, { console: [UNREACHABLE] });
});

test("What fails again and again takes on no more stylesheets", async () => {
  const own = site({ widget: removed(manifest), examples: PAGES });
  const page = await own.open("/examples/blank.html");
  const help = await add(page, { loading: "interaction" });
  const fail = () => help.evaluate((it) => it.ready.then(() => "ready", (code) => code));
  const sheets = () => help.evaluate((it) => it.shadowRoot.adoptedStyleSheets.length);
  for (const lang of ["en", "de", "es"]) {
    await set(help, "lang", lang);
    assert.equal(await fail(), "kb-not-found");
    await help.locator(".rescue").waitFor();
    await eventually(async () => assert.equal(await sheets(), 3));
  }
  await finish(page, { console: [MISSING] });
});

test("One element that fails does not harm another", async () => {
  const own = site({ examples: PAGES });
  const page = await own.open("/examples/two.html");
  await checkNumber(page.locator("#one"), 4);
  const help = await add(page, { kb: "../nowhere", loading: "eager" });
  await eventually(async () => assert.deepEqual((await events(page, "error")).map((it) => [it.at, it.detail.code]), [["help", "kb-not-found"]]));
  await help.getByText("What we wrote ourselves").waitFor();
  await set(page.locator("#one"), "query", "refund");
  await checkNumber(page.locator("#one"), 1);
  await checkNumber(page.locator("#two"), 3);
  await finish(page, { console: [MISSING] });
});

test("A failure that nobody waits for is not an unhandled rejection; methods reject with it", async () => {
  const own = site({ widget: removed(manifest), examples: PAGES });
  const page = await own.open("/examples/blank.html");
  await page.evaluate(() => addEventListener("unhandledrejection", () => (globalThis.unhandled = true)));
  const help = await add(page, { loading: "interaction" });
  const outcomes = await help.evaluate(async (it) => {
    void it.ready;
    const calls = [it.search("captcha"), it.openEntry("billing-charged-twice"), it.reset()];
    return (await Promise.allSettled(calls)).map(({ status, reason }) => [status, reason?.code ?? reason]);
  });
  assert.deepEqual(outcomes, Array(3).fill(["rejected", "kb-not-found"]));
  assert.equal(await page.evaluate(() => globalThis.unhandled), undefined);
  await finish(page, { console: [MISSING] });
});

// --- slow, cut short, published in the middle, wrong types ---

const cut = (pattern) => ({
  // Says how much there is, and then breaks off.
  prepare: (page) => page.route(pattern, async (route) => {
    const response = await fetch(route.request().url());
    const bytes = Buffer.from(await response.arrayBuffer());
    const server = createServer((_, answer) => {
      answer.writeHead(200, { "content-length": bytes.length, "access-control-allow-origin": "*" });
      answer.write(bytes.subarray(0, bytes.length / 2), () => answer.destroy());
    });
    await new Promise((done) => server.listen(0, "127.0.0.1", done));
    await route.continue({ url: `http://127.0.0.1:${server.address().port}/` });
    setTimeout(() => server.close(), 5_000).unref();
  }),
  console: [/^error: (Failed to load resource: net::ERR_CONTENT_LENGTH_MISMATCH|Fetch API cannot load )/],
});

test("A WASM that is cut short on the way: wasm-unreachable", () => check("wasm-unreachable", cut("**/unstuck.wasm")));

test("A manifest that is cut short on the way: kb-unreachable", () => check("kb-unreachable", cut("**/kb/customer.json")));

test("A .bin that is cut short on the way: kb-unreachable", () => check("kb-unreachable", cut("**/kb/*.bin")));

test("A script that is cut short on the way: wasm-unreachable", () => check("wasm-unreachable", cut("**/widget.js*")));

test("A cache that holds another WASM is passed by", async () => {
  const own = site({ examples: PAGES });
  let asked = 0;
  const page = await own.open("/examples/blank.html", {
    // Once what was there before, as a cache would give it.
    prepare: (page) => page.route("**/unstuck.wasm", (route) => (asked++ ? route.continue() : route.fulfill({ body: "of before", headers: { "cache-control": "max-age=600" } }))),
  });
  const help = await add(page, {});
  await ready(help);
  await checkNumber(help, 20);
  assert.deepEqual(await events(page, "error"), []);
  await finish(page, { console: [BLOCKED] });
});

test("A publish in the middle of a load: the new knowledge base is shown", async () => {
  const widget = await copy();
  const own = site({ widget, examples: PAGES });
  const page = await own.open("/examples/blank.html");
  const release = await hold(page, /\.bin$/);
  const help = await add(page, {});
  await eventually(async () => assert.equal(requests(page, /\.bin$/).length, 1));
  const kb = await folder();
  await writeFile(join(kb, "billing.md"), "# Billing\n\n| Symptom | Fix |\n|---|---|\n| Charged three times | Contact support. |\n");
  await rm(await bin(widget));
  await build(kb, join(widget, "kb"));
  release();
  await ready(help);
  await search(help, "charged three times");
  await help.getByRole("button", { name: "Charged three times" }).waitFor();
  assert.deepEqual(await events(page, "error"), []);
  await finish(page, { console: [MISSING, BLOCKED] });
});

test("However slow each file is, what was typed is answered", async () => {
  for (const pattern of [/\/element\.js/, /\/widget\.js/, /unstuck\.wasm/, /customer\.json/, /\.bin$/]) {
    const own = site({ examples: PAGES });
    let release;
    const page = await own.open("/examples/late.html", { prepare: async (page) => (release = await hold(page, pattern)) });
    const importing = page.evaluate(() => import("/unstuck.js").then(() => undefined));
    const help = page.locator("#help");
    if (pattern.source.includes("element")) release();
    await importing;
    await field(help).pressSequentially("charged twice");
    await twoPauses();
    if (!pattern.source.includes("element")) assert.ok(await help.getByText("What we wrote ourselves").isVisible(), `${pattern}`);
    release();
    await checkResults(help, ["Charged twice"]);
    await finish(page);
  }
});

const typed = (pattern, type) => (page) =>
  page.route(pattern, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { ...response.headers(), "content-type": type } });
  });

test("Wrong types of the files that are fetched change nothing", async () => {
  for (const type of ["text/plain", "text/html", "application/octet-stream", "application/x-nothing"]) {
    const page = await site({ examples: PAGES }).open("/examples/blank.html", { prepare: typed(/\.(wasm|bin|json)$/, type) });
    const help = await add(page, {});
    await checkNumber(help, 20);
    await finish(page);
  }
});

test("Scripts with a wrong type are refused, and the children stay", async () => {
  const refused = /^error: Failed to load module script: /;
  for (const [pattern, code] of [[/unstuck\.js$/, null], [/element\.js$/, null], [/(widget|rescue)\.js$/, "wasm-unreachable"]]) {
    const page = await site({ examples: PAGES }).open("/examples/two.html", { prepare: typed(pattern, "text/plain") });
    if (code) await eventually(async () => assert.deepEqual((await events(page, "error")).map((it) => it.detail.code), [code, code]));
    await page.getByText("What we wrote about one").waitFor();
    await finish(page, { console: [refused] });
  }
});
