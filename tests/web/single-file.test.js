// The knowledge base and the whole widget in one page, opened from a disk.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { UNSTUCK, button, checkNumber, events, finish, folder, openAnswer, openFound, requests, search, visit } from "./harness.js";

async function built() {
  const out = await folder();
  const { stdout } = await promisify(execFile)(UNSTUCK, ["build", "kb", "--out", out, "--single-file"]);
  return { file: join(out, "customer.single.html"), stdout };
}

test("Opened from a disk: search, steps, pictures and a link, with nothing fetched", async () => {
  const { file } = await built();
  const page = await visit(`file://${file}`);
  const help = page.locator("unstuck-help");
  await checkNumber(help, 20);
  await search(help, "charged twice");
  await openAnswer(help, "Charged twice");
  await search(help, "clearing a stuck contact");
  await openFound(help, "Clearing a stuck contact");
  await button(help, "All steps at once").click();
  const image = help.getByRole("img").first();
  await image.scrollIntoViewIfNeeded();
  await image.evaluate((it) => it.decode());
  assert.match(await page.evaluate(() => location.hash), /^#unstuck=stuck-contacts-clearing-a-stuck-contact/);
  assert.deepEqual(await events(page, "error"), []);
  assert.deepEqual(requests(page).filter((it) => !it.startsWith("data:")), [`file://${file}`]);
  await finish(page);
});

test("Its policy allows one script, whose hash the build prints", async () => {
  const { file, stdout } = await built();
  const html = await readFile(file, "utf8");
  const script = /<script type="module">([^]*)<\/script>/.exec(html)[1];
  const hash = `'sha256-${createHash("sha256").update(script).digest("base64")}'`;
  assert.ok(stdout.includes(hash), stdout);
  assert.match(html, new RegExp(`script-src ${hash.replace(/[+/]/g, "\\$&")} 'wasm-unsafe-eval'`));
  // The script is the same whatever the knowledge base says.
  assert.equal(script, (await readFile("dist/standalone.js", "utf8")));
  assert.ok((await readdir(join(file, ".."))).includes("customer.json"), "the other files are there as well");
});

test("Without WebAssembly it has the plain list, without script all answers", async () => {
  const { file } = await built();
  const page = await visit(`file://${file}`, { flags: ["--js-flags=--jitless"] });
  await page.locator("unstuck-help .rescue summary").first().waitFor();
  assert.equal(await page.locator("unstuck-help .rescue summary").count(), 43);
  await finish(page);
  const plain = await visit(`file://${file}`, { javaScriptEnabled: false });
  assert.equal(await plain.locator("summary:visible").count(), 43);
  await plain.context().close();
});
