// Pages whose policy is stricter than the documented one, or another.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { PAGES, POLICY, add, button, checkNumber, checkOpenIs, copy, eventually, events, finish, large, openAnswer, ready, requests, search, site } from "./harness.js";

const NONCE = "n7Kq2mXv9LpR4sTz";
const REST = "default-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self'; require-trusted-types-for 'script'";

/** The empty page under another policy and with other scripts. */
function under(policy, scripts) {
  return () =>
    copy(async (pages) => {
      const path = `${pages}/blank.html`;
      const html = await readFile(path, "utf8");
      const script = /<script[^]*<\/script>/;
      assert.ok(html.includes(POLICY) && script.test(html));
      await writeFile(path, html.replace(POLICY, policy).replace(script, scripts));
    }, PAGES);
}

/** All that the element loads by itself, in turn. */
async function checkAll(examples) {
  const page = await site({ examples }).open("/examples/blank.html");
  const help = await add(page, { mode: "dialog", watch: "#error", route: "hash", shortcut: "/" });
  await button(help, "Help").click();
  await search(help, "charged twice");
  await openAnswer(help, "Charged twice");
  await page.keyboard.press("Escape");
  await page.evaluate(() => {
    const it = document.createElement("p");
    it.id = "error";
    it.textContent = "401 Unauthorized";
    document.body.append(it);
  });
  await eventually(async () => assert.equal((await events(page, "suggested")).length, 1));
  assert.match(await page.evaluate(() => location.hash), /^#unstuck-help=/);
  assert.deepEqual(await events(page, "error"), []);
  await finish(page);
}

const nonced = `<link rel="modulepreload" nonce="${NONCE}" href="../element.js"><script type="module" async nonce="${NONCE}" src="../unstuck.js"></script>`;

test("Under a nonce, without a source for scripts", () => checkAll(under(`${REST}; script-src 'nonce-${NONCE}' 'wasm-unsafe-eval'`, nonced)));

test("Under a nonce with 'strict-dynamic'", () =>
  checkAll(under(`${REST}; script-src 'nonce-${NONCE}' 'strict-dynamic' 'wasm-unsafe-eval'`, nonced)));

test("Where no Trusted Types policy may be made", () =>
  checkAll(under(`${POLICY}; trusted-types 'none'`, '<script type="module" src="../unstuck.js"></script>')));

test("Every file's hash is published, and a page that demands them all gets them all", async () => {
  const published = JSON.parse(await readFile("dist/integrity.json", "utf8"));
  const files = (await readdir("dist", { recursive: true })).filter((it) => /^(words\/)?[^/]+\.(js|wasm)$/.test(it));
  assert.deepEqual(Object.keys(published).toSorted(), files.toSorted());
  for (const file of files) {
    const hash = createHash("sha256").update(await readFile(`dist/${file}`)).digest("base64");
    assert.equal(published[file], `sha256-${hash}`, file);
  }
  const scripts = Object.entries(published).filter(([file]) => file.endsWith(".js"));
  const map = JSON.stringify({ integrity: Object.fromEntries(scripts.map(([file, hash]) => [`../${file}`, hash])) });
  const own = `<script type="importmap" nonce="${NONCE}">${map}</script>
    <script type="module" nonce="${NONCE}" integrity="${published["unstuck.js"]}" src="../unstuck.js"></script>`;
  await checkAll(under(`${REST}; script-src 'nonce-${NONCE}' 'strict-dynamic' 'wasm-unsafe-eval'`, own));
  // And it is not for nothing: of another file it says so.
  const wrong = own.replace(published["widget.js"], published["frame.js"]);
  const page = await site({ examples: under(`${REST}; script-src 'nonce-${NONCE}' 'strict-dynamic' 'wasm-unsafe-eval'`, wrong) }).open("/examples/blank.html");
  await add(page, {});
  await eventually(async () => assert.deepEqual((await events(page, "error")).map((it) => it.detail.code), ["wasm-unreachable"]));
  await finish(page, { console: [/integrity/] });
});

test("The preloads that the README gives are used, and nothing is fetched twice", async () => {
  const readme = await readFile("README.md", "utf8");
  const lines = readme.match(/^<link rel="(?:module)?preload"[^\n]*(?:widget\.js|unstuck\.wasm|customer\.json)">$/gm);
  assert.equal(lines.length, 3);
  const scripts = `${lines.join("").replaceAll("/unstuck/", "../")}<script type="module" async src="../unstuck.js"></script>`;
  const page = await site({ examples: under(POLICY, scripts) }).open("/examples/blank.html");
  const help = await add(page, {});
  await checkNumber(help, 20);
  // A browser complains after some seconds of what was not used.
  await new Promise((done) => setTimeout(done, 4_000));
  for (const file of [/widget\.js/, /unstuck\.wasm/, /customer\.json/]) assert.equal(requests(page, file).length, 1, `${file}`);
  await finish(page);
});

test("The manifest's hashes are those of its files, blocks included", async () => {
  const kb = `${await large()}/kb`;
  const { languages } = JSON.parse(await readFile(`${kb}/customer.json`, "utf8"));
  for (const { file, integrity, blocks } of Object.values(languages)) {
    assert.ok(Object.keys(blocks).length > 1);
    for (const [name, expected] of Object.entries({ [file]: integrity, ...blocks })) {
      const hash = createHash("sha256").update(await readFile(`${kb}/${name}`)).digest("base64");
      assert.equal(expected, `sha256-${hash}`, name);
    }
  }
});

test("A knowledge base of another origin needs its place in `connect-src` alone", async () => {
  const other = site({ widget: () => copy() });
  const origin = await other.origin();
  const policy = POLICY.replace("connect-src 'self'", `connect-src 'self' ${origin}`);
  const page = await site({ examples: under(policy, '<script type="module" src="../unstuck.js"></script>') }).open("/examples/blank.html", {
    // What a server for other origins says with its answers.
    prepare: (page) => page.route(`${origin}/**`, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), "access-control-allow-origin": "*" } });
    }),
  });
  const help = await add(page, { kb: `${origin}/kb`, area: "billing" });
  await ready(help);
  await checkNumber(help, 4);
  await checkOpenIs(help, null);
  await page.context().close();
});
