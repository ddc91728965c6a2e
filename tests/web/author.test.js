// docs/authoring.md with nothing but Node: what it says is done word by word, in
// an empty folder with the package beside it, where no other program can be
// found. tests/cli/docs.rs does the same with the native program.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { appendFile, copyFile, mkdir, readFile, readdir, symlink, writeFile } from "node:fs/promises";
import { basename, delimiter, join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { PACKAGE, checkNumber, checkOpenIs, eventually, finish, folder, openAnswer, search, steps, visit } from "./harness.js";

const where = async (name) => {
  for (const it of process.env.PATH.split(delimiter)) if ((await readdir(it).catch(() => [])).includes(name)) return join(it, name);
  return assert.fail(`there is no ${name}`);
};

/** A folder of programs with Node's in it, and the shell that npm asks for. */
async function programs() {
  const path = await folder();
  for (const it of ["node", "npm", "npx", "sh"]) await symlink(await where(it), join(path, it));
  return path;
}

/** Somebody at a terminal in a folder. */
async function person() {
  const at = await folder();
  const home = await folder();
  // Nothing is asked of the network, which has nothing to do with it.
  const env = { PATH: await programs(), HOME: home, npm_config_offline: "true", npm_config_audit: "false", npm_config_fund: "false", npm_config_update_notifier: "false" };
  const run = promisify(execFile);
  /** Types a line; what it says, with what went wrong. */
  const type = async (line) => {
    const { stdout, stderr } = await run("sh", ["-c", line], { cwd: at, env }).catch((error) => assert.fail(`${line}\n${error.stdout}${error.stderr}`));
    return stdout + stderr;
  };
  /** Types a line that goes on until Control and C: the address that it prints, and its end. */
  const start = async (line) => {
    const child = spawn("sh", ["-c", line], { cwd: at, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const said = { stdout: "", stderr: "" };
    for (const it of ["stdout", "stderr"]) child[it].on("data", (chunk) => (said[it] += chunk));
    const ended = new Promise((done) => child.once("close", () => done(said)));
    // As a terminal does: it reaches all that the line started.
    const end = (signal) => {
      if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, signal);
      return ended;
    };
    after(() => end("SIGKILL"));
    await eventually(() => assert.match(said.stdout, /^preview +http:\S+\n$/, said.stderr));
    return { address: said.stdout.split(/\s+/)[1], end };
  };
  return { at, type, start };
}

/** The blocks of code of the page, each with the last line of text before it. */
async function blocks() {
  const text = await readFile("docs/authoring.md", "utf8");
  const found = [];
  let before;
  for (const [, kind, code, line] of text.matchAll(/^```(\w+)\n(.*?)^```$|^([^\n]+)$/gms)) {
    if (kind) found.push({ before, kind, code });
    else before = line;
  }
  return found;
}

/** Changes a file that is there. */
async function change(path, how) {
  const text = await readFile(path, "utf8");
  const changed = how(text);
  assert.notEqual(changed, text, path);
  await writeFile(path, changed);
}

/** The name by which the page calls the package. */
const FILE = basename(PACKAGE);

/** In place of `unstuck`, as the page says. */
const typed = (line) => line.replace(/^unstuck/, "npx unstuck");

test("Whoever has Node and nothing else makes, checks, measures and publishes answers, and sees them as they are written", async (t) => {
  const { at, type, start } = await person();
  await copyFile(PACKAGE, join(at, FILE));
  const event = { type: "unstuck-no-match", time: 1, detail: { query: "bicycle", area: null } };
  await writeFile(join(at, "events.jsonl"), `${JSON.stringify(event)}\n`);
  const begun = performance.now();
  const lines = [];
  for (const { before, kind, code } of await blocks()) {
    const isBeside = before.includes("beside the folder `kb`");
    const path = join(at, isBeside ? "." : "kb", before.split("`")[1] ?? "");
    const [first] = before.split(" ");
    if (kind === "sh") {
      for (const line of code.trim().split("\n")) {
        lines.push(line);
        if (!line.startsWith("unstuck serve")) {
          await type(typed(line));
          continue;
        }
        const { address, end } = await start(`${typed(line)} --port 0`);
        const page = await visit(address);
        await checkNumber(page.locator("unstuck-help"), 6);
        t.diagnostic(`a new knowledge base is in the browser after ${((performance.now() - begun) / 1000).toFixed(1)} s`);
        await finish(page);
        assert.equal((await end("SIGINT")).stderr, "");
      }
    } else if (first === "Save") await writeFile(path, code);
    else if (first === "Add" && kind === "markdown") await appendFile(path, `\n${code}`);
    else if (first === "Add") {
      const anchor = `\n${before.split("`").at(-2)}\n`;
      await change(path, (it) => it.replace(anchor, `${anchor}${code}`));
    } else {
      assert.equal(first, "In", before);
      const key = code.split("=")[0];
      await change(path, (it) => it.split("\n").map((line) => (line.startsWith(key) ? code.trimEnd() : line)).join("\n"));
    }
  }
  for (const it of ["new", "import", "serve", "search", "check", "eval", "build", "gaps"]) assert.ok(lines.some((line) => line.startsWith(`unstuck ${it}`)), it);
  assert.match(await type(typed("unstuck check --deny-warnings")), /11 entries in 5 areas, 0 errors, 0 warnings/);
  assert.match(await readFile(join(at, "site/kb/customer.json"), "utf8"), /"en"/);
  assert.match(await readFile(join(at, "site/kb/customer.single.html"), "utf8"), /The coffee is cold/);

  // What was written is in the browser, and what is saved now a moment later.
  const { address, end } = await start(`${typed("unstuck serve")} --port 0`);
  const page = await visit(address);
  const help = page.locator("unstuck-help");
  await search(help, "freezing at my desk");
  await checkOpenIs(help, "The office is cold in the morning");
  await search(help, "");
  const row = await openAnswer(help, "The coffee is cold");
  assert.match(await steps(row).first().textContent(), /Switch the plate on/);
  await change(join(at, "kb/coffee.md"), (it) => it.replace("Switch the plate on;", "Push the green switch;"));
  await eventually(async () => assert.match(await steps(row).first().textContent(), /Push the green switch/));
  await change(join(at, "kb/coffee.md"), (it) => it.replace(/Push the green switch;[^|]*/, ""));
  await page.locator("#entry").getByText('"The coffee is cold" has no resolution').waitFor();
  await finish(page);
  assert.equal((await end("SIGINT")).stderr, "");
  t.diagnostic(`all of the page is done after ${((performance.now() - begun) / 1000).toFixed(1)} s`);
});

test("Its file alone will do, without installing it", async () => {
  const { at, type, start } = await person();
  await mkdir(join(at, "kb"));
  await copyFile(PACKAGE, join(at, FILE));
  await writeFile(join(at, "kb", "coffee.md"), "# Coffee\n\n| Symptom | Cause | Fix |\n|---|---|---|\n| The coffee is cold | The plate is off | Switch it on |\n");
  assert.match(await type(`npx --yes ./${FILE} check`), /1 entry in 1 area, 0 errors/);
  const { address, end } = await start(`npx --yes ./${FILE} serve --port 0`);
  assert.equal((await fetch(new URL("/unstuck/unstuck.js", address))).status, 200);
  assert.equal((await end("SIGINT")).stderr, "");
});
