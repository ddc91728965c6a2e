// The package for npm, as `cargo xtask package` packs it: installed from its
// file, imported, type-checked and served as it is. The frameworks that import
// it are in long/frameworks.test.js.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { before, test } from "node:test";
import { promisify } from "node:util";
import { BILLING, PACKAGE, POLICY, checkResults, finish, folder, site } from "./harness.js";

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
    "LICENSE", "README.md", "custom-elements.json", "docs/hosting.md", "docs/nginx.conf", "element.d.ts", "element.js", "frame.js", "integrity.json",
    "package.json", "page.js", "print.js", "rescue.js", "unstuck.d.ts", "unstuck.js", "unstuck.wasm", "watch.js", "widget.js", "words.js",
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
