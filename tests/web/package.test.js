// The package for npm, as `cargo xtask package` packs it: installed from its
// file, imported, type-checked and served as it is. The frameworks that import
// it are in long/frameworks.test.js.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdir, readFile, readdir, symlink, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { BILLING, PACKAGE, POLICY, UNSTUCK, checkResults, copy, eventually, finish, folder, installed, site } from "./harness.js";

const run = promisify(execFile);

/** A project that has the package installed and nothing else. */
let project;
before(async () => ({ project } = await installed()));

const node = (script) => run(process.execPath, ["--input-type=module", "--eval", script], { cwd: project });

test("It has what a page loads, with types, hashes and texts, and no source", async () => {
  const { stdout } = await run("tar", ["tzf", PACKAGE]);
  const names = stdout.trim().split("\n").map((it) => it.replace("package/", "")).filter((it) => !/^(kb|words)\//.test(it));
  assert.deepEqual(names.toSorted(), [
    "LICENSE", "README.md", "THIRD-PARTY.txt", "compiler.js", "compiler.wasm", "custom-elements.json", "docs/authoring.md", "docs/diagnostics.md", "docs/events.md", "docs/hosting.md", "docs/nginx.conf", "docs/publishing.md", "element.d.ts", "element.js", "frame.js", "integrity.json", "knowledge-base.schema.json",
    "package.json", "page.js", "print.js", "rescue.js", "site/icon.svg", "standalone.js", "unstuck-command.js", "unstuck-command.wasm", "unstuck.d.ts", "unstuck.js", "unstuck.wasm", "watch.js", "widget.js", "words.js", "workbench-worker.js", "workbench.css", "workbench.html", "workbench.js",
  ]);
});

test("Every one of its exports is there, and its version is the library's", async () => {
  const manifest = JSON.parse(await readFile(join(project, "node_modules/unstuck/package.json"), "utf8"));
  const paths = Object.values(manifest.exports).flatMap((it) => (typeof it === "string" ? it : Object.values(it)));
  for (const it of [...paths, manifest.types, manifest.customElements].filter((it) => !it.includes("*"))) {
    await readFile(join(project, "node_modules/unstuck", it));
  }
  assert.match(await readFile("Cargo.toml", "utf8"), new RegExp(`^version = "${manifest.version}"`, "m"));
  const { stdout } = await node(`console.log(import.meta.resolve("unstuck/kb/customer.json"), import.meta.resolve("unstuck/unstuck.wasm"))`);
  assert.match(stdout, /unstuck\/kb\/customer\.json .*unstuck\/unstuck\.wasm$/m);
});

/** Runs the command of the package; what it says, and how it ends. */
const command = async (args, cwd = process.cwd()) => {
  try {
    const { stdout, stderr } = await run("npx", ["--offline", "--prefix", project, "unstuck", ...args], { cwd, maxBuffer: 1 << 26 });
    return { stdout, stderr, code: 0 };
  } catch ({ stdout, stderr, code }) {
    return { stdout, stderr, code };
  }
};
const native = async (args, cwd = process.cwd()) => run(UNSTUCK, args, { cwd, maxBuffer: 1 << 26 }).then((it) => ({ ...it, code: 0 }), ({ stdout, stderr, code }) => ({ stdout, stderr, code }));

/** All files below a folder, by path. */
async function contents(of) {
  const names = (await readdir(of, { recursive: true, withFileTypes: true })).filter((it) => it.isFile());
  const files = names.map(async (it) => [join(it.parentPath, it.name).slice(of.length), await readFile(join(it.parentPath, it.name))]);
  return new Map((await Promise.all(files)).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

test("Its command builds the same bytes as the native one, for every audience", async () => {
  for (const audience of ["customer", "staff"]) {
    const [own, theirs] = await Promise.all([folder(), folder()]);
    const { code, stderr } = await command(["build", "kb", "--out", own, "--audience", audience]);
    assert.deepEqual([code, stderr], [0, ""]);
    await run(UNSTUCK, ["build", "kb", "--out", theirs, "--audience", audience]);
    assert.deepEqual(await contents(own), await contents(theirs));
  }
});

for (const args of [
  ["check", "kb"],
  ["check", "kb", "--format", "json"],
  ["eval", "kb", "tests/search/queries.jsonl", "--json"],
  ["search", "kb", "card billed two times"],
  ["search", "kb", "qqqq zzzz"],
  ["check", "nowhere"],
  ["build", "kb"],
  ["check", "--help"],
  ["import", "--help"],
  ["serve", "--help"],
  ["serve", "nowhere"],
  ["serve", "kb", "--port", "70000"],
  ["serve", "kb", "kb", "--lively"],
  ["serve", "kb", "--widget", "docs"],
  ["--version"],
]) {
  test(`Its command says what the native one says, and ends as it does: unstuck ${args.join(" ")}`, async () => {
    assert.deepEqual(await command(args), await native(args));
  });
}

test("Its command reads and writes where it is called, and names the place of a mistake", async () => {
  const here = await folder();
  await mkdir(join(here, "kb"));
  await writeFile(join(here, "kb", "printing.md"), "# Printing\n\n| Symptom | Fix |\n|---|---|\n| No paper | |\n");
  const { stdout, code } = await command(["check"], here);
  assert.equal(code, 1);
  assert.match(stdout, /missing-resolution[^]*printing\.md:5/);
  assert.deepEqual(await command(["check"], here), await native(["check"], here));
  await writeFile(join(here, "kb", "printing.md"), "# Printing\n\n| Symptom | Fix |\n|---|---|\n| No paper | Fill the tray. |\n");
  assert.equal((await command(["build", "--out", "out"], here)).code, 0);
  assert.match(await readFile(join(here, "out", "customer.entries.json"), "utf8"), /Fill the tray\./);
  // Again, over what is there.
  await writeFile(join(here, "kb", "printing.md"), "# Printing\n\n| Symptom | Fix |\n|---|---|\n| No paper | Load the tray. |\n");
  assert.deepEqual(await command(["build", "--out", "out"], here), await native(["build", "--out", "out"], here));
  assert.match(await readFile(join(here, "out", "customer.entries.json"), "utf8"), /Load the tray\./);
});

test("Its command follows `..` and links, and makes one page with everything in it", async () => {
  const here = await folder();
  await mkdir(join(here, "a", "b"), { recursive: true });
  assert.equal((await command(["new", "../kb"], join(here, "a"))).code, 0);
  await symlink("../../kb", join(here, "a", "b", "linked"));
  for (const kb of ["../../kb", "../b/../../kb", join(here, "a", "..", "kb"), "linked"]) {
    assert.deepEqual(await command(["check", kb], join(here, "a", "b")), await native(["check", kb], join(here, "a", "b")), kb);
  }
  assert.equal((await command(["build", "../kb", "--out=../out", "--single-file"], join(here, "a"))).code, 0);
  assert.match(await readFile(join(here, "out", "customer.single.html"), "utf8"), /<unstuck-help/);
});

/** `unstuck serve` of the package or of the native program, from its first word to its last. */
async function serving(args, { of = "package", cwd = process.cwd() } = {}) {
  const [program, ...first] = of === "native" ? [UNSTUCK] : (await installed()).command;
  const child = spawn(program, [...first, "serve", ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  after(() => child.kill("SIGKILL"));
  const said = { stdout: "", stderr: "" };
  for (const it of ["stdout", "stderr"]) child[it].on("data", (chunk) => (said[it] += chunk));
  const ended = new Promise((done) => child.once("close", (code, signal) => done({ ...said, code, signal })));
  await Promise.race([ended, eventually(() => assert.match(said.stdout, /preview\/\n/))]);
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(said.stdout)?.[1]);
  return { said, port, ended, end: (signal) => (child.kill(signal), ended) };
}

/** What a server answers to the very bytes of a request. */
function answered(port, target, { host = `127.0.0.1:${port}`, method = "GET" } = {}) {
  return new Promise((done, failed) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(`${method} ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`));
    const chunks = [];
    socket.on("data", (it) => chunks.push(it)).once("error", failed).once("close", () => {
      const text = Buffer.concat(chunks).toString("latin1");
      const [head, ...body] = text.split("\r\n\r\n");
      const header = (name) => new RegExp(`^${name}: (.*)$`, "im").exec(head)?.[1].replace(/;.*/, "");
      done({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]), kind: header("content-type"), location: header("location"), policy: header("content-security-policy"), body: body.join("\r\n\r\n") });
    });
  });
}

