// What is shipped, file by file: that it tells nothing about the machine that
// built it, and that the licences of what is in it go along. That two builds
// give the same files is shown by `cargo xtask reproduce`.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { homedir, hostname, tmpdir, userInfo } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";

const PACKAGE = resolve(process.env.PACKAGE ?? "target/package/unstuck-0.1.0.tgz");

/** The files below a folder, path and bytes. */
async function below(folder) {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((it) => it.isFile());
  return Promise.all(files.map(async (it) => ({ path: join(it.parentPath, it.name), bytes: await readFile(join(it.parentPath, it.name)) })));
}

/** What a package for npm has of each file: blocks of 512 bytes, a header before each file. */
async function packed() {
  const tar = gunzipSync(await readFile(PACKAGE));
  const files = [];
  for (let at = 0; tar[at]; ) {
    const field = (from, to) => tar.toString("latin1", at + from, at + to).replace(/[\0 ]+$/, "");
    const [mode, user, group, size, time] = [[100, 108], [108, 116], [116, 124], [124, 136], [136, 148]].map(([from, to]) => parseInt(field(from, to) || "0", 8));
    const body = at + 512;
    files.push({ path: field(0, 100), mode, user, group, time, names: field(265, 329), bytes: tar.subarray(body, body + size) });
    at = body + Math.ceil(size / 512) * 512;
  }
  return files;
}

const built = await below("dist");
const inPackage = await packed();

/** Words that only this machine, this day or this person could have put there. */
function words() {
  const days = [0, 1].map((ago) => new Date(Date.now() - ago * 86_400_000));
  const of = (options) => days.map((it) => it.toLocaleDateString("en-US", { timeZone: "UTC", ...options }));
  const dates = [...days.map((it) => it.toISOString().slice(0, 10)), ...of({ month: "short", day: "numeric", year: "numeric" }), ...of({ month: "long", day: "numeric", year: "numeric" })];
  const folders = [process.cwd(), resolve("target"), tmpdir(), homedir(), process.env.CARGO_HOME, process.env.RUSTUP_HOME].filter((it) => it?.length > 1).map((it) => `${it}/`);
  const names = [`/${userInfo().username}/`, ...(hostname().length > 6 && !hostname().startsWith("localhost") ? [hostname()] : [])];
  return { dates, places: [...folders, ...names] };
}

/** What authors write may name a day: then it is theirs. */
const sources = [...(await below("kb")), ...(await below("docs"))].filter((it) => /\.(md|toml)$/.test(it.path)).map((it) => it.bytes.toString());

test("Nothing that is shipped says where, when or by whom it was built", () => {
  const { dates, places } = words();
  const own = dates.filter((date) => sources.some((it) => it.includes(date)));
  const told = [...places, ...dates.filter((it) => !own.includes(it))];
  const patterns = [/\/(home|Users)\/[\w.-]+\//, /[A-Z]:\\+Users\\/, /\/registry\/src\//, /\/\.(cargo|rustup)\//, /node_modules\/\.bin/];
  assert.ok(built.length > 50 && inPackage.length > 50, `${built.length} and ${inPackage.length} files`);
  for (const { path, bytes } of [...built, ...inPackage]) {
    const text = bytes.toString("latin1");
    for (const it of told) assert.ok(!text.includes(it), `${path} tells ${it}`);
    for (const it of patterns) assert.doesNotMatch(text, it, path);
  }
});

test("A file in the package has the same time, owner and rights whoever packs it", () => {
  for (const { path, mode, user, group, time, names } of inPackage) {
    assert.ok(mode === 0o644 || (mode === 0o755 && path === "package/unstuck-command.js"), `${path} has the mode ${mode.toString(8)}`);
    assert.deepEqual([user, group, names.replaceAll("\0", "")], [0, 0, ""], path);
    assert.equal(time, inPackage[0].time, path);
  }
  assert.ok(inPackage[0].time < Date.UTC(1990, 0) / 1000, "npm's own time, and not that of a file");
});

test("The licences of what is built go along with it, and no page loads them", async () => {
  const list = await readFile("THIRD-PARTY.txt", "utf8");
  for (const name of ["leptos 0.", "wasm-bindgen 0.", "pulldown-cmark 0.", "clap 4.", "@tybys/wasm-util 0.", "Rust's standard library", "wasi-libc: musl"]) {
    assert.match(list, new RegExp(`^${name.replaceAll(".", "\\.")}`, "m"));
  }
  // What only compiles or serves is in nothing.
  for (const name of ["leptos_macro", "serde_derive", "axum", "tokio", "walrus"]) assert.ok(!list.includes(`\n${name} `), name);
  const of = (files, path) => files.find((it) => it.path === path)?.bytes.toString();
  assert.ok(of(built, "dist/THIRD-PARTY.txt") === list, "not in dist/, or another");
  assert.ok(of(inPackage, "package/THIRD-PARTY.txt") === list, "not in the package, or another");
  const comment = list.trim().split("\n").map((it) => (it ? `// ${it}` : "//")).join("\n");
  const holders = built.filter((it) => it.path.endsWith(".js") && it.bytes.includes(comment)).map((it) => it.path);
  assert.deepEqual(holders, ["dist/standalone.js"]);
});
