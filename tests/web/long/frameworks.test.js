// The examples for frameworks: each installed with the package as npm packs it,
// built as its own package.json says, and used.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { promisify } from "node:util";
import { BILLING, PACKAGE, breakAll, button, checkArea, checkNumber, checkResults, consoleOf, eventually, events, field, finish, folder, openAnswer, reach, requests, results, search, site, ticks, visit } from "../harness.js";

const run = promisify(execFile);

/** A copy of the examples with the package where they expect it. */
let root;
before(async () => {
  root = await folder();
  await cp("examples", join(root, "examples"), { recursive: true, filter: (it) => !/node_modules|\/(dist|public|target)$/.test(it) });
  await mkdir(join(root, "target/package"), { recursive: true });
  await cp(PACKAGE, join(root, "target/package/unstuck-0.1.0.tgz"));
});

async function npm(name, ...args) {
  const cwd = join(root, "examples", name);
  await run("npm", [...args, "--no-fund", "--no-audit"], { cwd }).catch((error) => assert.fail(`npm ${args.join(" ")} in ${name}:\n${error.stdout}\n${error.stderr}`));
  return cwd;
}

const builds = new Map();

/** An example, installed and built. Its folder. */
function built(name) {
  if (!builds.has(name)) builds.set(name, npm(name, "install").then(() => npm(name, "run", "build")));
  return builds.get(name);
}

/** A server over what an example built without a bundler. */
function folderSite(cwd) {
  return site({ widget: join(cwd, "dist/unstuck"), examples: join(cwd, "dist") });
}

/** Runs one of Vite's servers until `use` is done with it. */
async function vite(cwd, args, use) {
  const child = spawn(join(cwd, "node_modules/.bin/vite"), [...args, "--port", "0", "--host", "127.0.0.1"], { cwd, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, NO_COLOR: "1" } });
  const ended = new Promise((done) => child.once("close", done));
  let said = "";
  for (const it of [child.stdout, child.stderr]) it.on("data", (chunk) => (said += chunk));
  try {
    const origin = await eventually(() => {
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      assert.ok(found, said);
      return found[0];
    });
    await use(origin);
  } finally {
    child.kill();
    await ended;
  }
}

/** What every example can do: search, views, a property, events, help that goes and comes. */
async function checkApp(page) {
  const help = page.locator("#help");
  const status = page.locator("[role=status]").first();
  await checkResults(help, BILLING);
  // An event reaches the app.
  let row = await openAnswer(help, "Invoice past due");
  for (const it of await ticks(row).all()) await it.check();
  await button(row, "Yes").click();
  await eventually(async () => assert.equal(await status.textContent(), "Solved: billing-invoice-past-due"));
  // An attribute of the app's state.
  await button(page, "Calls").click();
  await page.getByRole("heading", { name: "Calls", level: 1 }).waitFor();
  await checkArea(help, "Calls");
  // Properties, and an event that the app cancels.
  await button(page, "Billing").click();
  await checkResults(help, BILLING);
  row = await openAnswer(help, "Charged twice");
  await button(row, "Hand over to Portal support").first().click();
  await button(row, "Copy").click();
  await eventually(async () => assert.equal(await status.textContent(), "Ticket about billing-charged-twice in billing"));
  // It goes, and comes back.
  await button(page, "Hide help").click();
  await eventually(async () => assert.equal(await help.count(), 0));
  await button(page, "Show help").click();
  await checkNumber(help, 4);
  await search(help, "captcha");
  await eventually(async () => assert.notDeepEqual(await results(help), BILLING));
  assert.deepEqual(requests(page, /unstuck[^/]*\.wasm/).length, 1);
}

for (const name of ["react", "vue", "svelte"]) {
  test(`${name}: built with Vite`, { timeout: 300_000 }, async () => {
    await vite(await built(name), ["preview"], async (origin) => {
      const page = await visit(`${origin}/`);
      await checkApp(page);
      await finish(page);
    });
  });
}

test("react: rendered on a server first, and taken over without a word", { timeout: 300_000 }, async () => {
  const cwd = await built("react");
  const html = await readFile(join(cwd, "dist/index.html"), "utf8");
  assert.match(html, /<div id="app"><main .*<unstuck-help [^>]*area="billing"[^>]*><a /);
  await vite(cwd, ["preview"], async (origin) => {
    // What was rendered is still there afterwards: nothing was thrown away.
    const page = await visit(`${origin}/`, {
      prepare: (page) => page.addInitScript(() => document.addEventListener("DOMContentLoaded", () => (globalThis.rendered = document.querySelector("#help")))),
    });
    await checkResults(page.locator("#help"), BILLING);
    assert.ok(await page.evaluate(() => globalThis.rendered === document.querySelector("#help")));
    await finish(page);
  });
});