test("Its server says and answers what the native one does, and lets nobody else in", async () => {
  const widget = await copy();
  const args = ["kb", "--widget", widget, "--examples", "examples", "--port", "0"];
  const [own, theirs] = [await serving(args), await serving(args, { of: "native" })];
  const plain = ({ said, port }) => said.stdout.replaceAll(String(port), "PORT");
  // The pages that come after the preview may not be there yet.
  await eventually(() => assert.match(own.said.stdout + theirs.said.stdout, /billing[^]*billing\.html\n[^]*billing\.html\n/));
  assert.equal(plain(own), plain(theirs));
  const shown = async ({ port }) => JSON.parse((await answered(port, "/preview/state.json")).body).shown;
  const versions = [await shown(own), await shown(theirs)];
  const query = "q=card%20billed+twice&audience=staff&lang=en";
  for (const [target, status, options] of [
    ["/", 200],
    ["/index.html", 200],
    ["/preview", 308],
    ["/preview/", 200],
    ["/preview/page.js", 200],
    ["/preview/page.css", 200],
    ["/preview/icon.svg", 200],
    ["/preview/nothing", 404],
    [`/preview/search.json?${query}`, 200],
    ["/preview/search.json?q=%C3%A9%26", 200],
    ["/preview/search.json", 200],
    ["/preview/kb/VERSION/customer.json", 200],
    ["/preview/kb/VERSION/customer.html", 200],
    ["/preview/kb/VERSION/../state.json", 404],
    ["/preview/kb/1/customer.json", 404],
    ["/preview/state.json", 403, { host: "elsewhere.example" }],
    ["/preview/events", 403, { host: "elsewhere.example" }],
    ["/preview/page.js", 200, { host: "localhost" }],
    ["/preview/page.js", 200, { method: "HEAD" }],
    ["/preview/page.js", 405, { method: "POST" }],
    ["/unstuck/unstuck.js", 200],
    ["/unstuck/unstuck.wasm", 200],
    ["/unstuck/kb/customer.json", 200],
    ["/kb", 307],
    ["/unstuck/nothing.js", 404],
    ["/unstuck/..%2f..%2fetc/passwd", 404],
    ["/unstuck/../../../../../../etc/passwd", 404],
    ["/unstuck/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd", 404],
    ["/unstuck/..%5c..%5cetc%5cpasswd", 404],
    ["/unstuck/%2fetc/passwd", 404],
    ["/examples/../Cargo.toml", 404],
    ["/examples/%00", 404],
    ["/examples/portal.html", 200],
    ["/examples/react/package.json", 200],
    ["/nothing", 404],
    ["/previews", 404],
  ]) {
    const [ours, native] = await Promise.all([own, theirs].map(({ port }, at) => answered(port, target.replace("VERSION", versions[at]), options)));
    assert.equal(ours.status, status, target);
    assert.equal(native.status, status, target);
    // What leads elsewhere or refuses needs no words.
    if (status < 300) assert.deepEqual(ours, native, target);
    else assert.equal(ours.location, native.location, target);
  }
  assert.deepEqual([await answered(own.port, "/%ff")].map((it) => it.status), [400]);
  // What is read is this machine's business.
  await assert.rejects(new Promise((done, failed) => connect(own.port, "127.0.0.2", done).once("error", failed)), { code: "ECONNREFUSED" });
  await Promise.all([own, theirs].map((it) => it.end("SIGKILL")));
});

