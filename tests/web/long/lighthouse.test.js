// What Lighthouse says of the help centre. It is installed for this alone: it
// brings more packages than everything else here together.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { folder, site } from "../harness.js";

const run = promisify(execFile);
const VERSION = "12.8.2";
const built = site();

test("The help centre has 100 of 100 for accessibility, best practices and search engines", { timeout: 600_000 }, async () => {
  const cwd = await folder();
  await writeFile(join(cwd, "package.json"), JSON.stringify({ private: true, dependencies: { lighthouse: VERSION } }));
  await run("npm", ["install", "--no-fund", "--no-audit"], { cwd });
  const report = join(cwd, "report.json");
  const args = [`${await built.origin()}/`, "--quiet", "--chrome-flags=--headless=new --no-sandbox", "--output=json", `--output-path=${report}`, "--only-categories=accessibility,best-practices,seo,performance"];
  await run(join(cwd, "node_modules/.bin/lighthouse"), args, { cwd, env: { ...process.env, CHROME_PATH: process.env.CHROMIUM ?? "/usr/bin/chromium" } });
  const { categories } = JSON.parse(await readFile(report, "utf8"));
  const scores = Object.fromEntries(Object.values(categories).map((it) => [it.id, Math.round(it.score * 100)]));
  // A number for whoever reads on: it is the machine's as well as the page's.
  console.log(`performance: ${scores.performance}`);
  delete scores.performance;
  assert.deepEqual(scores, { accessibility: 100, "best-practices": 100, seo: 100 });
});
