// What the widget costs the page that needs it most: all that the login page
// downloads for it, compressed as a good server does.
import assert from "node:assert/strict";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";
import { checkNumber, finish, requests, site } from "./harness.js";

/** The budget, and what it was when somebody last looked: UPDATE_SIZES=1 writes the present sizes there. */
const FILE = new URL("size.json", import.meta.url);

const built = site();

/** Everything that is not the page's own, as the server gives it. Name and bytes. */
async function downloads(lang = "en") {
  const prepare = (page) => page.addInitScript((lang) => document.addEventListener("readystatechange", () => (document.documentElement.lang = lang)), lang);
  const page = await built.open("/examples/login.html", { prepare });
  await checkNumber(page, 5);
  const paths = requests(page).filter((it) => !it.startsWith("/examples/"));
  const bodies = await Promise.all(
    paths.map(async (path) => {
      const response = await fetch((await built.origin()) + path);
      assert.ok(response.ok, path);
      return [path.slice(1).replace(/[0-9a-f]{16}/, "*"), Buffer.from(await response.arrayBuffer())];
    }),
  );
  await finish(page);
  return bodies;
}

function compressed(bytes) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return brotliCompressSync(bytes, { params }).length;
}

test("All that the login page loads for the widget fits the budget", async () => {
  const { budget, eager, rescue, last } = JSON.parse(await readFile(FILE, "utf8"));
  const sizes = Object.fromEntries((await downloads()).map(([name, bytes]) => [name, compressed(bytes)]).toSorted());
  assert.deepEqual(Object.keys(sizes), ["element.js", "kb/*.bin", "kb/customer.json", "unstuck.js", "unstuck.wasm", "watch.js", "widget.js"]);
  const sum = (it) => Object.values(it).reduce((a, b) => a + b, 0);
  const line = (name, size, before) => {
    const change = before === undefined ? "new" : size === before ? "" : `${size > before ? "+" : "−"}${Math.abs(size - before)}`;
    return `${name.padEnd(18)}${String(size).padStart(8)}  ${change}`.trimEnd();
  };
  const total = sum(sizes);
  console.log(
    [
      "for the widget on the login page, bytes after brotli, and the change since it was last noted:",
      ...Object.entries(sizes).map(([name, size]) => line(name, size, last[name])),
      line("total", total, Object.keys(last).length ? sum(last) : undefined),
      line("budget", budget, budget),
    ].join("\n"),
  );
  if (process.env.UPDATE_SIZES === "1") await writeFile(FILE, `${JSON.stringify({ budget, eager, rescue, last: sizes }, null, 2)}\n`);
  assert.ok(total <= budget, `${total} bytes are ${total - budget} more than the budget of ${budget}`);
  const first = sizes["unstuck.js"] + sizes["element.js"];
  console.log(line("before it is used", first, eager));
  assert.ok(first <= eager, `${first} bytes before anybody needs help are more than ${eager}`);
});

test("In Spanish, too, all that the login page loads fits the budget", async () => {
  const { budget } = JSON.parse(await readFile(FILE, "utf8"));
  const sizes = Object.fromEntries((await downloads("es")).map(([name, bytes]) => [name, compressed(bytes)]).toSorted());
  assert.deepEqual(Object.keys(sizes), ["element.js", "kb/*.bin", "kb/customer.json", "unstuck.js", "unstuck.wasm", "watch.js", "widget.js", "words.js", "words/es.js"]);
  const total = Object.values(sizes).reduce((a, b) => a + b, 0);
  console.log(`in Spanish${String(total).padStart(16)}  ${sizes["kb/*.bin"]} of them the knowledge base, ${sizes["words.js"] + sizes["words/es.js"]} the words`);
  assert.ok(total <= budget, `${total} bytes are more than ${budget}`);
});

test("What is loaded when the widget cannot be is small", async () => {
  const { rescue } = JSON.parse(await readFile(FILE, "utf8"));
  const size = compressed(await readFile("dist/rescue.js"));
  console.log(`rescue.js${String(size).padStart(17)}  of ${rescue}`);
  assert.ok(size <= rescue, `${size} bytes are more than ${rescue}`);
});

test("What the compiler costs who asks for it is told", async () => {
  for (const name of ["compiler.wasm", "compiler.js", "workbench.html", "workbench.css", "workbench.js", "workbench-worker.js"]) {
    const bytes = await readFile(`dist/${name}`);
    console.log(`${name.padEnd(20)}${String(bytes.length).padStart(9)}${String(compressed(bytes)).padStart(9)} after brotli`);
  }
});

test("The scripts contain nothing that a strict policy forbids", async () => {
  const names = (await readdir("dist")).filter((it) => it.endsWith(".js"));
  assert.deepEqual(names.toSorted(), ["compiler.js", "element.js", "frame.js", "page.js", "print.js", "rescue.js", "standalone.js", "unstuck.js", "watch.js", "widget.js", "words.js", "workbench-worker.js", "workbench.js"]);
  for (const name of names) {
    const text = await readFile(`dist/${name}`, "utf8");
    for (const word of ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "<style"]) {
      assert.ok(!text.includes(word), `${name} contains ${word}`);
    }
  }
});