test("Its server tells whoever listens of each version", async () => {
  const here = await folder();
  assert.equal((await command(["new", "kb"], here)).code, 0);
  const server = await serving(["--port", "0"], { cwd: here });
  const { body } = await fetch(`http://127.0.0.1:${server.port}/preview/events`);
  const seen = [];
  const listening = (async () => {
    for await (const it of body.pipeThrough(new TextDecoderStream())) seen.push(it);
  })();
  await eventually(() => assert.equal(seen.length, 1));
  await writeFile(join(here, "kb", "coffee.md"), "# Coffee\n\n| Symptom | Cause | Fix |\n|---|---|---|\n| Coffee is cold | The plate is off | Switch it on |\n");
  await eventually(() => assert.ok(seen.length > 1));
  for (const it of seen) assert.match(it, /^data: \d{13}\n\n$/);
  const broken = assert.rejects(listening);
  await server.end("SIGINT");
  await broken;
});

test("A port that is taken is named as by the native server, and Control and C ends it without a word", async () => {
  const taken = createServer();
  await new Promise((done) => taken.listen(0, "127.0.0.1", done));
  const args = ["kb", "--widget", await copy(), "--port", String(taken.address().port)];
  const [own, theirs] = await Promise.all(["package", "native"].map(async (of) => (await serving(args, { of })).ended));
  assert.deepEqual(own, theirs);
  assert.deepEqual([own.stdout, own.code], ["", 2]);
  assert.match(own.stderr, /^unstuck: cannot listen on 127\.0\.0\.1:\d+; try another --port: Address already in use/);
  await new Promise((done) => taken.close(done));
  for (const of of ["package", "native"]) {
    const { stderr, code, signal } = await (await serving(args, { of })).end("SIGINT");
    assert.deepEqual([stderr, code, signal], ["", null, "SIGINT"], of);
  }
});