test("svelte: what Vite has moved and renamed is found again after a trap, and without the widget there is the plain list", { timeout: 300_000 }, async () => {
  await vite(await built("svelte"), ["preview"], async (origin) => {
    const page = await visit(`${origin}/`, { prepare: (page) => page.addInitScript(reach) });
    const help = page.locator("#help");
    await checkResults(help, BILLING);
    await breakAll(page);
    await search(help, "charged twice");
    await checkResults(help, ["Charged twice"]);
    assert.deepEqual((await events(page, "error")).map((it) => it.detail.code), ["trap"]);
    await finish(page);

    const without = await visit(`${origin}/`, { prepare: (page) => page.route(/assets\/widget-/, (it) => it.abort()) });
    await without.locator("#help").getByRole("group").filter({ hasText: "Charged twice" }).waitFor();
    assert.deepEqual((await events(without, "error")).map((it) => it.detail.code), ["wasm-unreachable"]);
    await finish(without, { console: [/ERR_FAILED/] });
  });
});

test("vue: in Vite's development server", { timeout: 300_000 }, async () => {
  await vite(await built("vue"), [], async (origin) => {
    const page = await visit(`${origin}/`);
    await checkApp(page);
    const said = consoleOf(page).filter((it) => !/\[vite\] connect/.test(it));
    assert.deepEqual(said, []);
    await page.context().close();
  });
});

test("plain: the package's folder as it is, without a bundler", { timeout: 300_000 }, async () => {
  const page = await folderSite(await built("plain")).open("/examples/index.html");
  await checkApp(page);
  await finish(page);
});

test("turbo: one element is swapped with its page, one stays", { timeout: 300_000 }, async () => {
  const page = await folderSite(await built("turbo")).open("/examples/index.html");
  const help = page.locator("#help");
  const panel = page.locator("#panel");
  await checkResults(help, BILLING);
  await panel.evaluate((it) => it.open());
  await search(panel, "captcha");
  await panel.getByRole("heading", { name: "Login screen says captcha failed" }).waitFor();
  await search(help, "charged twice");
  await page.getByRole("link", { name: "Calls", exact: true }).click();
  await page.getByRole("heading", { name: "Calls", level: 1 }).waitFor();
  assert.equal(await page.evaluate(() => performance.getEntriesByType("navigation").length), 1, "the page was not loaded anew");
  await eventually(async () => assert.notDeepEqual(await results(help), BILLING));
  // The panel is as it was, open and with what was typed.
  assert.equal(await field(panel).inputValue(), "captcha");
  await panel.getByRole("heading", { name: "Login screen says captcha failed" }).waitFor();
  // A property that the app sets when a page comes.
  await page.goBack();
  await page.getByRole("heading", { name: "Billing", level: 1 }).waitFor();
  const row = await openAnswer(help, "Charged twice");
  await button(row, "Hand over to Portal support").first().click();
  await button(row, "Copy").click();
  await page.getByText("Ticket about billing-charged-twice").waitFor();
  assert.equal(requests(page, /\.wasm/).length, 1);
  assert.equal(requests(page, /\/index\.html$/).length, 1);
  await finish(page);
});

/** A project that does nothing but import the package, built by other tools than the examples. */
async function project(devDependencies, files) {
  const cwd = join(root, `project-${Object.keys(devDependencies)[0]}`);
  const manifest = { private: true, type: "module", dependencies: { unstuck: `file:${PACKAGE}` }, devDependencies };
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Portal</title><link rel="icon" href="kb/images/contact-options.svg">
<script type="module" src="main.js"></script><h1>Portal</h1><unstuck-help id="help" kb="kb" area="billing"></unstuck-help>`;
  await mkdir(join(cwd, "public"), { recursive: true });
  for (const [name, text] of Object.entries({ "package.json": JSON.stringify(manifest), "index.html": page, "main.js": 'import "unstuck";', ...files })) {
    await writeFile(join(cwd, name), text);
  }
  await run("npm", ["install", "--no-fund", "--no-audit"], { cwd });
  await cp(join(cwd, "node_modules/unstuck/kb"), join(cwd, "public/kb"), { recursive: true });
  return cwd;
}

test("Vite 7: built, and in development with the package excluded from what it bundles before", { timeout: 300_000 }, async () => {
  const cwd = await project({ vite: "7.3.1" }, { "vite.config.js": 'export default { optimizeDeps: { exclude: ["unstuck"] } };' });
  await run("node_modules/.bin/vite", ["build"], { cwd });
  for (const args of [["preview"], []]) {
    await vite(cwd, args, async (origin) => {
      const page = await visit(`${origin}/`);
      await checkResults(page.locator("#help"), BILLING);
      assert.deepEqual(consoleOf(page).filter((it) => !/\[vite\] connect/.test(it)), []);
      await page.context().close();
    });
  }
});

test("webpack: built", { timeout: 300_000 }, async () => {
  const cwd = await project({ webpack: "5.112.2", "webpack-cli": "6.0.1" }, {});
  await run("node_modules/.bin/webpack", ["--mode", "production", "--entry", "./main.js", "--output-path", "public"], { cwd });
  await cp(join(cwd, "index.html"), join(cwd, "public/index.html"));
  const page = await site({ widget: join(cwd, "node_modules/unstuck"), examples: join(cwd, "public") }).open("/examples/index.html");
  await checkResults(page.locator("#help"), BILLING);
  await finish(page);
});
