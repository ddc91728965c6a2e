// The package for npm, as `cargo xtask package` packs it: installed from its
// file, imported, type-checked and served as it is. The frameworks that import
// it are in long/frameworks.test.js.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readFile, readdir, symlink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { before, test } from "node:test";
import { promisify } from "node:util";
import { BILLING, PACKAGE, POLICY, UNSTUCK, checkResults, finish, folder, site } from "./harness.js";

const run = promisify(execFile);

/** A project that has the package installed and nothing else. */
let project;
before(async () => {
  project = await folder();
  await writeFile(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
  // It needs no other package, so nothing is asked of anybody.
  await run("npm", ["install", "--offline", "--no-fund", "--no-audit", PACKAGE], { cwd: project });
});

const node = (script) => run(process.execPath, ["--input-type=module", "--eval", script], { cwd: project });

test("It has what a page loads, with types, hashes and texts, and no source", async () => {
  const { stdout } = await run("tar", ["tzf", PACKAGE]);
  const names = stdout.trim().split("\n").map((it) => it.replace("package/", "")).filter((it) => !/^(kb|words)\//.test(it));
  assert.deepEqual(names.toSorted(), [
    "LICENSE", "README.md", "compiler.js", "compiler.wasm", "custom-elements.json", "docs/authoring.md", "docs/diagnostics.md", "docs/events.md", "docs/hosting.md", "docs/nginx.conf", "docs/publishing.md", "element.d.ts", "element.js", "frame.js", "integrity.json", "knowledge-base.schema.json",
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

test("Its command says that it has no server", async () => {
  const { stderr, code } = await command(["serve", "kb", "--port", "0"]);
  assert.equal(code, 2);
  assert.match(stderr, /the program for Node has no `serve`/);
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