test("No path of the machine that built it is in the command", async () => {
  const program = await readFile(join(project, "node_modules/unstuck/unstuck-command.wasm"), "latin1");
  for (const it of [homedir(), resolve("."), "/registry/"]) assert.ok(!program.includes(it), it);
});

test("Importing it on a server neither throws nor says nor does anything", async () => {
  const { stdout, stderr } = await node(`
    const before = Object.keys(globalThis).length;
    globalThis.fetch = () => { throw new Error("something was fetched") };
    await import("unstuck");
    const { UnstuckHelp } = await import("unstuck/element.js");
    UnstuckHelp.define();
    console.log(Object.keys(globalThis).length - before);
  `);
  assert.deepEqual([stdout, stderr], ["0\n", ""]);
});

test("Its types are found as bundlers and as Node find them", async () => {
  await writeFile(
    join(project, "page.ts"),
    `import "unstuck";
import { UnstuckHelp, type UnstuckHit } from "unstuck/element.js";
UnstuckHelp.define("our-help");
const help: UnstuckHelp | null = document.querySelector("unstuck-help");
const hits: Promise<UnstuckHit[]> | undefined = help?.search("captcha");
// @ts-expect-error no such event
help?.addEventListener("unstuck-solved", ({ detail }) => detail.id);
export { hits };
`,
  );
  const tsc = resolve("node_modules/.bin/tsc");
  for (const how of [["esnext", "bundler"], ["nodenext", "nodenext"]]) {
    const [module, resolution] = how;
    const args = ["--noEmit", "--strict", "--target", "es2022", "--module", module, "--moduleResolution", resolution, "page.ts"];
    await run(tsc, args, { cwd: project }).catch((error) => assert.fail(`${resolution}: ${error.stdout}`));
  }
});

test("Its folder served as it is works without a bundler", async () => {
  const folder = "node_modules/unstuck";
  await writeFile(
    join(project, "index.html"),
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>Portal</title><link rel="icon" href="${folder}/kb/images/contact-options.svg">
<script type="module" async src="${folder}/unstuck.js"></script><h1>Portal</h1><unstuck-help id="help" area="billing"></unstuck-help>`,
  );
  const page = await site({ widget: join(project, folder), examples: project }).open("/examples/index.html");
  await checkResults(page.locator("#help"), BILLING);
  await finish(page);
});
