// The files on servers of other people: as they are, below a path, compressed
// or not, with the caches that docs/hosting.md recommends.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cp, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { POLICY, area, build, checkNumber, checkOpen, consoleOf, eventually, events, finish, folder, freePort, openAnswer, requests, search, visit } from "./harness.js";

const VERSION = "0.1.0";

/** A site with the widget in `/unstuck/0.1.0/` and a page that names it. */
async function hosted() {
  const root = await folder();
  await cp("dist", join(root, "unstuck", VERSION), { recursive: true });
  await cp("site/icon.svg", join(root, "icon.svg"));
  await writeFile(
    join(root, "index.html"),
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>Portal</title><link rel="icon" href="icon.svg">
<link rel="modulepreload" href="unstuck/${VERSION}/element.js"><script type="module" async src="unstuck/${VERSION}/unstuck.js"></script>
<h1>Portal</h1><unstuck-help id="help" area="billing"><p>What we wrote ourselves</p></unstuck-help>`,
  );
  return root;
}

/** Runs a server until `use` is done with it. */
async function serving(program, args, cwd, port, use) {
  const child = spawn(program, args, { cwd, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk) => (said += chunk));
  const ended = new Promise((done) => child.once("close", done));
  try {
    await eventually(async () => assert.ok(child.exitCode === null && (await fetch(`http://127.0.0.1:${port}/`)).ok, said));
    await use(`http://127.0.0.1:${port}`);
  } finally {
    child.kill();
    await ended;
  }
}

const nginx = async (root, change, use) => {
  const port = await freePort();
  const own = await folder();
  const text = (await readFile("docs/nginx.conf", "utf8")).replace("127.0.0.1:8080", `127.0.0.1:${port}`).replace("root .", `root ${root}`);
  // As root it would serve as somebody who may not read the folder.
  const user = process.getuid() === 0 ? "user root;\n" : "";
  await writeFile(join(own, "nginx.conf"), user + change(text));
  await serving(process.env.NGINX ?? "nginx", ["-p", own, "-c", join(own, "nginx.conf")], own, port, use);
};

const python = async (root, use) => {
  const port = await freePort();
  await serving(process.env.PYTHON ?? "python3", ["-m", "http.server", String(port), "--bind", "127.0.0.1"], root, port, use);
};

async function checkWorks(address) {
  const page = await visit(address);
  const help = page.locator("#help");
  await checkNumber(help, 4);
  await search(help, "captcha");
  await area(help, "All areas").click();
  await openAnswer(help, "Login screen says captcha failed");
  await checkOpen(help, "Login screen says captcha failed");
  assert.deepEqual(await events(page, "error"), []);
  assert.deepEqual(consoleOf(page), []);
  return page;
}

test("Python's file server, which compresses nothing", async () => {
  await python(await hosted(), async (origin) => finish(await checkWorks(`${origin}/`)));
});

test("Below a path, beside other things", async () => {
  const root = await folder();
  const below = join(root, "customers/portal");
  await mkdir(below, { recursive: true });
  await cp(await hosted(), below, { recursive: true });
  await python(root, async (origin) => {
    const page = await checkWorks(`${origin}/customers/portal/`);
    assert.ok(requests(page).every((it) => it.startsWith("/customers/portal/")));
    await finish(page);
  });
});

test("nginx, compressed", async () => {
  await nginx(await hosted(), (it) => it, async (origin) => {
    const page = await checkWorks(`${origin}/`);
    for (const path of requests(page, /\.(js|wasm|bin)$|customer\.json$/)) {
      const { headers } = await fetch(origin + path);
      assert.equal(headers.get("content-encoding"), "gzip", path);
    }
    const [sent, whole] = await page.evaluate(() => {
      const files = performance.getEntriesByType("resource").filter((it) => /\/unstuck\//.test(it.name));
      return ["encodedBodySize", "decodedBodySize"].map((key) => files.reduce((sum, it) => sum + it[key], 0));
    });
    assert.ok(sent > 0 && sent < whole * 0.6, `${sent} of ${whole}`);
    await finish(page);
  });
});

test("nginx, not compressed", async () => {
  await nginx(await hosted(), (it) => it.replace("gzip on", "gzip off"), async (origin) => {
    const page = await checkWorks(`${origin}/`);
    assert.equal((await fetch(`${origin}/unstuck/${VERSION}/unstuck.wasm`)).headers.get("content-encoding"), null);
    await finish(page);
  });
});

test("With the recommended caches nothing is fetched twice, and a knowledge base that was published since is shown", async () => {
  const root = await hosted();
  const kb = join(root, "unstuck", VERSION, "kb");
  await nginx(root, (it) => it, async (origin) => {
    const cacheOf = async (path) => (await fetch(`${origin}/unstuck/${VERSION}/${path}`)).headers.get("cache-control");
    const bin = JSON.parse(await readFile(join(kb, "customer.json"), "utf8")).languages.en.file;
    for (const path of ["unstuck.js", "element.js", "unstuck.wasm", `kb/${bin}`]) assert.match(await cacheOf(path), /immutable/, path);
    for (const path of ["kb/customer.json", "kb/customer.html", "kb/customer.entries.json"]) assert.equal(await cacheOf(path), "no-cache", path);
    const page = await checkWorks(`${origin}/`);
    const sent = () => page.evaluate(() => performance.getEntriesByType("resource").filter((it) => it.transferSize > 400).map((it) => it.name.split("/").at(-1)));
    await page.reload();
    await checkNumber(page.locator("#help"), 4);
    assert.deepEqual((await sent()).filter((it) => /\.(js|wasm|bin)$/.test(it)), []);
    // Published: another title under another name, and the manifest that says so.
    const sources = await folder();
    await writeFile(join(sources, "billing.md"), "# Billing\n\n| Symptom | Fix |\n|---|---|\n| Charged three times | Contact support. |\n");
    await build(sources, kb);
    await page.reload();
    await page.locator("#help").getByRole("button", { name: "Charged three times" }).waitFor();
    await finish(page);
  });
});
